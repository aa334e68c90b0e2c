//! Opening: pragmas, migrations with a copy before, the epoch of the store.

use macaw_app::{Clock, planted};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// Migration N is the Nth; a database holds how many it has seen in `user_version`.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_begin.sql"),
    include_str!("../../migrations/sqlite/0002_knowledge.sql"),
    include_str!("../../migrations/sqlite/0003_identity.sql"),
    include_str!("../../migrations/sqlite/0004_people.sql"),
    include_str!("../../migrations/sqlite/0005_files.sql"),
    include_str!("../../migrations/sqlite/0006_delivered.sql"),
    include_str!("../../migrations/sqlite/0007_engine_memory.sql"),
    include_str!("../../migrations/sqlite/0008_ai_settings.sql"),
    include_str!("../../migrations/sqlite/0009_widget.sql"),
    include_str!("../../migrations/sqlite/0010_desk.sql"),
];

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A later Macaw wrote it.
    #[error(
        "{path}: the database has schema {found}, this Macaw knows up to {known}; use the newer Macaw, or restore a backup"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// What it has.
        found: usize,
        /// What we know.
        known: usize,
    },
    /// The copy before a migration failed.
    #[error("{path}: the copy before the migration failed: {source}")]
    Copy {
        /// Where to.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// Anything else.
    #[error("{path}: {source}")]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

/// The writing connection and the epoch of the store.
pub(super) fn open(path: &Path, clock: &dyn Clock) -> Result<(Connection, Uuid), OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let mut db = Connection::open(path).map_err(failed)?;
    // FULL: an ack survives a loss of power. Checkpoints have a thread of their own.
    db.execute_batch(
        "pragma journal_mode = wal;
         pragma synchronous = full;
         pragma wal_autocheckpoint = 0;
         pragma cache_size = -16384;
         pragma temp_store = memory;",
    )
    .map_err(failed)?;
    // A kill does not show this one, only a loss of power does: crates/store/tests/power_cut.
    if planted("sync_off") {
        db.execute_batch("pragma synchronous = off").map_err(failed)?;
    }
    db.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    db.set_prepared_statement_cache_capacity(64);
    migrate(&mut db, path)?;
    if planted("dedupe_off") {
        db.execute_batch("drop index if exists message_client").map_err(failed)?;
    }
    if planted("seq_reused") {
        let reuse = "drop index if exists message_seq; update conversation set head = head - 1 where head > 1";
        db.execute_batch(reuse).map_err(failed)?;
    }
    super::jobs::recover(&db, clock.now()).map_err(failed)?;
    let epoch = epoch(&db, clock).map_err(failed)?;
    Ok((db, epoch))
}

/// A connection that cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let found: usize = db.query_row("pragma user_version", [], |row| row.get(0)).map_err(failed)?;
    let known = MIGRATIONS.len();
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    if found > 0 && found < known {
        let copy = path.with_extension(format!("before-schema-{known}.db"));
        let text = copy.to_string_lossy().into_owned();
        db.execute("vacuum into ?1", [text]).map_err(|source| OpenError::Copy { path: copy, source })?;
    }
    for (n, migration) in MIGRATIONS.iter().enumerate().skip(found) {
        let step = db.transaction().map_err(failed)?;
        step.execute_batch(migration).map_err(failed)?;
        step.pragma_update(None, "user_version", n + 1).map_err(failed)?;
        step.commit().map_err(failed)?;
    }
    Ok(())
}

fn epoch(db: &Connection, clock: &dyn Clock) -> Result<Uuid, rusqlite::Error> {
    let known: Option<Uuid> =
        db.query_row("select value from meta where key = 'epoch'", [], |row| row.get(0)).optional()?;
    if let Some(epoch) = known {
        return Ok(epoch);
    }
    let epoch = clock.fresh();
    db.execute("insert into meta (key, value) values ('epoch', ?1)", [epoch])?;
    Ok(epoch)
}
