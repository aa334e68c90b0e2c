//! What every handler can reach.

use crate::figures::Figures;
use crate::limits::Limiter;
use crate::passwords::Passwords;
use crate::proxies::Edge;
use crate::tokens::Signer;
use hyper::upgrade::Upgraded;
use macaw_app::{
    Assigner, Canned, Clock, Conversations, Desks, Directory, Files, FirstSteps, Knowledge, Limits, Messages, Sites,
    Store, TenantEngines, TenantRules, Tenants,
};
use macaw_gateway::{Bare, Gateway};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The parts, made by the wiring.
pub struct Parts {
    /// Time and ids.
    pub clock: Arc<dyn Clock>,
    /// Durable truth.
    pub store: Arc<dyn Store>,
    /// Sites.
    pub sites: Arc<Sites>,
    /// Which tenants there are, and which are suspended.
    pub tenants: Arc<Tenants>,
    /// How far a new tenant has come.
    pub first_steps: Arc<FirstSteps>,
    /// Names.
    pub directory: Arc<Directory>,
    /// Sending.
    pub messages: Arc<Messages>,
    /// Uploading and opening files.
    pub files: Arc<Files>,
    /// Looking and changing.
    pub conversations: Arc<Conversations>,
    /// What agents write beforehand.
    pub canned: Arc<Canned>,
    /// Tags, settings of the desk, what agents have begun to write.
    pub desks: Arc<Desks>,
    /// What the built-in engine answers from.
    pub knowledge: Arc<Knowledge>,
    /// What a tenant configures to answer besides.
    pub engines: Arc<TenantEngines>,
    /// Which engine a question goes to, as tenants want it.
    pub rules: Arc<TenantRules>,
    /// Woken when an agent becomes available.
    pub assigner: Arc<Assigner>,
    /// Live connections.
    pub gateway: Arc<Gateway>,
    /// Visitor tokens.
    pub signer: Signer,
    /// Password hashing.
    pub passwords: Passwords,
    /// Who answers first at a new site; `None` for the agents.
    pub first_engine: Option<String>,
    /// Anybody may make a tenant of their own.
    pub sign_up: bool,
    /// What is configured about the way in.
    pub edge: Edge,
    /// What `/metrics` shows.
    pub figures: Arc<Figures>,
    /// How much anybody may ask for.
    pub limits: Arc<Limits>,
    /// `/demo` is served.
    pub demo: bool,
    /// Takes the socket back out of a connection that was upgraded; `None` for one that the listener did not make.
    pub bare: fn(Upgraded) -> Option<Bare>,
}

pub(crate) struct Inner {
    parts: Parts,
    pub(crate) limiter: Limiter,
    draining: AtomicBool,
}

/// What every handler can reach.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl App {
    /// Over these parts.
    pub fn new(parts: Parts) -> Self {
        let limiter = Limiter { limits: parts.limits.clone(), clock: parts.clock.clone() };
        Self(Arc::new(Inner { parts, limiter, draining: AtomicBool::new(false) }))
    }

    /// `/readyz` says no from now on, and no new socket is accepted.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Acquire)
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
