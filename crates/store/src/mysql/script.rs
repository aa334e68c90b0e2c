//! Statements that go to the server together: a round trip each would make a batch wait eleven times.
//!
//! A script is text, so every value is written as a number or as hexadecimal digits. Nothing that
//! came from outside is ever read as SQL.

use super::errors::SqlError;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Executor};
use std::fmt::Write;
use uuid::Uuid;

/// Bytes of one packet to the server, if its statements are not longer; servers refuse 16 MiB, some less.
const PACKET_BYTES: usize = 1024 * 1024;

/// Statements in their order. The first that fails is the last that ran.
#[derive(Default)]
pub(super) struct Script(Vec<String>);

impl Script {
    pub(super) fn add(&mut self, statement: impl AsRef<str>) {
        let statement = statement.as_ref();
        match self.0.last_mut().filter(|packet| packet.len() + statement.len() < PACKET_BYTES) {
            Some(packet) => {
                packet.push_str("; ");
                packet.push_str(statement);
            }
            None => self.0.push(statement.to_owned()),
        }
    }

    /// Adds an insert of many rows, as several where one would be too long for the server.
    pub(super) fn add_insert(&mut self, into: &str, rows: impl Iterator<Item = String>, then: &str) {
        let mut values = String::new();
        for row in rows {
            if values.len() + row.len() > PACKET_BYTES && !values.is_empty() {
                self.add(format!("{into} values {values}{then}"));
                values.clear();
            }
            if !values.is_empty() {
                values.push_str(", ");
            }
            values.push_str(&row);
        }
        if !values.is_empty() {
            self.add(format!("{into} values {values}{then}"));
        }
    }

    /// Runs all but the last packet, and gives that for the caller to run.
    pub(super) async fn run_but_last(mut self, db: &mut MySqlConnection) -> Result<Self, SqlError> {
        let last = self.0.pop();
        self.run(db).await?;
        Ok(Self(last.into_iter().collect()))
    }

    /// Runs the statements; the rows of all that give some, one after the other.
    pub(super) async fn run(self, db: &mut MySqlConnection) -> Result<Vec<MySqlRow>, SqlError> {
        let mut rows = Vec::new();
        for packet in self.0 {
            rows.extend(db.fetch_all(AssertSqlSafe(packet)).await?);
        }
        Ok(rows)
    }
}

/// Bytes, for binary columns.
pub(super) fn bytes(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2 + 3);
    hex.push_str("x'");
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.push('\'');
    hex
}

pub(super) fn id(id: Uuid) -> String {
    bytes(id.as_bytes())
}

/// Text, for columns of any set of characters.
pub(super) fn text(text: &str) -> String {
    format!("_utf8mb4 {}", bytes(text.as_bytes()))
}

/// Plain letters, for a column of the ASCII set: of another set, its index would not be used.
pub(super) fn ascii(text: &str) -> String {
    format!("_ascii {}", bytes(text.as_bytes()))
}

/// `null`, or what is there.
pub(super) fn maybe<T>(value: Option<T>, literal: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "null".to_owned(), literal)
}

/// A row of values.
pub(super) fn row<const N: usize>(values: [String; N]) -> String {
    format!("({})", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_digits_whatever_they_say() {
        let text = text("'; drop table message; -- \\ 退");
        let digits = text.strip_prefix("_utf8mb4 x'").and_then(|rest| rest.strip_suffix('\''));
        assert!(digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())), "{text}");
        assert_eq!(bytes(&[0, 255]), "x'00ff'");
        assert_eq!(bytes(&[]), "x''");
        assert_eq!(maybe(None, id), "null");
    }

    #[test]
    fn long_scripts_and_inserts_go_in_several_packets() {
        let mut script = Script::default();
        let long = "0".repeat(PACKET_BYTES / 3);
        script.add("start transaction");
        script.add_insert("insert into t", (0..7).map(|_| long.clone()), "");
        script.add("commit");
        assert!(script.0.iter().all(|packet| packet.len() < PACKET_BYTES * 3 / 2));
        assert_eq!(script.0.concat().matches(&long).count(), 7);
        assert!(script.0.len() > 2 && script.0.last().is_some_and(|packet| packet.ends_with("; commit")));
    }
}
