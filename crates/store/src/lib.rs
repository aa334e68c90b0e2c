//! Durable truth behind the `Store` port.
//!
//! All SQL of Macaw is here. Nothing here decides: rules come from the domain and run inside the
//! writing transaction.

mod rows;
mod sqlite;
mod stored;

pub use sqlite::{OpenError, Sqlite};
