//! Routing: which engine a question goes to. Rules of a file, the first that matches wins.
//!
//! All words that the patterns need are looked for at once, by one automaton; only the rules whose word was found
//! are tried, in their order. One large set of patterns is far slower, and so is trying them one by one.

mod conditions;
mod file;
mod literals;
mod table;
mod yaml;

use crate::{Engines, Params};
pub use conditions::{Conditions, Facts};
use literals::{Needs, needs};
use regex::{Regex, RegexBuilder};
use std::sync::{Arc, PoisonError, RwLock};
use table::MOST_TRIED;
pub use table::{Routed, Routes};
pub use yaml::{Place, RouteFileError};

/// How much rules may be and take: more is hostile or a mistake.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RouteBounds {
    /// Of the text.
    bytes: usize,
    rules: usize,
    /// Of one pattern when it is compiled, in bytes.
    compiled: usize,
    /// Rules without a word that they need, which are tried on every question.
    tried: usize,
}

impl RouteBounds {
    /// Of the installation's file: its operator harms nobody else.
    const FILE: Self = Self { bytes: 8 << 20, rules: usize::MAX, compiled: 1 << 20, tried: usize::MAX };
    /// Of a tenant, with whom others share the process.
    pub(crate) const TENANT: Self = Self { bytes: 64 << 10, rules: 500, compiled: 256 << 10, tried: MOST_TRIED };
}

/// An engine to ask, and what it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteStep {
    /// Where it stands in the file.
    pub place: Place,
    /// The engine, by its name or, when there is only one of it, by its kind.
    pub engine: String,
    /// What it is given besides the question.
    pub params: Params,
}

/// Who is asked, one after the other; then a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// In this order, each when the one before it failed.
    pub steps: Vec<RouteStep>,
    /// A person at once.
    pub handoff: bool,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Where it stands in the file.
    pub place: Place,
    /// What people call it.
    pub name: Option<String>,
    /// Where it leads.
    pub route: Route,
    conditions: Conditions,
    pattern: Option<Pattern>,
}

/// A pattern, ready to be tried.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    needs: Needs,
    /// `None` when the words that it needs say all.
    regex: Option<Regex>,
}

impl Pattern {
    /// Reads a pattern. The error says where in it, in bytes, if that is known.
    fn new(text: &str, most_compiled: usize) -> Result<Self, (Option<usize>, String)> {
        let hir = regex_syntax::parse(text).map_err(|error| match &error {
            regex_syntax::Error::Parse(parse) => (Some(parse.span().start.offset), parse.kind().to_string()),
            regex_syntax::Error::Translate(wrong) => (Some(wrong.span().start.offset), wrong.kind().to_string()),
            other => (None, other.to_string()),
        })?;
        let needs = needs(&hir);
        let regex = match needs {
            Needs::Nothing | Needs::JustOneOf(_) => None,
            Needs::OneOf(_) | Needs::Unknown => {
                let built = RegexBuilder::new(text).size_limit(most_compiled).build();
                Some(built.map_err(|_| (None, "it is too large".to_owned()))?)
            }
        };
        Ok(Self { text: text.to_owned(), needs, regex })
    }
}

/// The rules of now. A turn keeps those that it began with.
#[derive(Debug, Default)]
pub struct Routing(RwLock<Arc<Routes>>);

impl Routing {
    /// The rules of now.
    pub fn now(&self) -> Arc<Routes> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other rules in place.
    pub fn replace(&self, routes: Routes) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(routes);
    }
}

/// What a file says that is no error and will not be as it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteWarning {
    /// Where.
    pub place: Place,
    /// What, and what follows from it.
    pub message: String,
}

impl Routes {
    /// What is to be said about rules for these engines.
    pub fn warnings(&self, engines: &Engines) -> Vec<RouteWarning> {
        let all = self.rules.iter().map(|rule| &rule.route).chain(&self.default);
        let mut warnings: Vec<_> = all
            .flat_map(|route| &route.steps)
            .filter_map(|step| {
                let message = format!("{}; its questions go on along the chain", engines.called(&step.engine).err()?);
                Some(RouteWarning { place: step.place, message })
            })
            .collect();
        warnings.extend(self.slow());
        warnings
    }
}

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
