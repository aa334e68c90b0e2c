//! Sites.

use super::errors::SqlError;
use crate::rows::{Columns, bad_row};
use crate::stored::{settings, stored_settings};
use macaw_domain::{Millis, Site, SiteId, TenantId};
use sqlx::mysql::{MySqlPool, MySqlRow};
use sqlx::{AssertSqlSafe, MySqlExecutor};

const COLUMNS: &str = "id, tenant_id, settings";

pub(super) async fn put(db: impl MySqlExecutor<'_>, site: &Site, at: Millis) -> Result<(), SqlError> {
    sqlx::query(
        "insert into site (id, tenant_id, settings, created_at) values (?, ?, ?, ?)
         on duplicate key update settings = values(settings)",
    )
    .bind(site.id.0)
    .bind(site.tenant.0)
    .bind(stored_settings(&site.settings))
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn find(db: &MySqlPool, id: SiteId) -> Result<Option<Site>, SqlError> {
    let select = AssertSqlSafe(format!("select {COLUMNS} from site where id = ?"));
    sqlx::query(select).bind(id.0).fetch_optional(db).await?.as_ref().map(site).transpose()
}

pub(super) async fn first(db: &MySqlPool) -> Result<Option<Site>, SqlError> {
    let select = AssertSqlSafe(format!("select {COLUMNS} from site order by created_at, id limit 1"));
    sqlx::query(select).fetch_optional(db).await?.as_ref().map(site).transpose()
}

pub(super) async fn list(db: &MySqlPool, tenant: TenantId) -> Result<Vec<Site>, SqlError> {
    let select = AssertSqlSafe(format!("select {COLUMNS} from site where tenant_id = ? order by created_at, id"));
    sqlx::query(select).bind(tenant.0).fetch_all(db).await?.iter().map(site).collect()
}

fn site(row: &MySqlRow) -> Result<Site, SqlError> {
    let id = row.id(0)?;
    let settings = settings(&row.text(2)?).ok_or_else(|| bad_row("site", ("settings", id)))?;
    Ok(Site { id: SiteId(id), tenant: TenantId(row.id(1)?), settings })
}
