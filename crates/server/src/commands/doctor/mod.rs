//! `macaw doctor`: looks at configuration, data folder and the way to the server, and says in words what to do.

mod dial;
mod engines;
mod folder;
mod machine;
mod probe;
mod socket;
mod walk;

pub(super) use probe::Probe;

use super::status::{Status, StatusAnswer};
use super::{Place, run};
use crate::control::ask_server;
use crate::{EXIT_CONFIG, EXIT_DEPENDENCY, EXIT_RUN_TIME, EXIT_USAGE, config, print};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Where browsers reach Macaw, such as https://chat.example.com; walks there through whatever is in front.
    #[arg(long)]
    url: Option<String>,
    /// The site to open a visitor's session at; the first one of the running server otherwise.
    #[arg(long)]
    site: Option<String>,
    /// A page that shall embed the widget, such as https://shop.example; checks that it may.
    #[arg(long)]
    page: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    Warning,
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    result: Verdict,
    /// What was found.
    what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    todo: Option<String>,
    #[serde(skip)]
    code: u8,
}

impl Check {
    fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, result: Verdict::Ok, what: what.into(), todo: None, code: 0 }
    }

    fn warning(name: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, result: Verdict::Warning, what: what.into(), todo: Some(todo.into()), code: 0 }
    }

    fn problem(name: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, result: Verdict::Problem, what: what.into(), todo: Some(todo.into()), code: EXIT_RUN_TIME }
    }

    /// A problem that ends with another exit code than 1.
    fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }
}

#[derive(Serialize)]
struct Report {
    ok: bool,
    checks: Vec<Check>,
}

pub(crate) fn command(options: &Options) -> ExitCode {
    run("doctor", async {
        let mut checks = Vec::new();
        let target = match options.url.as_deref().map(dial::Target::parse).transpose() {
            Ok(target) => target,
            Err(words) => {
                eprintln!("doctor: --url: {words}");
                return Ok(ExitCode::from(EXIT_USAGE));
            }
        };
        let status = look_here(options, &mut checks).await;
        if let Some(target) = target {
            let data = options.place.data.as_deref();
            let site = options.site.clone().or_else(|| status.as_ref().and_then(|status| status.site.clone()));
            let walk = walk::Walk { target, site, page: options.page.clone(), data: data.filter(|_| status.is_some()) };
            walk.run(&mut checks).await;
        }
        finish(options.json, checks)
    })
}

/// Configuration, folder and machine.
async fn look_here(options: &Options, checks: &mut Vec<Check>) -> Option<StatusAnswer> {
    let loaded = config::load(options.place.config.as_deref(), std::env::vars());
    let config = match loaded.and_then(|config| config::engines_are_there(&config).map(|()| config)) {
        Ok(config) => config,
        Err(error) => {
            let todo = "correct it; `macaw check-config` says whether it is good now";
            checks.push(Check::problem("configuration", format!("{error:#}"), todo).with_code(EXIT_CONFIG));
            return None;
        }
    };
    let warnings = config::warnings(&config);
    if warnings.is_empty() {
        checks.push(Check::ok("configuration", "good"));
    }
    checks.extend(warnings.into_iter().map(|w| Check::warning("configuration", w, "change it unless you mean it")));
    let data = options.place.data.clone().unwrap_or_else(|| config.server.data.clone());
    let status = match ask_server(&data, Status {}).await {
        Ok(status) => status,
        Err(error) => {
            checks.push(Check::warning("server", format!("{error:#}"), "use the binary that the server runs"));
            None
        }
    };
    checks.extend(folder::checks(&data, status.as_ref()));
    checks.push(machine::clock(&data));
    checks.push(machine::descriptors(status.as_ref()));
    checks.push(machine::port(config.server.listen, status.as_ref()).await);
    checks.extend(engines::checks(&config).await);
    status
}

fn finish(json: bool, checks: Vec<Check>) -> Result<ExitCode> {
    let worst = checks.iter().map(|check| check.result).max().unwrap_or(Verdict::Ok);
    // What a person should mend first: the configuration, then what is down.
    let code =
        [EXIT_CONFIG, EXIT_DEPENDENCY, EXIT_RUN_TIME].into_iter().find(|code| checks.iter().any(|c| c.code == *code));
    if json {
        print(&serde_json::to_string(&Report { ok: worst != Verdict::Problem, checks })?);
    } else {
        let lines: Vec<_> = checks.iter().map(line).collect();
        print(&lines.join("\n"));
    }
    Ok(code.map_or(ExitCode::SUCCESS, ExitCode::from))
}

fn line(check: &Check) -> String {
    let word = match check.result {
        Verdict::Ok => "ok",
        Verdict::Warning => "warning",
        Verdict::Problem => "PROBLEM",
    };
    let todo = check.todo.as_ref().map(|todo| format!("\n{:9}{:15}do: {todo}", "", "")).unwrap_or_default();
    format!("{word:9}{:15}{}{todo}", check.name, check.what)
}
