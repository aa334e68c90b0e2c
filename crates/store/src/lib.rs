//! Durable truth behind the `Store` and `Blob` ports.
//!
//! All SQL of Macaw is here. Nothing here decides: rules come from the domain and run inside the
//! writing transaction.

mod folder;
mod sqlite;

pub use folder::{DRAFTS, Folder};
pub use sqlite::{Inspection, OpenError, Sqlite, copy, inspect, integrity, known_schema, renew_epoch};
