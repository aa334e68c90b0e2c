//! What tenants set about AI.

use super::errors::SqlError;
use crate::rows::{Columns, MOST_RULES, STAMP, stamp, stored_engine};
use macaw_app::{RulesStamp, StoredEngine, StoredRules};
use macaw_domain::{EngineId, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::{AssertSqlSafe, MySqlExecutor};

pub(super) async fn version(db: &MySqlPool, tenant: TenantId) -> Result<u64, SqlError> {
    let select = "select version from ai_version where tenant_id = ?";
    let row = sqlx::query(select).bind(tenant.0).fetch_optional(db).await?;
    row.map_or(Ok(0), |row| row.count(0))
}

/// Other nodes that change this tenant's settings wait until the transaction ends: what is asked before a write holds
/// while it is written, and a version is seen no sooner than what it is the version of.
pub(super) async fn lock(db: &mut MySqlConnection, tenant: TenantId) -> Result<(), SqlError> {
    sqlx::query("insert into ai_version (tenant_id, version) values (?, 0) on duplicate key update version = version")
        .bind(tenant.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn changed(db: impl MySqlExecutor<'_>, tenant: TenantId) -> Result<(), SqlError> {
    sqlx::query("update ai_version set version = version + 1 where tenant_id = ?").bind(tenant.0).execute(db).await?;
    Ok(())
}

/// By name.
pub(super) async fn engines(db: &MySqlPool, tenant: TenantId) -> Result<Vec<StoredEngine>, SqlError> {
    let columns = crate::rows::ENGINE;
    let select = AssertSqlSafe(format!("select {columns} from engine where tenant_id = ? order by name"));
    sqlx::query(select).bind(tenant.0).fetch_all(db).await?.iter().map(stored_engine).collect()
}

/// `false`, and nothing is written, when another engine of the tenant has the name. An id of another tenant is not
/// this tenant's to overwrite.
pub(super) async fn put(db: &mut MySqlConnection, engine: &StoredEngine) -> Result<bool, SqlError> {
    lock(db, engine.tenant).await?;
    let standing = sqlx::query("select id from engine where tenant_id = ? and name = ?")
        .bind(engine.tenant.0)
        .bind(&engine.name)
        .fetch_optional(&mut *db)
        .await?;
    if standing.map(|row| row.id(0)).transpose()?.is_some_and(|id| id != engine.id.0) {
        return Ok(false);
    }
    sqlx::query(
        "insert into engine (id, tenant_id, name, kind, settings, secrets, enabled, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)
         on duplicate key update
           settings = if(tenant_id = values(tenant_id), values(settings), settings),
           secrets = if(tenant_id = values(tenant_id), values(secrets), secrets),
           enabled = if(tenant_id = values(tenant_id), values(enabled), enabled),
           updated_at = if(tenant_id = values(tenant_id), values(updated_at), updated_at)",
    )
    .bind(engine.id.0)
    .bind(engine.tenant.0)
    .bind(&engine.name)
    .bind(&engine.kind)
    .bind(&engine.settings)
    .bind(&engine.secrets[..])
    .bind(engine.enabled)
    .bind(engine.created_at)
    .bind(engine.updated_at)
    .execute(&mut *db)
    .await?;
    changed(db, engine.tenant).await?;
    Ok(true)
}

pub(super) async fn delete(db: &mut MySqlConnection, tenant: TenantId, id: EngineId) -> Result<bool, SqlError> {
    lock(db, tenant).await?;
    let delete = sqlx::query("delete from engine where tenant_id = ? and id = ?").bind(tenant.0).bind(id.0);
    let gone = delete.execute(&mut *db).await?.rows_affected() > 0;
    if gone {
        changed(db, tenant).await?;
    }
    Ok(gone)
}

/// One text of rules, or the newest.
pub(super) async fn rules(
    db: &MySqlPool,
    tenant: TenantId,
    version: Option<u64>,
) -> Result<Option<StoredRules>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {STAMP}, text from ai_rules where tenant_id = ? and (? is null or version = ?)
         order by version desc limit 1"
    ));
    let row = sqlx::query(select).bind(tenant.0).bind(version).bind(version).fetch_optional(db).await?;
    row.map(|row| Ok(StoredRules { tenant, stamp: stamp(&row)?, text: row.text(4)? })).transpose()
}

/// Newest first.
pub(super) async fn rules_history(db: &MySqlPool, tenant: TenantId) -> Result<Vec<RulesStamp>, SqlError> {
    let select = AssertSqlSafe(format!("select {STAMP} from ai_rules where tenant_id = ? order by version desc"));
    sqlx::query(select).bind(tenant.0).fetch_all(db).await?.iter().map(stamp).collect()
}

/// `false`, and nothing is written, when the version does not follow the newest one.
pub(super) async fn put_rules(db: &mut MySqlConnection, rules: &StoredRules) -> Result<bool, SqlError> {
    let (tenant, stamp) = (rules.tenant, rules.stamp);
    lock(db, tenant).await?;
    let newest = sqlx::query("select coalesce(max(version), 0) from ai_rules where tenant_id = ?")
        .bind(tenant.0)
        .fetch_one(&mut *db)
        .await?
        .count(0)?;
    if stamp.version != newest + 1 {
        return Ok(false);
    }
    sqlx::query("insert into ai_rules (tenant_id, version, text, account_id, at, restores) values (?, ?, ?, ?, ?, ?)")
        .bind(tenant.0)
        .bind(stamp.version)
        .bind(&rules.text)
        .bind(stamp.by.0)
        .bind(stamp.at)
        .bind(stamp.restores)
        .execute(&mut *db)
        .await?;
    sqlx::query("delete from ai_rules where tenant_id = ? and version <= ?")
        .bind(tenant.0)
        .bind(stamp.version.saturating_sub(MOST_RULES))
        .execute(&mut *db)
        .await?;
    changed(db, tenant).await?;
    Ok(true)
}
