//! `[[engines]]`: outside engines by file, their secrets in files or in the environment.

use crate::clock::WallClock;
use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use macaw_app::{AiConnector, Found, Search, SearchError};
use macaw_connectors::engines::{Needs, configured};
use macaw_connectors::outgoing::Stops;
use macaw_domain::TenantId;
use serde::Deserialize;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::Duration;
use toml::{Table, Value};

/// A key that names a file to read the value from.
const FROM_FILE: &str = "_file";

/// One `[[engines]]` table, secrets included.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Engine(Table);

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "engine {}", self.name())
    }
}

impl Engine {
    /// Under which it is chosen; empty if it has none, which is refused.
    pub(crate) fn name(&self) -> &str {
        self.0.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Makes it.
    pub(crate) fn make(&self, needs: &Needs) -> Result<Arc<dyn AiConnector>> {
        let keys = self.0.iter().map(|(key, value)| Ok((key.clone(), serde_json::to_value(value)?)));
        let keys = keys.collect::<Result<serde_json::Map<String, Json>>>()?;
        Ok(configured(keys, needs)?)
    }
}

/// Makes all of them.
pub(crate) fn make_all(engines: &[Engine], needs: &Needs) -> Result<Vec<Arc<dyn AiConnector>>> {
    engines.iter().map(|engine| engine.make(needs)).collect()
}

/// Reads what stands in files and refuses what cannot be made.
pub(super) fn read(engines: &mut [Engine]) -> Result<()> {
    for engine in engines.iter_mut() {
        let name = engine.name().to_owned();
        let named: Vec<String> = engine.0.keys().filter(|key| key.ends_with(FROM_FILE)).cloned().collect();
        for key in named {
            let path = engine.0.remove(&key);
            let path =
                path.as_ref().and_then(Value::as_str).with_context(|| format!("engine {name}: {key} is a path"))?;
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("engine {name}: {key}: {path}: cannot be read"))?;
            let bare = key.trim_end_matches(FROM_FILE);
            if engine.0.insert(bare.to_owned(), Value::String(text.trim_end().to_owned())).is_some() {
                bail!("engine {name}: {bare} and {key} are both given");
            }
        }
    }
    let needs = no_needs();
    for (at, engine) in engines.iter().enumerate() {
        engine.make(&needs)?;
        if engines.iter().take(at).any(|earlier| earlier.name() == engine.name()) {
            bail!("engine {}: there are two of this name", engine.name());
        }
    }
    Ok(())
}

/// `MACAW__ENGINES__NAME__KEY`: puts a key into the engine of that name, where `-` is written `_`.
pub(super) fn from_environment(engines: &mut Value, theirs: Table, variable: &str) -> Result<()> {
    let Value::Array(engines) = engines else { return Ok(()) };
    // A command without the configuration file sees the environment of a server that has one.
    if engines.is_empty() {
        return Ok(());
    }
    for (name, keys) in theirs {
        let is_meant = |engine: &&mut Value| {
            engine.get("name").and_then(Value::as_str).is_some_and(|known| known.replace('-', "_") == name)
        };
        let (Some(Value::Table(engine)), Value::Table(keys)) = (engines.iter_mut().find(is_meant), keys) else {
            bail!("{variable}: there is no engine called {name}");
        };
        engine.extend(keys);
    }
    Ok(())
}

/// What engines are made from when they are only looked at.
pub(crate) fn no_needs() -> Needs {
    let (stops, _) = Stops::new();
    Needs { search: Arc::new(NoSearch), pace: Duration::ZERO, stops, clock: Arc::new(WallClock) }
}

struct NoSearch;

#[async_trait]
impl Search for NoSearch {
    async fn ask(&self, _: TenantId, _: &str) -> Result<Found, SearchError> {
        Err(SearchError::Index("no knowledge is at hand".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load;

    fn loaded(text: &str, env: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let secret = dir.path().join("key");
        std::fs::write(&secret, "canary\n").expect("written");
        let file = dir.path().join("macaw.toml");
        let secret = secret.to_string_lossy();
        std::fs::write(&file, text.replace("SECRET", &secret)).expect("written");
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), v.replace("SECRET", &secret))).collect::<Vec<_>>();
        let config = load(Some(&file), env.into_iter()).map_err(|error| format!("{error:#}"))?;
        assert!(!format!("{config:?}").contains("canary"));
        Ok(config.engines.iter().map(|engine| format!("{} {:?}", engine.name(), engine.0.get("key"))).collect())
    }

    const TWO: &str = "[[engines]]\nname = \"a-b\"\nkind = \"dify\"\nkey_file = \"SECRET\"\n\n[[engines]]\nname = \"c\"\nkind = \"openai\"\nmodel = \"m\"\nurl = \"https://x.example/v1\"\n";

    #[test]
    fn several_engines_of_a_kind_have_names_and_secrets_of_their_own() {
        let env = [("MACAW__ENGINES__C__KEY_FILE", "SECRET")];
        assert_eq!(
            loaded(TWO, &env),
            Ok(vec!["a-b Some(String(\"canary\"))".into(), "c Some(String(\"canary\"))".into()])
        );
        let env = [("MACAW__ENGINES__A_B__TOTAL", "30")];
        assert_eq!(loaded(TWO, &env).map(|all| all.len()), Ok(2));
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        for (text, env, words) in [
            (TWO.replace("\"c\"", "\"a-b\""), "", "two of this name"),
            (TWO.replace("\"dify\"", "\"difi\""), "", "there is no kind difi"),
            (TWO.replace("SECRET", "/nowhere/at/all"), "", "cannot be read"),
            (TWO.replace("key_file", "kee_file"), "", "unknown field `kee`"),
            (TWO.to_owned(), "MACAW__ENGINES__D__KEY", "no engine called d"),
        ] {
            let env = [(env, "x")];
            let error = loaded(&text, if env[0].0.is_empty() { &[] } else { &env }).expect_err("it cannot be");
            assert!(error.contains(words) && !error.contains("canary"), "{error}");
        }
    }
}
