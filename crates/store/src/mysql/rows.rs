//! Rows as sqlx gives them.

use super::errors::SqlError;
use crate::rows::Columns;
use sqlx::Row;
use sqlx::mysql::MySqlRow;
use uuid::Uuid;

impl Columns for MySqlRow {
    type Error = SqlError;

    fn number(&self, at: usize) -> Result<i64, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_number(&self, at: usize) -> Result<Option<i64>, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn text(&self, at: usize) -> Result<String, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_text(&self, at: usize) -> Result<Option<String>, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn id(&self, at: usize) -> Result<Uuid, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_id(&self, at: usize) -> Result<Option<Uuid>, SqlError> {
        Ok(self.try_get(at)?)
    }

    fn bytes(&self, at: usize) -> Result<Vec<u8>, SqlError> {
        Ok(self.try_get(at)?)
    }
}
