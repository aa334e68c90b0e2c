//! Opening: the connection, migrations under a lock, the epoch, and whether an ack survives a loss of power.

use super::errors::{in_words, number};
use macaw_app::Clock;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};
use std::str::FromStr;
use std::time::Duration;
use uuid::Uuid;

/// Migration N is the Nth; `meta` holds how many a database has seen.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/mysql/0001_begin.sql"),
    include_str!("../../migrations/mysql/0002_knowledge.sql"),
    include_str!("../../migrations/mysql/0003_identity.sql"),
    include_str!("../../migrations/mysql/0004_people.sql"),
    include_str!("../../migrations/mysql/0005_files.sql"),
    include_str!("../../migrations/mysql/0006_file_rows.sql"),
    include_str!("../../migrations/mysql/0007_delivered.sql"),
    include_str!("../../migrations/mysql/0008_engine_memory.sql"),
    include_str!("../../migrations/mysql/0009_ai_settings.sql"),
    include_str!("../../migrations/mysql/0010_widget.sql"),
    include_str!("../../migrations/mysql/0011_desk.sql"),
];
/// The column is there already.
const COLUMN_THERE: u16 = 1060;
/// How long to wait for a server that does not answer.
const CONNECT: Duration = Duration::from_secs(10);
/// How long another node may migrate before this one gives up.
const MIGRATING_SECONDS: i64 = 60;

/// Why the database cannot be used. Never holds the password.
#[derive(Debug, thiserror::Error)]
pub enum MysqlOpenError {
    /// The address is none.
    #[error(
        "store.url: {0}; write mysql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password as %XX"
    )]
    Address(String),
    /// No server, or it lets us not in.
    #[error(
        "the database {database} on {host}:{port} cannot be used: {reason}; check that the server runs, and store.url"
    )]
    Down {
        /// Where.
        host: String,
        /// Which port.
        port: u16,
        /// Which database.
        database: String,
        /// Why, as the server or the system says.
        reason: String,
    },
    /// A later Macaw wrote it.
    #[error(
        "the database has schema {found}, this Macaw knows up to {known}; use the newer Macaw, or restore a backup"
    )]
    Newer {
        /// What it has.
        found: usize,
        /// What we know.
        known: usize,
    },
    /// Another node holds the lock of the migration.
    #[error("another Macaw has been migrating the database for {MIGRATING_SECONDS} s; start again when it is done")]
    Migrating,
    /// Reading or migrating failed.
    #[error("the database cannot be prepared: {0}")]
    Prepare(String),
}

impl From<sqlx::Error> for MysqlOpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Prepare(in_words(&error))
    }
}

/// Where the server is, from `mysql://…`.
pub(super) fn options(url: &str) -> Result<MySqlConnectOptions, MysqlOpenError> {
    let schemes = ["mysql://", "mariadb://"];
    if !schemes.iter().any(|scheme| url.starts_with(scheme)) {
        return Err(MysqlOpenError::Address("the address does not begin with mysql://".to_owned()));
    }
    let options = MySqlConnectOptions::from_str(url).map_err(|error| match error {
        // Says what is wrong with the form and quotes nothing.
        sqlx::Error::Configuration(reason) => MysqlOpenError::Address(reason.to_string()),
        _ => MysqlOpenError::Address("it is no address".to_owned()),
    })?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(MysqlOpenError::Address("the address names no database".to_owned()));
    }
    Ok(options.disable_statement_logging())
}

/// What every connection is told first: this is what the code was written for.
pub(super) const SESSION: &str = "set session transaction isolation level read committed; \
     set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5";

/// A connection for writing.
pub(super) async fn connect(options: &MySqlConnectOptions) -> Result<MySqlConnection, sqlx::Error> {
    let connecting = async {
        let mut db = options.connect().await?;
        db.execute(SESSION).await?;
        Ok(db)
    };
    let late = || sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut));
    tokio::time::timeout(CONNECT, connecting).await.unwrap_or_else(|_| Err(late()))
}

/// The first connection, the schema, and the epoch of the store.
pub(super) async fn prepare(
    options: &MySqlConnectOptions,
    clock: &dyn Clock,
) -> Result<(MySqlConnection, Uuid), MysqlOpenError> {
    let mut db = connect(options).await.map_err(|error| MysqlOpenError::Down {
        host: options.get_host().to_owned(),
        port: options.get_port(),
        database: options.get_database().unwrap_or_default().to_owned(),
        reason: in_words(&error),
    })?;
    migrate(&mut db).await?;
    let epoch = epoch(&mut db, clock.fresh()).await?;
    for warning in durability(&mut db).await? {
        tracing::warn!("{warning}");
    }
    Ok((db, epoch))
}

/// Nodes that start together migrate one after the other; who comes second finds it done.
async fn migrate(db: &mut MySqlConnection) -> Result<(), MysqlOpenError> {
    // Locks are of the server, not of the database.
    let lock = "concat('macaw:', left(sha1(database()), 32))";
    let take = AssertSqlSafe(format!("select get_lock({lock}, ?)"));
    let taken: Option<i64> = sqlx::query_scalar(take).bind(MIGRATING_SECONDS).fetch_one(&mut *db).await?;
    if taken != Some(1) {
        return Err(MysqlOpenError::Migrating);
    }
    let migrated = migrate_locked(db).await;
    db.execute(AssertSqlSafe(format!("do release_lock({lock})"))).await?;
    migrated
}

async fn migrate_locked(db: &mut MySqlConnection) -> Result<(), MysqlOpenError> {
    db.execute(
        "create table if not exists meta (name varchar(64) primary key, value varbinary(64) not null)
         engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin",
    )
    .await?;
    let seen: Option<Vec<u8>> =
        sqlx::query_scalar("select value from meta where name = 'schema'").fetch_optional(&mut *db).await?;
    let seen = seen.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| text.parse().ok());
    let (found, known) = (seen.unwrap_or(0), MIGRATIONS.len());
    if found > known {
        return Err(MysqlOpenError::Newer { found, known });
    }
    for (n, migration) in MIGRATIONS.iter().enumerate().skip(found) {
        for statement in statements(migration) {
            match db.execute(statement).await {
                // Each change of a table is done whole or not at all, so this one was done before a crash.
                Err(error) if number(&error) == Some(COLUMN_THERE) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => {}
            }
        }
        sqlx::query(
            "insert into meta (name, value) values ('schema', ?) on duplicate key update value = values(value)",
        )
        .bind((n + 1).to_string())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Each ends with a semicolon at the end of a line.
fn statements(migration: &'static str) -> impl Iterator<Item = &'static str> {
    let says_something = |line: &str| !line.trim().is_empty() && !line.starts_with("--");
    migration.split(";\n").filter(move |statement| statement.lines().any(says_something))
}

async fn epoch(db: &mut MySqlConnection, fresh: Uuid) -> Result<Uuid, MysqlOpenError> {
    sqlx::query("insert ignore into meta (name, value) values ('epoch', ?)").bind(fresh).execute(&mut *db).await?;
    Ok(sqlx::query_scalar("select value from meta where name = 'epoch'").fetch_one(db).await?)
}

/// Asks for the settings that decide whether an acknowledged message survives a loss of power.
async fn durability(db: &mut MySqlConnection) -> Result<Vec<String>, sqlx::Error> {
    let row = sqlx::query(
        "select cast(@@innodb_flush_log_at_trx_commit as signed), cast(@@sync_binlog as signed),
           cast(@@log_bin as signed)",
    )
    .fetch_one(db)
    .await?;
    Ok(risks(row.try_get(0)?, row.try_get(1)?, row.try_get::<i64, _>(2)? != 0))
}

fn risks(flush: i64, sync: i64, binlog: bool) -> Vec<String> {
    let mut risks = Vec::new();
    if flush != 1 {
        risks.push(format!(
            "the database has innodb_flush_log_at_trx_commit = {flush}: messages that were acknowledged can be lost \
             when its machine loses power; set it to 1"
        ));
    }
    if binlog && sync != 1 {
        risks.push(format!(
            "the database has sync_binlog = {sync}: after a loss of power its replicas can lack, or have, messages \
             that it has not; set it to 1"
        ));
    }
    risks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_loses_acks_with_the_power_is_warned_of() {
        assert!(risks(1, 0, false).is_empty(), "without a binary log nothing of it needs a sync");
        assert!(risks(1, 1, true).is_empty());
        assert!(risks(2, 1, true)[0].contains("innodb_flush_log_at_trx_commit = 2"));
        assert!(risks(1, 0, true)[0].contains("sync_binlog = 0"));
        assert_eq!(risks(0, 100, true).len(), 2);
    }

    #[test]
    fn a_wrong_address_is_told_without_its_password() {
        for wrong in [
            "",
            "postgres://macaw:canary@db/macaw",
            "mysql://macaw:canary@db:port/macaw",
            "mysql://macaw:canary@db",
            "mysql://macaw:canary@db/",
            "mysql://macaw:canary@/macaw?ssl-mode=canary",
            "mysql://:canary@[::1/macaw",
        ] {
            let error = options(wrong).expect_err(wrong).to_string();
            assert!(error.starts_with("store.url: ") && !error.contains("canary"), "{wrong}: {error}");
        }
        assert!(options("mysql://macaw:secret@db.example:3307/macaw?ssl-mode=REQUIRED").is_ok());
    }
}
