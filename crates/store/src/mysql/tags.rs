//! The tags of tenants.

use super::errors::SqlError;
use crate::rows::{Columns, TAG, tag};
use macaw_domain::{Tag, TagId, TenantId};
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnection, MySqlPool};

/// By name.
pub(super) async fn list(db: &MySqlPool, tenant: TenantId) -> Result<Vec<Tag>, SqlError> {
    let select = AssertSqlSafe(format!("select {TAG} from tag where tenant_id = ? order by name"));
    sqlx::query(select).bind(tenant.0).fetch_all(db).await?.iter().map(tag).collect()
}

/// `None`, and nothing is written, when another tag of the tenant has this name; `Some(false)` when
/// another tenant has this id.
pub(super) async fn put(db: &mut MySqlConnection, tag: &Tag) -> Result<Option<bool>, SqlError> {
    let standing = sqlx::query("select id, tenant_id from tag where id = ? or (tenant_id = ? and name = ?) for update")
        .bind(tag.id.0)
        .bind(tag.tenant.0)
        .bind(&tag.draft.name)
        .fetch_all(&mut *db)
        .await?;
    for row in &standing {
        if row.id(1)? != tag.tenant.0 {
            return Ok(Some(false));
        }
        if row.id(0)? != tag.id.0 {
            return Ok(None);
        }
    }
    let insert = AssertSqlSafe(format!(
        "insert into tag ({TAG}) values (?, ?, ?, ?)
         on duplicate key update name = values(name), colour = values(colour)"
    ));
    sqlx::query(insert)
        .bind(tag.id.0)
        .bind(tag.tenant.0)
        .bind(&tag.draft.name)
        .bind(tag.draft.colour.as_str())
        .execute(db)
        .await?;
    Ok(Some(true))
}

pub(super) async fn delete(db: &MySqlPool, tenant: TenantId, id: TagId) -> Result<bool, SqlError> {
    let delete = "delete from tag where tenant_id = ? and id = ?";
    Ok(sqlx::query(delete).bind(tenant.0).bind(id.0).execute(db).await?.rows_affected() > 0)
}
