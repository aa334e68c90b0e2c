//! YAML as a tree that knows where each of its nodes stands. Aliases are refused: a few lines of them can stand for
//! more than memory holds.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::HashSet;

/// The deepest nesting of a file.
const MOST_DEEP: usize = 32;

/// A place in a file, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Why a file is no routing file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", place.line, place.column)]
pub struct RouteFileError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) tree: Tree,
}

#[derive(Debug)]
pub(super) enum Tree {
    /// `plain`: without quotes, so that it may be a number or a yes.
    Scalar {
        text: String,
        plain: bool,
        quoted_once: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

pub(super) fn error(place: Place, message: impl Into<String>) -> RouteFileError {
    RouteFileError { place, message: message.into() }
}

impl Node {
    /// The text of a scalar.
    pub(super) fn text(&self, what: &str) -> Result<&str, RouteFileError> {
        match &self.tree {
            Tree::Scalar { text, .. } => Ok(text),
            _ => Err(error(self.place, format!("{what}: expected text"))),
        }
    }

    pub(super) fn list(&self, what: &str) -> Result<&[Self], RouteFileError> {
        match &self.tree {
            Tree::List(list) => Ok(list),
            _ => Err(error(self.place, format!("{what}: expected a list"))),
        }
    }

    pub(super) fn map(&self, what: &str) -> Result<&[(Self, Self)], RouteFileError> {
        match &self.tree {
            Tree::Map(map) => Ok(map),
            _ => Err(error(self.place, format!("{what}: expected keys with values"))),
        }
    }

    pub(super) fn yes(&self, what: &str) -> Result<bool, RouteFileError> {
        match self.text(what)? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(error(self.place, format!("{what}: true or false"))),
        }
    }
}

fn place(span: Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

/// The one document of a file; `None` if it is empty.
pub(super) fn read(text: &str) -> Result<Option<Node>, RouteFileError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|scan| {
            let at = scan.marker();
            error(Place { line: at.line(), column: at.col() + 1 }, scan.info())
        })?;
        builder.take(event, place(span))?;
    }
    Ok(builder.root)
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    /// Of a map: a key whose value has not come yet.
    key: Option<Node>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: Place) -> Result<(), RouteFileError> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(error(at, "a second document; one file holds one"));
                }
            }
            Event::Alias(_) => return Err(error(at, "aliases (*name) are not taken; write it out")),
            Event::Scalar(text, style, anchor, tag) => {
                refuse(at, anchor, tag.is_some())?;
                let plain = style == ScalarStyle::Plain;
                let quoted_once = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                self.put(Node { place: at, tree: Tree::Scalar { text: text.into_owned(), plain, quoted_once } });
            }
            Event::SequenceStart(anchor, tag) => {
                refuse(at, anchor, tag.is_some())?;
                self.open(Node { place: at, tree: Tree::List(Vec::new()) })?;
            }
            Event::MappingStart(anchor, tag) => {
                refuse(at, anchor, tag.is_some())?;
                self.open(Node { place: at, tree: Tree::Map(Vec::new()) })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, node: Node) -> Result<(), RouteFileError> {
        if self.open.len() >= MOST_DEEP {
            return Err(error(node.place, format!("nested more than {MOST_DEEP} deep")));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn close(&mut self) -> Result<(), RouteFileError> {
        let Some(Open { node, .. }) = self.open.pop() else { return Ok(()) };
        if let Tree::Map(pairs) = &node.tree {
            let mut names = HashSet::new();
            for (key, _) in pairs {
                let name = key.text("a key")?;
                if !names.insert(name) {
                    return Err(error(key.place, format!("{name} is given twice")));
                }
            }
        }
        self.put(node);
        Ok(())
    }

    fn put(&mut self, node: Node) {
        let Some(Open { node: open, key }) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.tree {
            Tree::List(list) => list.push(node),
            Tree::Map(pairs) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None => *key = Some(node),
            },
            // Nothing is put into a scalar: only lists and maps are opened.
            Tree::Scalar { .. } => {}
        }
    }
}

fn refuse(at: Place, anchor: usize, tag: bool) -> Result<(), RouteFileError> {
    if anchor > 0 {
        return Err(error(at, "anchors (&name) are not taken; write it out"));
    }
    if tag { Err(error(at, "tags (!name) are not taken")) } else { Ok(()) }
}
