//! Durable truth behind the `Store` port.
//!
//! All SQL of Macaw is here. Nothing here decides: rules come from the domain and run inside the
//! writing transaction.

mod sqlite;

pub use sqlite::{Inspection, OpenError, Sqlite, copy, inspect, integrity, known_schema, renew_epoch};
