//! The limits of [`macaw_app::Limits`], answered with a problem that says when to come again.

use crate::problem::Problem;
use macaw_app::{Actor, BeginError, Clock, Limits, Refused, Store, Visitor};
use macaw_domain::Site;
use std::net::IpAddr;
use std::sync::Arc;

pub(crate) struct Limiter {
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Limiter {
    /// A visitor token for somebody at this address.
    pub(crate) fn token(&self, address: IpAddr, site: &Site) -> Result<(), Problem> {
        Ok(self.limits.token(address, site.id, site.tenant, self.clock.now())?)
    }

    /// A message of this visitor; the first one begins its conversation.
    pub(crate) async fn message(&self, store: &dyn Store, visitor: &Visitor, address: IpAddr) -> Result<(), Problem> {
        let now = self.clock.now();
        self.limits.message(visitor, address, now)?;
        Ok(self.limits.begin(store, visitor, address, now).await?)
    }

    /// A wish for a person.
    pub(crate) fn hand_over(&self, visitor: &Visitor, address: IpAddr) -> Result<(), Problem> {
        Ok(self.limits.hand_over(visitor, address, self.clock.now())?)
    }

    /// A file of this visitor or agent.
    pub(crate) fn upload(&self, actor: &Actor) -> Result<(), Problem> {
        let now = self.clock.now();
        Ok(match actor {
            Actor::Visitor(visitor) => self.limits.upload(visitor.visitor, visitor.tenant, now),
            Actor::Agent(agent) => self.limits.agent_upload(agent.account, agent.tenant, now),
        }?)
    }

    /// A try to sign in.
    pub(crate) fn sign_in(&self, address: IpAddr, email: &str) -> Result<(), Problem> {
        Ok(self.limits.sign_in(address, email, self.clock.now())?)
    }

    /// A try of a one-time link: by address alone, for a name would be shared by all who try.
    pub(crate) fn one_time_link(&self, address: IpAddr) -> Result<(), Problem> {
        Ok(self.limits.address(address, self.clock.now())?)
    }

    /// A try of this account's password.
    pub(crate) fn password(&self, email: &str) -> Result<(), Problem> {
        Ok(self.limits.password(email, self.clock.now())?)
    }

    /// A new tenant for somebody at this address.
    pub(crate) fn sign_up(&self, address: IpAddr) -> Result<(), Problem> {
        Ok(self.limits.sign_up(address, self.clock.now())?)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::rate_limited(refused.to_string(), refused.retry_after_ms)
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Refused(refused) => refused.into(),
            BeginError::Store(error) => error.into(),
        }
    }
}
