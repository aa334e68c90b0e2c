//! Who is asked, and what came of it on the way.

use super::guards::{GuardedAs, Guards};
use crate::{AiConnector, EngineError, Engines, Facts, Params, Routed, Routing, Shelf, Shelved, StoreError};
use macaw_domain::TenantId;
use std::sync::Arc;

/// The engines of this installation and of its tenants, the rules that choose between them, and what keeps one
/// engine's trouble from becoming everybody's.
#[derive(Default, Clone)]
pub struct AiHub {
    /// The installation's.
    pub engines: Engines,
    /// The rules; without any, the site's own engine answers everything.
    pub routing: Arc<Routing>,
    /// What tenants configure themselves; without it there is nothing of the kind.
    pub shelf: Option<Arc<Shelf>>,
    /// Shared by all who ask engines.
    pub(crate) guards: Guards,
}

impl From<Engines> for AiHub {
    fn from(engines: Engines) -> Self {
        Self { engines, ..Self::default() }
    }
}

impl From<&Engines> for AiHub {
    fn from(engines: &Engines) -> Self {
        engines.clone().into()
    }
}

/// An engine that is asked in this turn.
pub(super) struct Planned {
    pub(super) engine: Arc<dyn AiConnector>,
    pub(super) params: Params,
    pub(super) guarded_as: GuardedAs,
}

/// A turn's engines in their order.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Planned>,
    /// A person at once, because a rule says so.
    pub(super) handoff: Option<String>,
    /// Engines that are named and not there.
    pub(super) missing: Vec<(String, EngineError)>,
}

impl AiHub {
    /// The installation's engines and rules, and what tenants configure besides.
    pub fn new(engines: Engines, routing: Arc<Routing>, shelf: Arc<Shelf>) -> Self {
        Self { engines, routing, shelf: Some(shelf), guards: Guards::default() }
    }

    /// What a tenant can ask now.
    pub async fn of(&self, tenant: TenantId) -> Result<Arc<Shelved>, StoreError> {
        match &self.shelf {
            Some(shelf) => shelf.of(tenant).await,
            None => Ok(Arc::new(Shelved::plain(self.engines.clone()))),
        }
    }

    /// The plan for a question of a tenant's visitor; `own` is the engine of the site.
    pub(super) async fn plan(&self, tenant: TenantId, facts: &Facts<'_>, own: &str) -> Result<Plan, StoreError> {
        let shelved = self.of(tenant).await?;
        let engines = &shelved.engines;
        let planned = |engine: &Arc<dyn AiConnector>, params| {
            let guarded_as = GuardedAs::of(tenant, engine.name(), engines);
            Planned { engine: engine.clone(), params, guarded_as }
        };
        let (theirs, installed) = (&shelved.rules, self.routing.now());
        let mut plan = Plan::default();
        let routed = theirs.route(facts).or_else(|| installed.route(facts));
        let Some(Routed { index, name, route, why }) = routed else {
            match engines.find(own) {
                Ok(engine) => plan.steps.push(planned(engine, Params::new())),
                Err(error) => plan.missing.push((own.to_owned(), error)),
            }
            return Ok(plan);
        };
        let label = index.map_or("default".to_owned(), |index| format!("{index} {}", name.unwrap_or_default()));
        tracing::debug!(rule = label, why, "a question is routed");
        if route.handoff {
            return Ok(Plan { handoff: Some(label.trim().to_owned()), ..plan });
        }
        for step in &route.steps {
            match engines.called(&step.engine) {
                Ok(engine) => plan.steps.push(planned(engine, step.params.clone())),
                Err(words) => {
                    plan.missing.push((step.engine.clone(), EngineError::new(crate::ErrorClass::Refused, words)));
                }
            }
        }
        Ok(plan)
    }
}
