//! Configuration: embedded defaults < file < environment < flags. Unknown keys are refused.

mod edge;
mod engines;
mod limits;

pub(crate) use edge::{Server, Tls};
pub(crate) use engines::{Engine, make_all as make_engines, no_needs};
pub(crate) use limits::Limits;

use anyhow::{Context, Result, bail};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de::Error};
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::{Table, Value};

/// Every key, its default and its warning.
pub(crate) const DEFAULTS: &str = include_str!("../../../config/macaw.toml");
const PREFIX: &str = "MACAW__";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) tls: Tls,
    pub(crate) store: Store,
    pub(crate) chat: Chat,
    pub(crate) ai: Ai,
    pub(crate) accounts: Accounts,
    pub(crate) files: Files,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) log: Log,
    pub(crate) engines: Vec<Engine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Store {
    /// Empty for SQLite in the data folder.
    pub(crate) url: Secret,
}

/// A value that no log and no error shows.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "secret" })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chat {
    #[serde(deserialize_with = "duration")]
    pub(crate) ring: Duration,
    #[serde(deserialize_with = "duration")]
    pub(crate) heartbeat: Duration,
    #[serde(deserialize_with = "pause")]
    pub(crate) answer_pace: Duration,
    /// Empty: none.
    pub(crate) engine: String,
}

/// What stands under `[ai]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ai {
    /// Empty: none.
    pub(crate) routing: PathBuf,
    #[serde(deserialize_with = "duration")]
    pub(crate) reload: Duration,
    /// Where engines of tenants may be although it is not public.
    pub(crate) allow_networks: Vec<IpNet>,
    /// Empty: derived from the secret of the data folder.
    pub(crate) secrets_key: Secret,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accounts {
    pub(crate) sign_up: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Files {
    #[serde(deserialize_with = "size")]
    pub(crate) max_size: u64,
    #[serde(deserialize_with = "size")]
    pub(crate) quota: u64,
    #[serde(deserialize_with = "size")]
    pub(crate) keep_free: u64,
    pub(crate) types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    pub(crate) token: String,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics { token: _ }")
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Auto,
    Text,
    Json,
}

/// `"250ms"`, `"30s"`, `"5m"`, `"12h"`.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| {
        D::Error::custom(format!("{text:?} is no duration; write \"250ms\", \"30s\", \"5m\" or \"12h\""))
    })
}

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(n, unit)| n.checked_mul(unit));
    ms.filter(|ms| *ms > 0).map(Duration::from_millis)
}

/// A duration that may be none at all: `"0ms"`.
fn pause<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "0ms" {
        return Ok(Duration::ZERO);
    }
    duration(serde::de::value::StringDeserializer::new(text))
}

/// `"500KiB"`, `"20MiB"`, `"5GiB"`, in bytes.
fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_bytes = match unit {
        "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "TiB" => Some(1 << 40),
        _ => None,
    };
    let bytes = number.parse::<u64>().ok().zip(unit_bytes).and_then(|(n, unit)| n.checked_mul(unit));
    bytes.ok_or_else(|| D::Error::custom(format!("{text:?} is no size; write \"500KiB\", \"20MiB\" or \"5GiB\"")))
}

/// The configuration of a file and an environment over the defaults.
pub(crate) fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Config> {
    let mut table: Table = DEFAULTS.parse().context("the embedded defaults")?;
    // Not in the file of the defaults: an empty list there would forbid [[engines]] in a copy of it.
    table.insert("engines".to_owned(), Value::Array(Vec::new()));
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        // Not the whole error: it quotes the line, which may hold a password.
        let broken = |error: toml::de::Error| {
            let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            anyhow::anyhow!("{}:{line}: is no TOML: {}", path.display(), error.message())
        };
        let theirs: Table = text.parse().map_err(broken)?;
        merge(&mut table, theirs, &mut |key, known| {
            let line = line_of(&text, key).map(|n| format!(":{n}")).unwrap_or_default();
            unknown(&format!("{}{line}", path.display()), key, known)
        })?;
    }
    for (name, value) in env {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let (key, value) = match key.strip_suffix("_FILE") {
            Some(key) => {
                let secret =
                    std::fs::read_to_string(&value).with_context(|| format!("{name}: {value}: cannot be read"))?;
                (key, secret.trim_end().to_owned())
            }
            None => (key, value),
        };
        let mut nested = parse_value(&value);
        for part in key.rsplit("__") {
            nested = Value::Table(Table::from_iter([(part.to_lowercase(), nested)]));
        }
        let Value::Table(mut nested) = nested else { continue };
        if let (Some(Value::Table(theirs)), Some(engines)) = (nested.remove("engines"), table.get_mut("engines")) {
            engines::from_environment(engines, theirs, &name)?;
        }
        merge(&mut table, nested, &mut |key, known| unknown(&name, key, known))?;
    }
    let mut config: Config =
        table.try_into().map_err(|error: toml::de::Error| anyhow::anyhow!("{}", error.message().to_owned()))?;
    if config.chat.heartbeat < Duration::from_secs(1) {
        bail!("chat.heartbeat: at least \"1s\"");
    }
    config.limits.rates()?;
    if (1..16).contains(&config.metrics.token.len()) {
        bail!("metrics.token: at least 16 characters, or empty");
    }
    if (1..32).contains(&config.ai.secrets_key.0.len()) {
        bail!("ai.secrets_key: at least 32 characters, or empty");
    }
    if let Some(refusal) = config.tls.refusal() {
        bail!(refusal);
    }
    engines::read(&mut config.engines)?;
    if config.files.max_size == 0 {
        bail!("files.max_size: more than \"0B\"; to take no files at all, leave files.types empty");
    }
    if let Some(odd) = config.files.types.iter().find(|kind| kind.split('/').count() != 2) {
        bail!("files.types: {odd:?} is no media type; write \"image/*\" or \"application/pdf\"");
    }
    Ok(config)
}

/// An engine that answers first at new sites has to be there, and a routing file has to be one.
pub(crate) fn engines_are_there(config: &Config) -> Result<()> {
    if !config.ai.routing.as_os_str().is_empty() {
        let path = &config.ai.routing;
        crate::routing::read(path).map_err(|error| anyhow::anyhow!("ai.routing: {}: {error}", path.display()))?;
    }
    let first = config.chat.engine.as_str();
    let known = || ["knowledge"].into_iter().chain(config.engines.iter().map(Engine::name));
    if first.is_empty() || known().any(|name| name == first) {
        return Ok(());
    }
    bail!("chat.engine: there is no engine called {first}; known: {}", known().collect::<Vec<_>>().join(", "))
}

/// What is legal but risky, in words.
pub(crate) fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if !config.limits.enable {
        warnings.push(
            "limits.enable is false: nothing slows a flood or a password guesser down; for load tests only".to_owned(),
        );
    }
    if config.accounts.sign_up {
        warnings.push(
            "accounts.sign_up is true: anybody who reaches this server may make a tenant of their own".to_owned(),
        );
    }
    warnings.extend(config.server.warnings(&config.tls));
    let files = &config.files;
    if files.max_size > files.quota {
        warnings.push("files.max_size is above files.quota: a file that long is never taken".to_owned());
    }
    if files.keep_free == 0 {
        warnings.push("files.keep_free is \"0B\": files may fill the disk that the database needs".to_owned());
    }
    warnings
}

fn parse_value(text: &str) -> Value {
    let parsed = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn merge(into: &mut Table, from: Table, refuse: &mut dyn FnMut(&str, &Table) -> anyhow::Error) -> Result<()> {
    for (key, value) in from {
        let Some(known) = into.get_mut(&key) else { return Err(refuse(&key, into)) };
        match (known, value) {
            (Value::Table(into), Value::Table(from)) => merge(into, from, refuse)?,
            (Value::Table(_), _) => bail!("{key} is a section, not a value"),
            (known, value) => *known = value,
        }
    }
    Ok(())
}

fn unknown(place: &str, key: &str, known: &Table) -> anyhow::Error {
    let near = known.keys().map(|k| (strsim::damerau_levenshtein(k, key), k)).min();
    match near {
        Some((distance, near)) if distance <= 3 => anyhow::anyhow!("{place}: unknown key {key}; did you mean {near}?"),
        _ => {
            let all: Vec<_> = known.keys().map(String::as_str).collect();
            anyhow::anyhow!("{place}: unknown key {key}; known here: {}", all.join(", "))
        }
    }
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let starts = |line: &str| line.trim_start().trim_start_matches('[').starts_with(key);
    text.lines().position(starts).map(|n| n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn the_environment_overrides_the_file_and_the_file_the_defaults() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("macaw.toml");
        std::fs::write(&file, "[chat]\nring = \"10s\"\nheartbeat = \"5s\"\n").expect("written");
        let config =
            load(Some(&file), env(&[("MACAW__CHAT__RING", "2m"), ("MACAW__LIMITS__ENABLE", "false"), ("HOME", "x")]))
                .expect("loads");
        assert_eq!(config.chat.ring, Duration::from_secs(120));
        assert_eq!(config.chat.heartbeat, Duration::from_secs(5));
        assert!(!config.limits.enable);
        assert_eq!(config.log.format, LogFormat::Auto);
        assert_eq!(warnings(&config).len(), 1);
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("level");
        std::fs::write(&file, "debug\n").expect("written");
        let config = load(None, env(&[("MACAW__LOG__LEVEL_FILE", &file.to_string_lossy())])).expect("loads");
        assert_eq!(config.log.level, "debug");
    }

    #[test]
    fn the_password_of_the_database_is_shown_nowhere() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("macaw.toml");
        std::fs::write(&file, "[store]\n\nurl = \"mysql://macaw:canary@db/macaw\n").expect("written");
        let error = format!("{:#}", load(Some(&file), env(&[])).expect_err("a quote is missing"));
        assert!(error.contains("macaw.toml:3: is no TOML") && !error.contains("canary"), "{error}");
        let config = load(None, env(&[("MACAW__STORE__URL", "mysql://macaw:canary@db/macaw")])).expect("loads");
        assert_eq!(config.store.url.0, "mysql://macaw:canary@db/macaw");
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn unknown_keys_are_named_with_their_line_and_a_suggestion() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("macaw.toml");
        std::fs::write(&file, "[chat]\n\nrinng = \"10s\"\n").expect("written");
        let error = load(Some(&file), env(&[])).expect_err("misspelt").to_string();
        assert!(error.ends_with("macaw.toml:3: unknown key rinng; did you mean ring?"), "{error}");
        let error = load(None, env(&[("MACAW__SERVER__PORT", "1")])).expect_err("no such key").to_string();
        assert!(error.starts_with("MACAW__SERVER__PORT: unknown key port"), "{error}");
    }

    #[test]
    fn sizes_need_a_unit_and_risky_ones_are_named() {
        for (name, bad) in
            [("MAX_SIZE", "20"), ("MAX_SIZE", "0B"), ("QUOTA", "5GB"), ("QUOTA", "-1MiB"), ("KEEP_FREE", "99999999TiB")]
        {
            assert!(load(None, env(&[(&format!("MACAW__FILES__{name}"), &format!("\"{bad}\""))])).is_err(), "{bad}");
        }
        assert!(load(None, env(&[("MACAW__FILES__TYPES", "[\"pdf\"]")])).is_err());
        let config = load(None, env(&[("MACAW__FILES__QUOTA", "1MiB"), ("MACAW__FILES__KEEP_FREE", "0B")]));
        let config = config.expect("legal");
        assert_eq!((config.files.quota, config.files.max_size), (1 << 20, 20 << 20));
        assert_eq!(warnings(&config).len(), 2);
        assert!(warnings(&load(None, env(&[])).expect("the defaults")).is_empty());
    }

    #[test]
    fn durations_need_a_unit() {
        for bad in ["30", "s", "-1s", "0s", "1d", "99999999999999999999s"] {
            assert!(load(None, env(&[("MACAW__CHAT__RING", &format!("\"{bad}\""))])).is_err(), "{bad}");
        }
    }
}
