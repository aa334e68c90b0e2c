//! Who is asked, and what came of it on the way.

use crate::{AiConnector, EngineError, Engines, Facts, Params, Routed, Routing};
use std::sync::Arc;

/// The engines of this installation, and the rules that choose between them.
#[derive(Default)]
pub struct AiHub {
    /// All of them.
    pub engines: Engines,
    /// The rules; without any, the site's own engine answers everything.
    pub routing: Arc<Routing>,
}

impl From<Engines> for AiHub {
    fn from(engines: Engines) -> Self {
        Self { engines, routing: Arc::default() }
    }
}

/// An engine that is asked in this turn.
pub(super) struct Planned {
    pub(super) engine: Arc<dyn AiConnector>,
    pub(super) params: Params,
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
    /// The plan for a question; `own` is the engine of the site.
    pub(super) fn plan(&self, facts: &Facts<'_>, own: &str) -> Plan {
        let routes = self.routing.now();
        let Some(Routed { index, name, route, why }) = routes.route(facts) else {
            let mut plan = Plan::default();
            match self.engines.find(own) {
                Ok(engine) => plan.steps.push(Planned { engine: engine.clone(), params: Params::new() }),
                Err(error) => plan.missing.push((own.to_owned(), error)),
            }
            return plan;
        };
        let label = index.map_or("default".to_owned(), |index| format!("{index} {}", name.unwrap_or_default()));
        tracing::debug!(rule = label, why, "a question is routed");
        if route.handoff {
            return Plan { handoff: Some(label.trim().to_owned()), ..Plan::default() };
        }
        let mut plan = Plan::default();
        for step in &route.steps {
            match self.engines.called(&step.engine) {
                Ok(engine) => plan.steps.push(Planned { engine: engine.clone(), params: step.params.clone() }),
                Err(words) => {
                    plan.missing.push((step.engine.clone(), EngineError::new(crate::ErrorClass::Refused, words)));
                }
            }
        }
        plan
    }
}
