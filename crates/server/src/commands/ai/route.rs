//! `macaw ai route`: which rule of a file a question meets, and why.

use crate::clock::WallClock;
use crate::config::{make_engines, no_needs};
use crate::routing::read;
use crate::{EXIT_CONFIG, print};
use clap::Args;
use macaw_app::{Clock, Engines, Facts, Param, Params, Routed};
use macaw_connectors::engines::built_in;
use macaw_domain::{Millis, SiteId, TenantId};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct RouteArgs {
    /// The routing file.
    #[arg(long)]
    file: PathBuf,
    /// The question.
    question: String,
    /// As if it were asked in this tenant.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// As if it were asked at this site.
    #[arg(long)]
    site: Option<SiteId>,
    /// As if it were asked by somebody whom the site has vouched for.
    #[arg(long)]
    identified: bool,
    /// As if it were asked then, in milliseconds since 1970.
    #[arg(long)]
    at: Option<Millis>,
    /// The configuration whose engines the rules may name.
    #[arg(long)]
    config: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &RouteArgs) -> ExitCode {
    let config = match crate::load(args.config.as_deref()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let routes = match read(&args.file) {
        Ok(routes) => routes,
        Err(error) => {
            if args.json {
                eprintln!(
                    "{}",
                    json!({ "line": error.place.line, "column": error.place.column, "message": error.message })
                );
            } else {
                eprintln!("{}:{}:{}: {}", args.file.display(), error.place.line, error.place.column, error.message);
            }
            return ExitCode::from(EXIT_CONFIG);
        }
    };
    let needs = no_needs();
    let configured = make_engines(&config.engines, &needs).unwrap_or_default();
    let engines = Engines::new(built_in(&needs).into_iter().chain(configured));
    for warning in routes.warnings(&engines) {
        let place = warning.place;
        eprintln!("{}:{}:{}: warning: {}", args.file.display(), place.line, place.column, warning.message);
    }
    let now = args.at.unwrap_or_else(|| WallClock.now());
    let (tenant, site, identified) = (args.tenant, args.site, args.identified);
    let routed = routes.route(&Facts { text: &args.question, tenant, site, identified, now });
    print(&if args.json { as_json(routed.as_ref()).to_string() } else { words(routed.as_ref()) })
}

const NOBODY: &str = "no rule matches; the site's own engine answers";

fn as_json(routed: Option<&Routed<'_>>) -> Value {
    let Some(routed) = routed else {
        return json!({ "index": null, "name": null, "engine": null, "params": {}, "chain": [], "handoff": false, "why": NOBODY });
    };
    let steps = &routed.route.steps;
    let chain: Vec<_> =
        steps.iter().skip(1).map(|step| json!({ "engine": step.engine, "params": object(&step.params) })).collect();
    json!({
        "index": routed.index,
        "name": routed.name,
        "engine": steps.first().map(|step| &step.engine),
        "params": steps.first().map(|step| object(&step.params)).unwrap_or_default(),
        "chain": chain,
        "handoff": routed.route.handoff,
        "why": routed.why,
    })
}

fn words(routed: Option<&Routed<'_>>) -> String {
    let Some(routed) = routed else { return NOBODY.to_owned() };
    let rule = routed.index.map_or("default".to_owned(), |index| format!("rule {index}"));
    let name = routed.name.map(|name| format!(" ({name})")).unwrap_or_default();
    let mut asked: Vec<&str> = routed.route.steps.iter().map(|step| step.engine.as_str()).collect();
    if routed.route.handoff {
        asked.clear();
    }
    asked.push("a person");
    format!("{rule}{name}: {}\n{}", asked.join(", then "), routed.why)
}

fn object(params: &Params) -> Map<String, Value> {
    params.iter().map(|(name, param)| (name.clone(), value(param))).collect()
}

fn value(param: &Param) -> Value {
    match param {
        Param::Null => Value::Null,
        Param::Bool(yes) => Value::Bool(*yes),
        Param::Integer(number) => Value::from(*number),
        Param::Number(number) => Value::from(*number),
        Param::Text(text) => Value::String(text.clone()),
        Param::List(list) => list.iter().map(value).collect(),
        Param::Map(map) => Value::Object(object(map)),
    }
}
