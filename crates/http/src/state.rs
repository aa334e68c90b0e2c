//! What every handler can reach.

use crate::limits::Limits;
use crate::passwords::Passwords;
use crate::tokens::Signer;
use macaw_app::{Assigner, Clock, Conversations, Directory, Files, Messages, Sites, Store};
use macaw_gateway::Gateway;
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
    /// Names.
    pub directory: Arc<Directory>,
    /// Sending.
    pub messages: Arc<Messages>,
    /// Uploading and opening files.
    pub files: Arc<Files>,
    /// Looking and changing.
    pub conversations: Arc<Conversations>,
    /// Woken when an agent becomes available.
    pub assigner: Arc<Assigner>,
    /// Live connections.
    pub gateway: Arc<Gateway>,
    /// Visitor tokens.
    pub signer: Signer,
    /// Password hashing.
    pub passwords: Passwords,
    /// Rate limits on.
    pub limits: bool,
    /// `/demo` is served.
    pub demo: bool,
}

pub(crate) struct Inner {
    parts: Parts,
    pub(crate) limiter: Limits,
    draining: AtomicBool,
}

/// What every handler can reach.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl App {
    /// Over these parts.
    pub fn new(parts: Parts) -> Self {
        let limiter = Limits::new(parts.limits);
        Self(Arc::new(Inner { parts, limiter, draining: AtomicBool::new(false) }))
    }

    /// `/readyz` says no from now on, and no new socket is accepted.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Acquire)
    }

    pub(crate) fn limiter(&self) -> &Limits {
        &self.0.limiter
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
