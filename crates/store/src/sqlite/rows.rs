//! Rows as rusqlite gives them, and what went wrong with them.

pub(super) use crate::rows::{
    CONVERSATION, ENTRY, RATING, author, author_columns, conversation, declined_bytes, entry, log_number,
    owner_columns, rating, status_word,
};
pub(super) use crate::stored::stored_content;

use crate::rows::{BadRow, Columns};
use macaw_app::StoreError;
use rusqlite::Row;
use uuid::Uuid;

/// What went wrong inside a transaction.
#[derive(Debug)]
pub(crate) enum SqlError {
    Sqlite(rusqlite::Error),
    Row(BadRow),
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<BadRow> for SqlError {
    fn from(row: BadRow) -> Self {
        Self::Row(row)
    }
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Sqlite(error) => match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
                _ => Self::Other(error.to_string()),
            },
            SqlError::Row(BadRow { table, what }) => Self::Inconsistent { table, what },
        }
    }
}

pub(super) fn bad_row(table: &'static str, what: impl std::fmt::Debug) -> SqlError {
    crate::rows::bad_row(table, what).into()
}

impl Columns for Row<'_> {
    type Error = SqlError;

    fn number(&self, at: usize) -> Result<i64, SqlError> {
        Ok(self.get(at)?)
    }

    fn maybe_number(&self, at: usize) -> Result<Option<i64>, SqlError> {
        Ok(self.get(at)?)
    }

    fn text(&self, at: usize) -> Result<String, SqlError> {
        Ok(self.get(at)?)
    }

    fn maybe_text(&self, at: usize) -> Result<Option<String>, SqlError> {
        Ok(self.get(at)?)
    }

    fn id(&self, at: usize) -> Result<Uuid, SqlError> {
        Ok(self.get(at)?)
    }

    fn maybe_id(&self, at: usize) -> Result<Option<Uuid>, SqlError> {
        Ok(self.get(at)?)
    }

    fn bytes(&self, at: usize) -> Result<Vec<u8>, SqlError> {
        Ok(self.get(at)?)
    }
}
