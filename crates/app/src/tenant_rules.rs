//! The rules of a tenant that choose an engine: a text with its history, read before it is written, so that a bad one
//! never takes the place of a good one.

use crate::tenant_engines::read_apart;
use crate::{
    Agent, AiHub, Clock, Facts, Params, RouteFileError, RouteWarning, Routes, RulesStamp, Store, StoreError,
    StoredRules,
};
use macaw_domain::SiteId;
use std::sync::Arc;

/// The longest question of a trial, in bytes: that of a message.
const MOST_ASK_BYTES: usize = macaw_domain::MAX_TEXT_BYTES;

/// Why rules stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Only a manager may.
    #[error("only a manager may see and change the rules")]
    NotAllowed,
    /// The tenant had no such text, or has it no more.
    #[error("there are no such rules")]
    NotFound,
    /// The text is none of rules; where and why.
    #[error(transparent)]
    Wrong(#[from] RouteFileError),
    /// Somebody was first.
    #[error("the rules were changed meanwhile; look again")]
    Conflict,
    /// The question is too long.
    #[error("the question is too long")]
    TooLong,
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The rules of a tenant, as a manager sees them.
#[derive(Debug, Clone)]
pub struct RulesView {
    /// Which text it is; 0 while there never was any.
    pub version: u64,
    /// The text.
    pub text: String,
    /// How many rules it has.
    pub rules: usize,
    /// What is to be said about it.
    pub warnings: Vec<RouteWarning>,
    /// What is wrong with it, if another version of Macaw wrote it.
    pub wrong: Option<RouteFileError>,
    /// The texts before, newest first.
    pub history: Vec<RulesStamp>,
    /// Rules of the installation, asked where none of these matches.
    pub installed: usize,
}

/// Where a question would go.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteTrial {
    /// Whose rule it is: the tenant's (`true`) or the installation's; `None` when no rule matches.
    pub by_tenant: Option<bool>,
    /// Which rule, from 0; `None` for a default, or where no rule matches.
    pub index: Option<usize>,
    /// The rule's name.
    pub name: Option<String>,
    /// Why this one, for people.
    pub why: String,
    /// Who is asked, one after the other; empty for a person at once.
    pub chain: Vec<RouteTrialStep>,
}

/// An engine that would be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteTrialStep {
    /// As the rule names it.
    pub engine: String,
    /// What it is given.
    pub params: Params,
    /// Why it would be passed over.
    pub missing: Option<String>,
}

/// What is tried out.
#[derive(Debug, Clone)]
pub struct RouteQuestion {
    /// What a visitor asks.
    pub text: String,
    /// At which site; without one, sites are no reason.
    pub site: Option<SiteId>,
    /// The site has vouched for who asks.
    pub identified: bool,
    /// Other rules than those that count.
    pub rules: Option<String>,
}

/// The rules of tenants.
pub struct TenantRules {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hub: AiHub,
}

impl TenantRules {
    /// Over this store; `hub` is that of the turns.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, hub: AiHub) -> Self {
        Self { store, clock, hub }
    }

    /// The rules that count, with their history.
    pub async fn view(&self, actor: &Agent) -> Result<RulesView, RulesError> {
        allowed(actor)?;
        let stored = self.store.rules(actor.tenant, None).await?;
        let (version, text) = stored.map_or((0, String::new()), |stored| (stored.stamp.version, stored.text));
        let history = self.store.rules_history(actor.tenant).await?;
        let checked = self.check(actor, text.clone()).await;
        let (rules, warnings, wrong) = match checked {
            Ok((rules, warnings)) => (rules, warnings, None),
            Err(RulesError::Wrong(wrong)) => (0, Vec::new(), Some(wrong)),
            Err(error) => return Err(error),
        };
        let installed = self.hub.routing.now().len();
        Ok(RulesView { version, text, rules, warnings, wrong, history, installed })
    }

    /// An older text.
    pub async fn past(&self, actor: &Agent, version: u64) -> Result<StoredRules, RulesError> {
        allowed(actor)?;
        self.store.rules(actor.tenant, Some(version)).await?.ok_or(RulesError::NotFound)
    }

    /// How many rules a text has, and what is to be said about them.
    pub async fn check(&self, actor: &Agent, text: String) -> Result<(usize, Vec<RouteWarning>), RulesError> {
        allowed(actor)?;
        let routes = read_apart(text).await?;
        let shelved = self.hub.of(actor.tenant).await?;
        Ok((routes.len(), routes.warnings(&shelved.engines)))
    }

    /// Puts a text in place of the version that was `seen`. It counts from the next question on.
    pub async fn save(
        &self,
        actor: &Agent,
        seen: u64,
        text: String,
        restores: Option<u64>,
    ) -> Result<RulesView, RulesError> {
        self.check(actor, text.clone()).await?;
        let stamp = RulesStamp { version: seen.saturating_add(1), by: actor.account, at: self.clock.now(), restores };
        let written = self.store.put_rules(StoredRules { tenant: actor.tenant, stamp, text }).await?;
        if written { self.view(actor).await } else { Err(RulesError::Conflict) }
    }

    /// Where a question would go now, and why.
    pub async fn try_out(&self, actor: &Agent, question: RouteQuestion) -> Result<RouteTrial, RulesError> {
        allowed(actor)?;
        let RouteQuestion { text, site, identified, rules } = question;
        if text.len() > MOST_ASK_BYTES {
            return Err(RulesError::TooLong);
        }
        let shelved = self.hub.of(actor.tenant).await?;
        let theirs = match rules {
            Some(rules) => Arc::new(read_apart(rules).await?),
            None => shelved.rules.clone(),
        };
        let facts = Facts { text: &text, tenant: Some(actor.tenant), site, identified, now: self.clock.now() };
        let installed = self.hub.routing.now();
        let routed = found(&theirs, &facts, true).or_else(|| found(&installed, &facts, false));
        let mut trial = match routed {
            Some(trial) => trial,
            None => self.site_answers(actor, site).await?,
        };
        for step in &mut trial.chain {
            step.missing = shelved.engines.called(&step.engine).err();
        }
        Ok(trial)
    }

    /// No rule matches: the engine of the site is asked, or of the first one that the tenant has.
    async fn site_answers(&self, actor: &Agent, site: Option<SiteId>) -> Result<RouteTrial, RulesError> {
        let sites = self.store.sites(actor.tenant).await?;
        let meant = sites.iter().find(|known| site.is_none_or(|id| known.id == id)).ok_or(RulesError::NotFound)?;
        let engine = meant.settings.engine.clone();
        let step = |engine| RouteTrialStep { engine, params: Params::new(), missing: None };
        Ok(RouteTrial {
            by_tenant: None,
            index: None,
            name: None,
            why: format!("no rule matches; the site {} is answered by its own engine", meant.settings.name),
            chain: engine.into_iter().map(step).collect(),
        })
    }
}

fn found(routes: &Routes, facts: &Facts<'_>, by_tenant: bool) -> Option<RouteTrial> {
    let routed = routes.route(facts)?;
    let steps = if routed.route.handoff { &[][..] } else { &routed.route.steps[..] };
    let step = |step: &crate::RouteStep| RouteTrialStep {
        engine: step.engine.clone(),
        params: step.params.clone(),
        missing: None,
    };
    Some(RouteTrial {
        by_tenant: Some(by_tenant),
        index: routed.index,
        name: routed.name.map(str::to_owned),
        chain: steps.iter().map(step).collect(),
        why: routed.why,
    })
}

fn allowed(actor: &Agent) -> Result<(), RulesError> {
    if actor.may_manage() { Ok(()) } else { Err(RulesError::NotAllowed) }
}
