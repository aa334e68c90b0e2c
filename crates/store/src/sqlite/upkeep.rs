//! Copies of the database and looks at it, for backup, restore and doctor. Each opens a connection of its own, so
//! that a server that runs is not disturbed.

use super::open::{MIGRATIONS, OpenError, open_reader};
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;
use uuid::Uuid;

/// What a database file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Migrations it has seen.
    pub schema: usize,
    /// Migrations that this Macaw knows.
    pub known: usize,
    /// The epoch of the store, once it had a first start.
    pub epoch: Option<Uuid>,
    /// The newest time in it, in milliseconds since 1970; a clock that shows less went back.
    pub newest_at: Option<i64>,
}

/// Migrations that this Macaw knows.
pub fn known_schema() -> usize {
    MIGRATIONS.len()
}

fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> OpenError + '_ {
    |source| OpenError::Sqlite { path: path.to_owned(), source }
}

/// Reads schema and epoch. Changes nothing.
pub fn inspect(path: &Path) -> Result<Inspection, OpenError> {
    let db = open_reader(path)?;
    let schema = db.query_row("pragma user_version", [], |row| row.get(0)).map_err(failed(path))?;
    let mut inspection = Inspection { schema, known: known_schema(), epoch: None, newest_at: None };
    if schema > 0 {
        let epoch = "select value from meta where key = 'epoch'";
        inspection.epoch = db.query_row(epoch, [], |row| row.get(0)).optional().map_err(failed(path))?;
        // The row id rises with each message, so this reads one row.
        let newest = "select at from message order by position desc limit 1";
        inspection.newest_at = db.query_row(newest, [], |row| row.get(0)).optional().map_err(failed(path))?;
    }
    Ok(inspection)
}

/// What `pragma integrity_check` finds wrong; empty when all is well. Reads the whole file.
pub fn integrity(path: &Path) -> Result<Vec<String>, OpenError> {
    let db = open_reader(path)?;
    let mut check = db.prepare("pragma integrity_check(20)").map_err(failed(path))?;
    let rows = check.query_map([], |row| row.get::<_, String>(0)).map_err(failed(path))?;
    let found: Vec<String> = rows.collect::<Result<_, _>>().map_err(failed(path))?;
    Ok(if found == ["ok"] { Vec::new() } else { found })
}

/// Writes a consistent copy to `to`, which must not exist. Whatever was committed before the call is in it; writers
/// go on meanwhile.
pub fn copy(from: &Path, to: &Path) -> Result<(), OpenError> {
    let db = open_reader(from)?;
    db.execute("vacuum into ?1", [to.to_string_lossy()])
        .map(drop)
        .map_err(|source| OpenError::Copy { path: to.to_owned(), source })
}

/// Gives a database another epoch, so that nobody takes positions of before for positions of now.
pub fn renew_epoch(path: &Path, epoch: Uuid) -> Result<(), OpenError> {
    let db = Connection::open(path).map_err(failed(path))?;
    db.execute_batch("pragma synchronous = full").map_err(failed(path))?;
    let put = "insert into meta (key, value) values ('epoch', ?1) on conflict (key) do update set value = ?1";
    db.execute(put, [epoch]).map(drop).map_err(failed(path))
}
