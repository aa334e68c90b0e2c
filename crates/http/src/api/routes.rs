//! How a noun puts its handlers into the router: with their documentation, or not at all.

use super::document;
use crate::state::App;
use axum::Router;
use std::collections::BTreeMap;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// The routes of one noun. There is no way to add a handler that lacks `#[utoipa::path]`.
pub(crate) struct Routes {
    noun: &'static str,
    router: OpenApiRouter<App>,
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Routes {
    /// None yet. The noun is the tag of its operations and the beginning of their ids.
    pub(crate) fn of(noun: &'static str) -> Self {
        Self { noun, router: OpenApiRouter::with_openapi(document::empty()), schemas: BTreeMap::new() }
    }

    /// The handlers of one path: `routes!(list, create)`.
    ///
    /// # Panics
    /// At start, when two types of this noun share a schema's name: give one `#[schema(as = …)]`.
    pub(crate) fn with(mut self, (schemas, mut paths, methods): UtoipaMethodRouter<App>) -> Self {
        for (name, schema) in &schemas {
            add_schema(&mut self.schemas, name, schema);
        }
        for operation in paths.paths.values_mut().flat_map(operations) {
            let verb = operation.operation_id.take().unwrap_or_default();
            operation.operation_id = Some(format!("{}_{verb}", self.noun));
            operation.tags = Some(vec![self.noun.to_owned()]);
        }
        self.router = self.router.routes((schemas, paths, methods));
        self
    }

    /// The nouns together: a router, and the document of exactly its routes.
    pub(crate) fn together(nouns: impl IntoIterator<Item = Self>) -> (Router<App>, OpenApi) {
        let mut all = OpenApiRouter::with_openapi(document::empty());
        let mut seen = BTreeMap::new();
        for noun in nouns {
            for (name, schema) in &noun.schemas {
                add_schema(&mut seen, name, schema);
            }
            all = all.merge(noun.router);
        }
        all.split_for_parts()
    }
}

fn add_schema(seen: &mut BTreeMap<String, RefOr<Schema>>, name: &str, schema: &RefOr<Schema>) {
    let before = seen.insert(name.to_owned(), schema.clone());
    assert!(before.is_none_or(|before| before == *schema), "two types are called {name} in the API document");
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
}
