//! Tenants.

use super::{OneTime, address, fresh_token};
use crate::control::{House, Request};
use anyhow::{Result, bail};
use macaw_app::{FirstOwner, Invitation, TenantRow};
use macaw_domain::Role;
use macaw_http::{INVITATION_MS, token_hash};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    id: String,
    name: String,
    time_zone: String,
    members: u32,
    suspended: bool,
}

impl From<TenantRow> for Line {
    fn from(row: TenantRow) -> Self {
        Self {
            id: row.tenant.id.to_string(),
            name: row.tenant.name,
            time_zone: row.tenant.time_zone,
            members: row.members,
            suspended: row.suspended_at.is_some(),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.suspended { "suspended" } else { "open" };
        write!(f, "{}  {state:9}  {:>4} members  {}  {}", self.id, self.members, self.time_zone, self.name)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct List {}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Lines {
    tenants: Vec<Line>,
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.tenants.iter().map(Line::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Request for List {
    const PATH: &'static str = "/admin/tenants/list";
    type Answer = Lines;

    async fn run(self, house: &House) -> Result<Lines> {
        Ok(Lines { tenants: house.store.tenants().await?.into_iter().map(Line::from).collect() })
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Create {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) time_zone: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Created {
    id: String,
    name: String,
    #[serde(flatten)]
    invitation: OneTime,
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}\nthe owner joins within 7 days, once: {}", self.id, self.name, self.invitation.link)
    }
}

impl Request for Create {
    const PATH: &'static str = "/admin/tenants/create";
    type Answer = Created;

    async fn run(self, house: &House) -> Result<Created> {
        let email = address(&self.owner)?;
        let token = fresh_token()?;
        let expires_at = house.clock.now() + INVITATION_MS;
        let hash = token_hash(&token);
        let invited =
            |tenant| FirstOwner::Invited(Invitation { token_hash: hash, tenant, email, role: Role::Owner, expires_at });
        let tenant = house.tenants.found(&self.name, self.time_zone.as_deref(), invited).await?;
        let invitation = OneTime { link: house.link("invite", &token), expires_at };
        Ok(Created { id: tenant.id.to_string(), name: tenant.name, invitation })
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Suspend {
    pub(super) tenant: String,
    pub(super) suspended: bool,
}

impl Request for Suspend {
    const PATH: &'static str = "/admin/tenants/suspend";
    type Answer = Line;

    async fn run(self, house: &House) -> Result<Line> {
        let found = house.tenant(&self.tenant).await?;
        let id = found.tenant.id;
        house.tenants.suspend(id, self.suspended).await?;
        if self.suspended {
            house.hub.close_tenant(id);
        }
        tracing::info!(tenant.id = %id, suspended = self.suspended, "tenant {id} changed");
        Ok(Line { suspended: self.suspended, ..Line::from(found) })
    }
}

impl House {
    /// A tenant by its id, or by its name when only one has it.
    async fn tenant(&self, wanted: &str) -> Result<TenantRow> {
        let rows = self.store.tenants().await?;
        if let Some(row) = rows.iter().find(|row| row.tenant.id.to_string() == wanted) {
            return Ok(row.clone());
        }
        match rows.iter().filter(|row| row.tenant.name == wanted).collect::<Vec<_>>()[..] {
            [row] => Ok(row.clone()),
            [] => bail!("{wanted}: there is no such tenant; `macaw admin tenant list` names all"),
            _ => bail!("{wanted}: several tenants have this name; give the id"),
        }
    }
}
