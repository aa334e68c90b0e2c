//! Canned replies.

use super::rows::SqlError;
use crate::rows::{CANNED, canned_reply};
use macaw_domain::{AccountId, CannedId, CannedReply, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

/// The team's and the agent's own, by folder and title.
pub(super) fn list(db: &Connection, tenant: TenantId, agent: AccountId) -> Result<Vec<CannedReply>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {CANNED} from canned_reply where tenant_id = ?1 and (owner_id is null or owner_id = ?2)
         order by folder, title, id"
    ))?;
    let mut rows = select.query(params![tenant.0, agent.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(canned_reply(row)?);
    }
    Ok(found)
}

pub(super) fn find(db: &Connection, tenant: TenantId, id: CannedId) -> Result<Option<CannedReply>, SqlError> {
    let mut select =
        db.prepare_cached(&format!("select {CANNED} from canned_reply where tenant_id = ?1 and id = ?2"))?;
    select.query_row(params![tenant.0, id.0], |row| Ok(canned_reply(row))).optional()?.transpose()
}

/// `false`, and nothing is written, when another tenant has this id.
pub(super) fn put(db: &Connection, reply: &CannedReply) -> Result<bool, SqlError> {
    let mut upsert = db.prepare_cached(&format!(
        "insert into canned_reply ({CANNED}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (id) do update set owner_id = excluded.owner_id, folder = excluded.folder,
           title = excluded.title, text = excluded.text, updated_at = excluded.updated_at
         where tenant_id = excluded.tenant_id"
    ))?;
    let CannedReply { id, tenant, owner, draft, updated_at } = reply;
    let owner = owner.map(|owner| owner.0);
    let written = upsert.execute(params![id.0, tenant.0, owner, draft.folder, draft.title, draft.text, updated_at])?;
    Ok(written > 0)
}

pub(super) fn delete(db: &Connection, tenant: TenantId, id: CannedId) -> Result<bool, SqlError> {
    let delete = "delete from canned_reply where tenant_id = ?1 and id = ?2";
    Ok(db.execute(delete, params![tenant.0, id.0])? > 0)
}
