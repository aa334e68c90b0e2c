//! Durable truth behind the `Store` and `Blob` ports.
//!
//! All SQL of Macaw is here. Nothing here decides: rules come from the domain and run inside the
//! writing transaction.

mod folder;
mod looks;
#[cfg(feature = "mysql")]
mod mysql;
mod rows;
mod sqlite;
mod stored;

pub use folder::{DRAFTS, Folder};
#[cfg(feature = "mysql")]
pub use mysql::{Mysql, MysqlOpenError};
pub use sqlite::{Inspection, OpenError, Sqlite, copy, inspect, integrity, known_schema, renew_epoch};
