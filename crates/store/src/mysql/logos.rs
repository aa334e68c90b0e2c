//! Logos of sites.

use super::errors::SqlError;
use crate::rows::Columns;
use macaw_app::SiteLogo;
use macaw_domain::{SiteId, TenantId};
use sqlx::mysql::MySqlPool;

pub(super) async fn find(db: &MySqlPool, site: SiteId) -> Result<Option<SiteLogo>, SqlError> {
    let select = sqlx::query("select kind, bytes from site_logo where site_id = ?").bind(site.0);
    let Some(row) = select.fetch_optional(db).await? else { return Ok(None) };
    Ok(Some(SiteLogo { kind: row.text(0)?, bytes: row.bytes(1)? }))
}

pub(super) async fn put(
    db: &MySqlPool,
    tenant: TenantId,
    site: SiteId,
    logo: Option<&SiteLogo>,
) -> Result<(), SqlError> {
    let change = match logo {
        None => sqlx::query("delete from site_logo where site_id = ? and tenant_id = ?"),
        Some(SiteLogo { kind, bytes }) => sqlx::query(
            "insert into site_logo (site_id, tenant_id, kind, bytes)
             select id, tenant_id, ?, ? from site where id = ? and tenant_id = ?
             on duplicate key update kind = values(kind), bytes = values(bytes)",
        )
        .bind(kind)
        .bind(bytes),
    };
    change.bind(site.0).bind(tenant.0).execute(db).await?;
    Ok(())
}
