//! Logos of sites.

use super::rows::SqlError;
use macaw_app::SiteLogo;
use macaw_domain::{SiteId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn find(db: &Connection, site: SiteId) -> Result<Option<SiteLogo>, SqlError> {
    let mut find = db.prepare_cached("select kind, bytes from site_logo where site_id = ?1")?;
    let logo = |row: &rusqlite::Row<'_>| Ok(SiteLogo { kind: row.get(0)?, bytes: row.get(1)? });
    Ok(find.query_row([site.0], logo).optional()?)
}

pub(super) fn put(db: &Connection, tenant: TenantId, site: SiteId, logo: Option<&SiteLogo>) -> Result<(), SqlError> {
    let Some(SiteLogo { kind, bytes }) = logo else {
        let mut delete = db.prepare_cached("delete from site_logo where site_id = ?1 and tenant_id = ?2")?;
        delete.execute(params![site.0, tenant.0])?;
        return Ok(());
    };
    db.prepare_cached(
        "insert into site_logo (site_id, tenant_id, kind, bytes)
         select id, tenant_id, ?3, ?4 from site where id = ?1 and tenant_id = ?2
         on conflict (site_id) do update set kind = excluded.kind, bytes = excluded.bytes",
    )?
    .execute(params![site.0, tenant.0, kind, bytes])?;
    Ok(())
}
