//! Durable truth behind the `Store` port.
//!
//! All SQL of Macaw is here. Nothing here decides: rules come from the domain and run inside the
//! writing transaction.

#[cfg(feature = "mysql")]
mod mysql;
mod rows;
mod sqlite;
mod stored;

#[cfg(feature = "mysql")]
pub use mysql::{Mysql, MysqlOpenError};
pub use sqlite::{Inspection, OpenError, Sqlite, copy, inspect, integrity, known_schema, renew_epoch};
