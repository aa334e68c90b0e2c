//! What a route gives an engine: a tree of plain values, so that this crate needs no format.

use std::collections::BTreeMap;

/// The parameters of a route, by name.
pub type Params = BTreeMap<String, Param>;

/// A value out of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Words.
    Text(String),
    /// Some.
    List(Vec<Param>),
    /// By name.
    Map(Params),
}

impl Param {
    /// The words, if it is words.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
