//! The very first start: a tenant, its owner with a one-time password, a site.

use anyhow::{Context, Result};
use macaw_app::{Clock, Setup, Store, starter_site};
use macaw_domain::{Account, AccountId, Site, SiteId, Tenant, TenantId};
use macaw_http::{Passwords, random_token};
use std::path::Path;

/// What the first start made, to be shown once.
pub(crate) struct Credentials {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) tenant: TenantId,
}

/// Makes what is missing; `None` when there is a tenant already.
pub(crate) async fn first_start(
    store: &dyn Store,
    clock: &dyn Clock,
    passwords: &Passwords,
    engine: Option<String>,
) -> Result<Option<Credentials>> {
    if store.first_site().await?.is_some() {
        return Ok(None);
    }
    let login = "owner@macaw.local".to_owned();
    let password =
        random_token().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?.chars().take(20).collect::<String>();
    let tenant = Tenant {
        id: TenantId(clock.fresh()),
        name: "Macaw".to_owned(),
        shard: 0,
        time_zone: macaw_app::UTC.to_owned(),
    };
    let owner = Account {
        id: AccountId(clock.fresh()),
        email: login.clone(),
        name: "Owner".to_owned(),
        password_hash: passwords.hash(password.clone()).await?,
    };
    let site =
        Site { id: SiteId(clock.fresh()), tenant: tenant.id, settings: starter_site("金刚鹦鹉 Macaw", engine) };
    let id = tenant.id;
    let made = store.set_up(Setup { tenant, owner, site, at: clock.now() }).await?;
    Ok(made.then_some(Credentials { login, password, tenant: id }))
}

/// The installation's secret, made at the first start and readable by its owner only.
pub(crate) fn secret(path: &Path) -> Result<[u8; 32]> {
    match std::fs::read(path) {
        Ok(bytes) => {
            bytes.try_into().map_err(|_| anyhow::anyhow!("{}: not 32 bytes; restore it from a backup", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_secret(path),
        Err(error) => Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

fn make_secret(path: &Path) -> Result<[u8; 32]> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    // Whole or not at all: a kill in between must not leave half a secret.
    let draft = path.with_extension("new");
    let written = (|| {
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&secret)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    })();
    written.with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(secret)
}
