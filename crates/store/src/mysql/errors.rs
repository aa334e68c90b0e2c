//! What goes wrong with a server, in words that hold no text, address or password.

use crate::rows::BadRow;
use macaw_app::StoreError;
use sqlx::mysql::MySqlDatabaseError;

/// What went wrong inside a transaction.
#[derive(Debug)]
pub(crate) enum SqlError {
    Sql(sqlx::Error),
    Row(BadRow),
    TimedOut,
    /// What was to be locked changed before it was: the work is to be tried again.
    Moved,
    /// The server was asked to commit and did not answer.
    Unknown,
}

/// A lock of somebody else: the work was undone by the server and may be tried again.
const LOCKED: [u16; 4] = [
    1213, // deadlock
    1205, // lock wait timed out
    1020, // record has changed since last read (MariaDB with snapshot isolation)
    1047, // this node of a cluster is not ready
];
/// The server takes no more, or ends this connection.
const LEAVING: [u16; 3] = [1040, 1053, 1927];
const TAKEN: u16 = 1062;
const FULL: [u16; 3] = [1021, 1114, 3]; // disk full, table full, error writing a file
/// Messages of these quote no value of a row.
const QUOTABLE: [u16; 11] = [1044, 1045, 1049, 1054, 1064, 1142, 1146, 1205, 1213, 1290, 1836];

/// The server's number of the error.
pub(crate) fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

impl SqlError {
    fn number(&self) -> Option<u16> {
        match self {
            Self::Sql(error) => number(error),
            _ => None,
        }
    }

    /// Undone by the server because of a lock: trying again may help.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(self, Self::Moved) || self.number().is_some_and(|number| LOCKED.contains(&number))
    }

    /// A key was there already.
    pub(crate) fn is_taken(&self) -> bool {
        self.number() == Some(TAKEN)
    }

    /// The server refused this work; the connection is good and nothing of the work stands.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(_)) | Self::Row(_) | Self::Moved)
    }

    /// The connection is of no use any more.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed))
            || self.number().is_some_and(|number| LEAVING.contains(&number))
    }
}

impl From<sqlx::Error> for SqlError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<BadRow> for SqlError {
    fn from(row: BadRow) -> Self {
        Self::Row(row)
    }
}

/// What the server said, without the values that it quotes.
pub(crate) fn in_words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => match database.try_downcast_ref::<MySqlDatabaseError>() {
            Some(error) if QUOTABLE.contains(&error.number()) => {
                format!("database error {}: {}", error.number(), error.message())
            }
            Some(error) => format!("database error {}", error.number()),
            None => "database error".to_owned(),
        },
        sqlx::Error::Io(error) => format!("the connection failed: {error}"),
        sqlx::Error::PoolTimedOut => "no connection came free in time".to_owned(),
        other => other.to_string(),
    }
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        match &error {
            SqlError::Sql(sqlx::Error::PoolClosed) => Self::Closed,
            SqlError::Sql(_) if error.number().is_some_and(|number| FULL.contains(&number)) => Self::Full,
            SqlError::Sql(_) if error.is_taken() => Self::Taken("the name or address"),
            SqlError::Sql(sql) if error.is_lost() || error.is_locked() => Self::OutOfReach(in_words(sql)),
            SqlError::Sql(sql @ sqlx::Error::PoolTimedOut) => Self::OutOfReach(in_words(sql)),
            SqlError::Sql(sql) => Self::Other(in_words(sql)),
            SqlError::Row(BadRow { table, what }) => Self::Inconsistent { table, what: what.clone() },
            SqlError::Moved => Self::OutOfReach("what was to be written changed too often".to_owned()),
            SqlError::TimedOut => Self::OutOfReach("it did not answer in time".to_owned()),
            SqlError::Unknown => Self::OutOfReach("the connection broke during a commit".to_owned()),
        }
    }
}
