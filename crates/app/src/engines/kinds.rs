//! The port to the kinds of engines that can be configured.

use crate::{AiConnector, Secrets};
use std::sync::Arc;

/// What an engine is made from.
#[derive(Debug, Clone, Copy)]
pub struct Recipe<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it is.
    pub kind: &'a str,
    /// The keys of its kind, a JSON object without any secret.
    pub settings: &'a str,
    /// Its secrets, by their keys.
    pub secrets: &'a Secrets,
}

/// The kinds of engines that a tenant may configure. What only the operator may set, such as which networks may be
/// reached, a recipe cannot.
pub trait EngineKinds: Send + Sync {
    /// The keys of a kind whose values are secrets; `None` when there is no such kind.
    fn secrets(&self, kind: &str) -> Option<&'static [&'static str]>;
    /// What of the settings decides where the secrets are sent: where it changes, they have to be given again.
    fn address(&self, settings: &str) -> String;
    /// Makes an engine, or says in words for people what is wrong with its settings.
    fn make(&self, recipe: Recipe<'_>) -> Result<Arc<dyn AiConnector>, String>;
}
