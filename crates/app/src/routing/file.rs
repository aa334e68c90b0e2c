//! The routing file, read strictly: what is not understood is refused where it stands.

use super::conditions::{Conditions, Hours};
use super::yaml::{self, Node, Place, RouteFileError, Tree, error};
use super::{Pattern, Route, RouteBounds, RouteStep, Rule};
use crate::{Param, Params};
use macaw_domain::{SiteId, TenantId};

/// Engines of one chain.
const MOST_STEPS: usize = 8;

const TOP: [&str; 2] = ["rules", "default"];
const OF_RULE: [&str; 7] = ["pattern", "ai_engine", "params", "name", "conditions", "chain", "handoff"];
const OF_ROUTE: [&str; 4] = ["ai_engine", "params", "chain", "handoff"];
const OF_STEP: [&str; 2] = ["ai_engine", "params"];
const OF_CONDITIONS: [&str; 5] = ["tenants", "sites", "language", "hours", "identified"];
const OF_HOURS: [&str; 5] = ["days", "from", "to", "zone", "outside"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

type Read<T> = Result<T, RouteFileError>;

/// The rules of a file, and what stands where none matches.
pub(super) fn read(text: &str, bounds: &RouteBounds) -> Read<(Vec<Rule>, Option<Route>)> {
    if text.len() > bounds.bytes {
        let words = format!("there are more than {} KiB", bounds.bytes / 1024);
        return Err(error(Place { line: 1, column: 1 }, words));
    }
    let Some(root) = yaml::read(text)? else { return Err(error(Place { line: 1, column: 1 }, "rules are missing")) };
    let keys = Keys::of(&root, "the file", &TOP)?;
    let rules = keys.find("rules").ok_or_else(|| error(root.place, "rules are missing"))?;
    let rules = rules.list("rules")?;
    if let Some(beyond) = rules.get(bounds.rules) {
        return Err(error(beyond.place, format!("at most {} rules", bounds.rules)));
    }
    let rules = rules.iter().map(|node| rule(node, text, bounds)).collect::<Read<Vec<_>>>()?;
    let default = keys.find("default").map(|node| Keys::of(node, "default", &OF_ROUTE).and_then(|keys| route(&keys)));
    Ok((rules, default.transpose()?))
}

/// The keys of a map, all of them known.
struct Keys<'a> {
    place: Place,
    pairs: &'a [(Node, Node)],
}

impl<'a> Keys<'a> {
    fn of(node: &'a Node, what: &str, known: &[&str]) -> Read<Self> {
        let pairs = node.map(what)?;
        for (key, _) in pairs {
            let name = key.text("a key")?;
            if !known.contains(&name) {
                return Err(error(key.place, format!("{what}: unknown key {name}; known: {}", known.join(", "))));
            }
        }
        Ok(Self { place: node.place, pairs })
    }

    fn find(&self, name: &str) -> Option<&'a Node> {
        self.pairs.iter().find(|(key, _)| key.text("a key").is_ok_and(|key| key == name)).map(|(_, value)| value)
    }
}

fn rule(node: &Node, text: &str, bounds: &RouteBounds) -> Read<Rule> {
    let keys = Keys::of(node, "a rule", &OF_RULE)?;
    let pattern = keys.find("pattern").map(|node| pattern(node, text, bounds)).transpose()?;
    let conditions = keys.find("conditions").map(conditions).transpose()?.unwrap_or_default();
    let name = keys.find("name").map(|node| node.text("name").map(str::to_owned)).transpose()?;
    if pattern.is_none() && conditions == Conditions::default() {
        return Err(error(
            node.place,
            "a rule has a pattern, or conditions, or both; for all that is left there is default",
        ));
    }
    Ok(Rule { place: node.place, name, pattern, conditions, route: route(&keys)? })
}

fn route(keys: &Keys<'_>) -> Read<Route> {
    let handoff = keys.find("handoff").map(|node| node.yes("handoff")).transpose()?.unwrap_or(false);
    let mut steps = Vec::new();
    match keys.find("ai_engine") {
        Some(_) => steps.push(step(keys)?),
        None if handoff => {}
        None => return Err(error(keys.place, "ai_engine is missing; or handoff: true for a person at once")),
    }
    if let Some(chain) = keys.find("chain") {
        for node in chain.list("chain")? {
            steps.push(match &node.tree {
                Tree::Scalar { .. } => RouteStep { place: node.place, engine: engine(node)?, params: Params::new() },
                _ => step(&Keys::of(node, "a step of the chain", &OF_STEP)?)?,
            });
        }
    }
    if steps.len() > MOST_STEPS {
        return Err(error(keys.place, format!("at most {MOST_STEPS} engines, one after the other")));
    }
    Ok(Route { steps, handoff })
}

fn step(keys: &Keys<'_>) -> Read<RouteStep> {
    let node = keys.find("ai_engine").ok_or_else(|| error(keys.place, "ai_engine is missing"))?;
    let params = match keys.find("params").map(param).transpose()? {
        None | Some(Param::Null) => Params::new(),
        Some(Param::Map(params)) => params,
        Some(_) => return Err(error(keys.place, "params: expected keys with values")),
    };
    Ok(RouteStep { place: node.place, engine: engine(node)?, params })
}

fn engine(node: &Node) -> Read<String> {
    match node.text("ai_engine")? {
        "" => Err(error(node.place, "ai_engine: the name of an engine")),
        // The older word for it.
        "kozi" => Ok("coze".to_owned()),
        name => Ok(name.to_owned()),
    }
}

fn pattern(node: &Node, text: &str, bounds: &RouteBounds) -> Read<Pattern> {
    let pattern = node.text("pattern")?;
    Pattern::new(pattern, bounds.compiled)
        .map_err(|(offset, words)| error(inside(node, pattern, offset, text), format!("pattern: {words}")))
}

/// Where in the file a place in a pattern is, if the pattern stands there as it is; otherwise where it begins.
fn inside(node: &Node, pattern: &str, offset: Option<usize>, text: &str) -> Place {
    let Tree::Scalar { quoted_once, .. } = node.tree else { return node.place };
    let line = text.lines().nth(node.place.line.saturating_sub(1)).unwrap_or_default();
    let from = node.place.column - 1 + usize::from(quoted_once);
    let here: String = line.chars().skip(from).collect();
    match offset {
        Some(offset) if here.starts_with(pattern) => {
            let before = pattern.get(..offset).unwrap_or_default().chars().count();
            Place { column: from + 1 + before, ..node.place }
        }
        _ => node.place,
    }
}

fn param(node: &Node) -> Read<Param> {
    Ok(match &node.tree {
        Tree::Scalar { text, plain: false, .. } => Param::Text(text.clone()),
        Tree::Scalar { text, .. } => plain(text),
        Tree::List(list) => Param::List(list.iter().map(param).collect::<Read<_>>()?),
        Tree::Map(pairs) => {
            let pair = |(key, value): &(Node, Node)| Ok((key.text("a key")?.to_owned(), param(value)?));
            Param::Map(pairs.iter().map(pair).collect::<Read<_>>()?)
        }
    })
}

/// A scalar without quotes, by the rules of YAML 1.2.
fn plain(text: &str) -> Param {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Param::Null,
        "true" | "True" | "TRUE" => return Param::Bool(true),
        "false" | "False" | "FALSE" => return Param::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if let (true, Ok(number)) = (numeric, text.parse::<i64>()) {
        return Param::Integer(number);
    }
    match text.parse::<f64>() {
        Ok(number) if numeric && number.is_finite() => Param::Number(number),
        _ => Param::Text(text.to_owned()),
    }
}

fn conditions(node: &Node) -> Read<Conditions> {
    let keys = Keys::of(node, "conditions", &OF_CONDITIONS)?;
    let tenants = each(keys.find("tenants"), |text| text.parse::<TenantId>().ok().ok_or("the id of a tenant"))?;
    let sites = each(keys.find("sites"), |text| text.parse::<SiteId>().ok().ok_or("the id of a site"))?;
    let spoken = |text: &str| ["zh", "en"].contains(&text).then(|| text.to_owned()).ok_or("zh or en");
    let languages = each(keys.find("language"), spoken)?;
    let identified = keys.find("identified").map(|node| node.yes("identified")).transpose()?;
    let hours = keys.find("hours").map(hours).transpose()?;
    Ok(Conditions { tenants, sites, languages, hours, identified })
}

/// One value or a list of them.
fn each<T>(node: Option<&Node>, read: impl Fn(&str) -> Result<T, &'static str>) -> Read<Vec<T>> {
    let one = |node: &Node| read(node.text("it")?).map_err(|wanted| error(node.place, format!("expected {wanted}")));
    match node {
        None => Ok(Vec::new()),
        Some(node) => match &node.tree {
            Tree::List(list) => list.iter().map(one).collect(),
            _ => Ok(vec![one(node)?]),
        },
    }
}

fn hours(node: &Node) -> Read<Hours> {
    let keys = Keys::of(node, "hours", &OF_HOURS)?;
    let day = |text: &str| DAYS.iter().position(|day| *day == text).and_then(|day| u8::try_from(day).ok());
    let mut days = each(keys.find("days"), |text| day(text).ok_or("mon, tue, wed, thu, fri, sat or sun"))?;
    if days.is_empty() {
        days = (0..7).collect();
    }
    let time = |name: &str| {
        let node =
            keys.find(name).ok_or_else(|| error(keys.place, format!("hours: {name} is missing, such as \"09:00\"")))?;
        clock(node.text(name)?)
            .ok_or_else(|| error(node.place, format!("{name}: a time such as \"09:00\", up to \"24:00\"")))
    };
    let (from, to) = (time("from")?, time("to")?);
    let zone = match keys.find("zone") {
        None => 0,
        Some(node) => zone(node.text("zone")?)
            .ok_or_else(|| error(node.place, "zone: the distance from UTC, such as \"+08:00\""))?,
    };
    let outside = keys.find("outside").map(|node| node.yes("outside")).transpose()?.unwrap_or(false);
    Ok(Hours { days, from, to, zone, outside })
}

/// Minutes of "09:30".
fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) =
        (digits(hours) && digits(minutes)).then(|| (hours.parse::<u16>(), minutes.parse::<u16>()))?;
    let (hours, minutes) = (hours.ok()?, minutes.ok()?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= 24 * 60).then_some(all)
}

fn zone(text: &str) -> Option<i16> {
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let minutes = i16::try_from(clock(rest)?).ok()?;
    (minutes <= 14 * 60).then_some(sign * minutes)
}
