//! Canned replies.

use super::errors::SqlError;
use crate::rows::{CANNED, Columns, canned_reply};
use macaw_domain::{AccountId, CannedId, CannedReply, TenantId};
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnection, MySqlPool};

/// The team's and the agent's own, by folder and title.
pub(super) async fn list(db: &MySqlPool, tenant: TenantId, agent: AccountId) -> Result<Vec<CannedReply>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {CANNED} from canned_reply where tenant_id = ? and (owner_id is null or owner_id = ?)
         order by folder, title, id"
    ));
    sqlx::query(select).bind(tenant.0).bind(agent.0).fetch_all(db).await?.iter().map(canned_reply).collect()
}

pub(super) async fn find(db: &MySqlPool, tenant: TenantId, id: CannedId) -> Result<Option<CannedReply>, SqlError> {
    let select = AssertSqlSafe(format!("select {CANNED} from canned_reply where tenant_id = ? and id = ?"));
    sqlx::query(select).bind(tenant.0).bind(id.0).fetch_optional(db).await?.as_ref().map(canned_reply).transpose()
}

/// `false`, and nothing is written, when another tenant has this id.
pub(super) async fn put(db: &mut MySqlConnection, reply: &CannedReply) -> Result<bool, SqlError> {
    let standing = sqlx::query("select tenant_id from canned_reply where id = ? for update")
        .bind(reply.id.0)
        .fetch_optional(&mut *db)
        .await?;
    if let Some(row) = standing
        && row.id(0)? != reply.tenant.0
    {
        return Ok(false);
    }
    let insert = AssertSqlSafe(format!(
        "insert into canned_reply ({CANNED}) values (?, ?, ?, ?, ?, ?, ?)
         on duplicate key update owner_id = values(owner_id), folder = values(folder), title = values(title),
           text = values(text), updated_at = values(updated_at)"
    ));
    sqlx::query(insert)
        .bind(reply.id.0)
        .bind(reply.tenant.0)
        .bind(reply.owner.map(|owner| owner.0))
        .bind(&reply.draft.folder)
        .bind(&reply.draft.title)
        .bind(&reply.draft.text)
        .bind(reply.updated_at)
        .execute(db)
        .await?;
    Ok(true)
}

pub(super) async fn delete(db: &MySqlPool, tenant: TenantId, id: CannedId) -> Result<bool, SqlError> {
    let delete = "delete from canned_reply where tenant_id = ? and id = ?";
    Ok(sqlx::query(delete).bind(tenant.0).bind(id.0).execute(db).await?.rows_affected() > 0)
}
