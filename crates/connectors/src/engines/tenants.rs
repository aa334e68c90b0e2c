//! Engines that tenants configure: the same kinds as those of the file, within what the operator allows.

use super::{KINDS, Needs, configured};
use ipnet::IpNet;
use macaw_app::{AiConnector, EngineKinds, Recipe};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Questions of one tenant that may be at an engine of its own at once.
const MOST_AT_ONCE: u64 = 64;
/// What the form of an engine gives by other means, or only the operator may set.
const NOT_SETTINGS: [&str; 3] = ["name", "kind", "allow_networks"];
/// What decides where a key goes.
const ADDRESS: [&str; 2] = ["url", "region"];

/// The kinds, for tenants.
pub struct TenantKinds {
    needs: Needs,
    allowed: Vec<IpNet>,
}

impl TenantKinds {
    /// Engines may be at public addresses, and in the networks `allowed`.
    pub fn new(needs: Needs, allowed: Vec<IpNet>) -> Self {
        Self { needs, allowed }
    }
}

impl EngineKinds for TenantKinds {
    fn secrets(&self, kind: &str) -> Option<&'static [&'static str]> {
        let (kind, _) = KINDS.iter().find(|(known, _)| *known == kind)?;
        Some(if *kind == "coze" { &["key", "oauth_key"] } else { &["key"] })
    }

    fn address(&self, settings: &str) -> String {
        let settings: Map<String, Value> = serde_json::from_str(settings).unwrap_or_default();
        let parts = ADDRESS.map(|key| settings.get(key).and_then(Value::as_str).unwrap_or_default());
        parts.map(|part| part.trim_end_matches('/')).join(" ")
    }

    fn make(&self, recipe: Recipe<'_>) -> Result<Arc<dyn AiConnector>, String> {
        let Recipe { name, kind, settings, secrets } = recipe;
        let known = self.secrets(kind).ok_or_else(|| format!("there is no kind {kind}"))?;
        let mut keys: Map<String, Value> =
            serde_json::from_str(settings).map_err(|_| "settings: expected an object".to_owned())?;
        if let Some(key) = NOT_SETTINGS.iter().find(|key| keys.contains_key(**key)) {
            return Err(format!("settings: {key} cannot be set here"));
        }
        if let Some(key) = known.iter().find(|key| keys.contains_key(**key)) {
            return Err(format!("settings: {key} is a secret; it goes into secrets"));
        }
        if keys.get("at_once").and_then(Value::as_u64).is_some_and(|most| most > MOST_AT_ONCE) {
            return Err(format!("at_once: at most {MOST_AT_ONCE}"));
        }
        keys.insert("name".to_owned(), name.into());
        keys.insert("kind".to_owned(), kind.into());
        let allowed = self.allowed.iter().map(|network| Value::String(network.to_string())).collect();
        keys.insert("allow_networks".to_owned(), Value::Array(allowed));
        keys.extend(secrets.iter().map(|(key, value)| (key.to_owned(), Value::String(value.to_owned()))));
        configured(keys, &self.needs).map_err(|error| {
            let words = error.to_string();
            words.strip_prefix(&format!("engine {name}: ")).map_or(words.clone(), str::to_owned)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outgoing::Stops;
    use macaw_app::{Clock, Found, Search, SearchError, Secrets};
    use macaw_domain::TenantId;
    use std::time::Duration;

    struct Nothing;

    #[async_trait::async_trait]
    impl Search for Nothing {
        async fn ask(&self, _: TenantId, _: &str) -> Result<Found, SearchError> {
            Err(SearchError::Index("none".to_owned()))
        }
    }

    fn kinds() -> TenantKinds {
        let (stops, _) = Stops::new();
        let clock: Arc<dyn Clock> = Arc::new(macaw_app::testkit::ManualClock::default());
        TenantKinds::new(Needs { search: Arc::new(Nothing), pace: Duration::ZERO, stops, clock }, Vec::new())
    }

    fn made(kind: &str, settings: &str) -> Result<String, String> {
        let mut secrets = Secrets::default();
        secrets.set("key", "canary");
        let made = kinds().make(Recipe { name: "shop", kind, settings, secrets: &secrets });
        made.map(|engine| format!("{} {}", engine.name(), engine.profile().host))
    }

    #[test]
    fn a_tenant_configures_an_engine_of_every_kind() {
        let own = r#""url": "https://x.example/v1""#;
        for (kind, settings) in [
            ("openai", format!(r#"{{{own}, "model": "m"}}"#)),
            ("dify", format!("{{{own}}}")),
            ("coze", format!(r#"{{{own}, "bot_id": "1"}}"#)),
            ("fastgpt", format!("{{{own}}}")),
            ("http_nlp", format!("{{{own}}}")),
        ] {
            assert_eq!(made(kind, &settings), Ok("shop x.example".to_owned()), "{kind}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_words_without_the_secret() {
        for (kind, settings, words) in [
            ("openai", r#"{"url": "https://x.example"}"#, "missing field `model`"),
            ("openai", r#"{"url": "x.example", "model": "m"}"#, "url: "),
            ("dify", r#"{"key": "s"}"#, "key is a secret"),
            ("dify", r#"{"allow_networks": ["127.0.0.0/8"]}"#, "allow_networks cannot be set here"),
            ("dify", r#"{"key_file": "/etc/passwd"}"#, "unknown field `key_file`"),
            ("dify", r#"{"at_once": 65}"#, "at_once: at most 64"),
            ("dify", "[]", "expected an object"),
            ("difi", "{}", "there is no kind difi"),
            ("knowledge", "{}", "there is no kind knowledge"),
        ] {
            let error = made(kind, settings).expect_err(settings);
            assert!(error.contains(words) && !error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn the_address_is_where_the_key_would_go() {
        let kinds = kinds();
        let address = |settings: &str| kinds.address(settings);
        assert_eq!(
            address(r#"{"url": "https://a.example/", "model": "m"}"#),
            address(r#"{"url": "https://a.example"}"#)
        );
        assert_ne!(address(r#"{"url": "https://a.example"}"#), address(r#"{"url": "https://a.example:444"}"#));
        assert_ne!(address("{}"), address(r#"{"region": "com"}"#));
    }
}
