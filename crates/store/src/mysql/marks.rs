//! First steps: what was done, and when.

use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::Columns;
use macaw_app::SiteMarks;
use macaw_domain::{Millis, SiteId, TenantId};
use sqlx::mysql::MySqlPool;

pub(super) async fn edited(db: &MySqlPool, site: SiteId, at: Millis) -> Result<(), SqlError> {
    sqlx::query("update site set edited_at = ? where id = ?").bind(at).bind(site.0).execute(db).await?;
    Ok(())
}

pub(super) async fn seen(db: &MySqlPool, site: SiteId, at: Millis) -> Result<(), SqlError> {
    let update = "update site set first_seen_at = coalesce(first_seen_at, ?), seen_at = ? where id = ?";
    sqlx::query(update).bind(at).bind(at).bind(site.0).execute(db).await?;
    Ok(())
}

pub(super) async fn sites(db: &MySqlPool, tenant: TenantId) -> Result<Vec<SiteMarks>, SqlError> {
    let select = "select id, edited_at, first_seen_at, seen_at from site where tenant_id = ? order by created_at, id";
    let rows = sqlx::query(select).bind(tenant.0).fetch_all(db).await?;
    let marks = rows.iter().map(|row| {
        Ok(SiteMarks {
            site: SiteId(row.id(0)?),
            edited_at: row.maybe_number(1)?,
            first_seen_at: row.maybe_number(2)?,
            seen_at: row.maybe_number(3)?,
        })
    });
    marks.collect()
}

/// Remembers the first answer to a visitor; every later one costs a look at one short row, and no lock.
pub(super) fn answered(script: &mut Script, tenant: TenantId, at: Millis) {
    let tenant = script::id(tenant.0);
    script.add(format!(
        "insert ignore into first_answer (tenant_id, at)
         select {tenant}, {at} from dual where not exists (select 1 from first_answer where tenant_id = {tenant})"
    ));
}

pub(super) async fn first_answer(db: &MySqlPool, tenant: TenantId) -> Result<Option<Millis>, SqlError> {
    one(db, "select at from first_answer where tenant_id = ?", tenant).await
}

pub(super) async fn second_member(db: &MySqlPool, tenant: TenantId) -> Result<Option<Millis>, SqlError> {
    one(db, "select created_at from member where tenant_id = ? order by created_at limit 1 offset 1", tenant).await
}

async fn one(db: &MySqlPool, select: &'static str, tenant: TenantId) -> Result<Option<Millis>, SqlError> {
    let row = sqlx::query(select).bind(tenant.0).fetch_optional(db).await?;
    row.map(|row| row.number(0)).transpose()
}
