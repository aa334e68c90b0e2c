//! A session for one walk, so that the doctor sees what happens to a real cookie on its way.

use crate::control::{House, Request};
use anyhow::{Context, Result};
use macaw_app::Session;
use macaw_domain::{Role, SessionId};
use macaw_http::{random_token, token_hash};
use serde::{Deserialize, Serialize};

/// Long enough for one request through slow proxies.
const VALID_MS: i64 = 60_000;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Probe {}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProbeAnswer {
    /// The token of a session that the walk ends by signing out.
    pub(super) token: String,
}

impl Request for Probe {
    const PATH: &'static str = "/doctor/probe";
    type Answer = ProbeAnswer;

    async fn run(self, house: &House) -> Result<ProbeAnswer> {
        let site = house.store.first_site().await?.context("there is no site yet")?;
        let members = house.store.members(site.tenant).await?;
        let owner = members.iter().find(|m| m.role == Role::Owner).context("the first tenant has no owner")?;
        let token = random_token().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let now = house.clock.now();
        let session = Session {
            id: SessionId(house.clock.fresh()),
            token_hash: token_hash(&token),
            tenant: owner.tenant,
            account: owner.account,
            agent: "macaw doctor".to_owned(),
            created_at: now,
            seen_at: now,
            expires_at: now + VALID_MS,
        };
        house.store.put_session(session).await?;
        Ok(ProbeAnswer { token })
    }
}
