//! Who operates the installation.

use super::{OneTime, address, fresh_token};
use crate::control::{House, Request};
use anyhow::Result;
use macaw_domain::{Account, AccountId};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SetOperator {
    pub(super) email: String,
    pub(super) operator: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Done {
    email: String,
    operator: bool,
    /// For an account that was made just now.
    #[serde(flatten)]
    reset: Option<OneTime>,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is = if self.operator { "is an operator now" } else { "is no operator any more" };
        write!(f, "{} {is}", self.email)?;
        match &self.reset {
            Some(reset) => write!(f, "\nset a password within 30 minutes, once: {}", reset.link),
            None if self.operator => write!(f, " and signs in with the password it has"),
            None => Ok(()),
        }
    }
}

impl Request for SetOperator {
    const PATH: &'static str = "/admin/operator";
    type Answer = Done;

    async fn run(self, house: &House) -> Result<Done> {
        let email = address(&self.email)?;
        if !self.operator {
            let account = house.account(&email).await?;
            house.store.set_operator(account.clone(), false, house.clock.now()).await?;
            return Ok(Done { email, operator: false, reset: None });
        }
        let known = house.store.account_by_email(&email).await?;
        let reset_needed = known.is_none();
        let account = match known {
            Some(account) => account,
            // A password that nobody knows, until the link is used.
            None => Account {
                id: AccountId(house.clock.fresh()),
                name: email.split('@').next().unwrap_or_default().to_owned(),
                email: email.clone(),
                password_hash: house.passwords.hash(fresh_token()?).await?,
            },
        };
        let id = house.store.set_operator(account, true, house.clock.now()).await?;
        tracing::info!(account.id = %id, "account {id} is an operator now");
        let reset = if reset_needed { Some(house.reset_link(id).await?) } else { None };
        Ok(Done { email, operator: true, reset })
    }
}
