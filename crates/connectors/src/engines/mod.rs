//! The engines, one file each. A new one is a file here and a line in [`KINDS`].

mod coze;
mod dify;
mod fastgpt;
mod http_nlp;
mod knowledge;
mod openai;
mod service;
mod tenants;

use crate::outgoing::Stops;
use macaw_app::{AiConnector, Clock, Search};
use macaw_domain::is_engine_name;
use serde_json::{Map, Value};
use service::Configured;
pub use service::SettingsError;
use std::sync::Arc;
use std::time::Duration;
pub use tenants::TenantKinds;

/// What engines are made from.
#[derive(Clone)]
pub struct Needs {
    /// The knowledge of tenants.
    pub search: Arc<dyn Search>,
    /// Between two pieces of a knowledge answer.
    pub pace: Duration,
    /// Where runs are stopped that nobody waits for.
    pub stops: Stops,
    /// For tokens that have an age.
    pub clock: Arc<dyn Clock>,
}

type Make = fn(Configured, &Needs) -> Result<Arc<dyn AiConnector>, SettingsError>;

/// What can be configured, any number of times under names of its own.
const KINDS: [(&str, Make); 5] = [
    ("openai", openai::make),
    ("dify", dify::make),
    ("coze", coze::make),
    ("fastgpt", fastgpt::make),
    ("http_nlp", http_nlp::make),
];

/// The engines that are there without configuration.
pub fn built_in(needs: &Needs) -> Vec<Arc<dyn AiConnector>> {
    vec![Arc::new(knowledge::Knowledge::new(needs.search.clone(), needs.pace))]
}

/// The engine of one `[[engines]]` table: its name, its kind, and the keys of that kind.
pub fn configured(mut keys: Map<String, Value>, needs: &Needs) -> Result<Arc<dyn AiConnector>, SettingsError> {
    let mut word = |key: &str| match keys.remove(key) {
        Some(Value::String(word)) => Ok(word),
        Some(_) => Err(SettingsError(format!("an engine's {key} is text"))),
        None => Err(SettingsError(format!("an engine without {key}"))),
    };
    let (name, kind) = (word("name")?, word("kind")?);
    if !is_engine_name(&name) {
        return Err(SettingsError(format!("engine {name:?}: a name is 1 to 40 characters of a-z, 0-9, - and _")));
    }
    if name == "knowledge" {
        return Err(SettingsError("engine knowledge: that is the built-in one; choose another name".to_owned()));
    }
    let Some((kind, make)) = KINDS.iter().find(|(known, _)| *known == kind_of(&kind)) else {
        let known: Vec<_> = KINDS.iter().map(|(known, _)| *known).collect();
        return Err(SettingsError(format!("engine {name}: there is no kind {kind}; known: {}", known.join(", "))));
    };
    make(Configured { name, kind, keys, stops: needs.stops.clone() }, needs)
}

/// The kind that an older or another word stands for.
pub fn kind_of(word: &str) -> &str {
    if word == "kozi" { "coze" } else { word }
}
