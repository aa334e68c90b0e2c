//! Passwords and sessions of accounts.

use super::OneTime;
use crate::control::{House, Request};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ResetPassword {
    pub(super) email: String,
}

impl fmt::Display for OneTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set a new password within 30 minutes, once; it ends all sessions: {}", self.link)
    }
}

impl Request for ResetPassword {
    const PATH: &'static str = "/admin/reset-password";
    type Answer = OneTime;

    async fn run(self, house: &House) -> Result<OneTime> {
        let account = house.account(&self.email).await?;
        house.reset_link(account.id).await
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sessions {
    pub(super) email: String,
    pub(super) end: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Found {
    sessions: Vec<Row>,
    /// How many were ended.
    ended: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    id: String,
    created_at: i64,
    seen_at: i64,
    agent: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.sessions {
            writeln!(f, "{}  seen {}  {}", row.id, row.seen_at, row.agent)?;
        }
        write!(f, "{} sessions, {} ended", self.sessions.len(), self.ended)
    }
}

impl Request for Sessions {
    const PATH: &'static str = "/admin/sessions";
    type Answer = Found;

    async fn run(self, house: &House) -> Result<Found> {
        let account = house.account(&self.email).await?.id;
        let found = house.store.sessions(account, house.clock.now()).await?;
        let mut ended = 0;
        if self.end {
            ended = house.store.end_sessions(account).await?;
            house.hub.close_account(account);
        }
        let row = |s: macaw_app::Session| Row {
            id: s.id.to_string(),
            created_at: s.created_at,
            seen_at: s.seen_at,
            agent: s.agent,
        };
        Ok(Found { sessions: found.into_iter().map(row).collect(), ended })
    }
}
