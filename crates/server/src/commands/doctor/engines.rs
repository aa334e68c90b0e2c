//! Whether the configured engines would answer. Nothing is asked, so nothing is paid for.

use super::Check;
use crate::EXIT_DEPENDENCY;
use crate::config::{Config, make_engines, no_needs};
use macaw_app::{AiConnector, ErrorClass};
use std::time::Duration;
use tokio::time::timeout;

/// For each engine.
const LONGEST: Duration = Duration::from_secs(15);

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    // What cannot be made was refused with the configuration.
    let engines = make_engines(&config.engines, &no_needs()).unwrap_or_default();
    let mut checks = Vec::with_capacity(engines.len());
    for engine in engines {
        checks.push(check(&*engine).await);
    }
    checks
}

async fn check(engine: &dyn AiConnector) -> Check {
    let name = engine.name();
    let todo = |class: ErrorClass| match class {
        ErrorClass::Auth => "look at its key, and at the region or host that the key belongs to",
        ErrorClass::Quota => "fill up the account of this engine",
        ErrorClass::Refused => "look at its url, allow_networks, model or bot",
        _ => {
            "see whether it runs and is reached from here; until then its questions go to the next engine or to a person"
        }
    };
    match timeout(LONGEST, engine.check()).await {
        Ok(Ok(words)) => Check::ok("engine", format!("{name}: {words}")),
        Ok(Err(error)) => {
            let what = format!("{name}: {}", error.in_full());
            Check::problem("engine", what, todo(error.class)).with_code(EXIT_DEPENDENCY)
        }
        Err(_) => {
            let what = format!("{name}: no answer within {} s", LONGEST.as_secs());
            Check::problem("engine", what, todo(ErrorClass::Timeout)).with_code(EXIT_DEPENDENCY)
        }
    }
}
