//! Sites.

use super::rows::{SqlError, bad_row};
use crate::stored::stored_settings;
use macaw_domain::{Millis, Site, SiteId, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "id, tenant_id, settings";

pub(super) fn put(db: &Connection, site: &Site, at: Millis) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into site (id, tenant_id, settings, created_at) values (?1, ?2, ?3, ?4)
         on conflict (id) do update set settings = excluded.settings",
    )?
    .execute(params![site.id.0, site.tenant.0, stored_settings(&site.settings), at])?;
    Ok(())
}

pub(super) fn find(db: &Connection, id: SiteId) -> Result<Option<Site>, SqlError> {
    let mut find = db.prepare_cached(&format!("select {COLUMNS} from site where id = ?1"))?;
    find.query_row([id.0], |row| Ok(site(row))).optional()?.transpose()
}

pub(super) fn first(db: &Connection) -> Result<Option<Site>, SqlError> {
    let mut find = db.prepare(&format!("select {COLUMNS} from site order by created_at, id limit 1"))?;
    find.query_row([], |row| Ok(site(row))).optional()?.transpose()
}

pub(super) fn list(db: &Connection, tenant: TenantId) -> Result<Vec<Site>, SqlError> {
    let mut select =
        db.prepare_cached(&format!("select {COLUMNS} from site where tenant_id = ?1 order by created_at, id"))?;
    let mut rows = select.query([tenant.0])?;
    let mut sites = Vec::new();
    while let Some(row) = rows.next()? {
        sites.push(site(row)?);
    }
    Ok(sites)
}

fn site(row: &Row<'_>) -> Result<Site, SqlError> {
    let id: Uuid = row.get(0)?;
    let settings: String = row.get(2)?;
    let settings = crate::stored::settings(&settings).ok_or_else(|| bad_row("site", ("settings", id)))?;
    Ok(Site { id: SiteId(id), tenant: TenantId(row.get(1)?), settings })
}
