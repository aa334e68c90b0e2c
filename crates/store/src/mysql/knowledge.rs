//! The knowledge of tenants.

use super::errors::SqlError;
use crate::rows::{Columns, bad_row};
use crate::stored::{stored_texts, texts};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeId, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlRow};
use sqlx::{AssertSqlSafe, MySqlExecutor};

const COLUMNS: &str = "id, tenant_id, question, alternatives, answer, enabled, updated_at";

/// All entries, oldest first.
pub(super) async fn all(db: &MySqlPool, tenant: TenantId) -> Result<Vec<KnowledgeEntry>, SqlError> {
    let select = AssertSqlSafe(format!("select {COLUMNS} from knowledge where tenant_id = ? order by id"));
    sqlx::query(select).bind(tenant.0).fetch_all(db).await?.iter().map(entry).collect()
}

/// One entry of this tenant.
pub(super) async fn find(
    db: &MySqlPool,
    tenant: TenantId,
    id: KnowledgeId,
) -> Result<Option<KnowledgeEntry>, SqlError> {
    let select = AssertSqlSafe(format!("select {COLUMNS} from knowledge where tenant_id = ? and id = ?"));
    sqlx::query(select).bind(tenant.0).bind(id.0).fetch_optional(db).await?.as_ref().map(entry).transpose()
}

/// A part, newest first, and how many there are.
pub(super) async fn page(
    db: &MySqlPool,
    tenant: TenantId,
    text: &str,
    limit: u32,
    offset: u32,
) -> Result<(Vec<KnowledgeEntry>, u64), SqlError> {
    const FILTER: &str = "tenant_id = ?
        and (? = '' or instr(lower(concat(question, ' ', alternatives, ' ', answer)), lower(?)) > 0)";
    let count = AssertSqlSafe(format!("select count(*) from knowledge where {FILTER}"));
    let total = sqlx::query(count).bind(tenant.0).bind(text).bind(text).fetch_one(db).await?.count(0)?;
    let select = AssertSqlSafe(format!(
        "select {COLUMNS} from knowledge where {FILTER} order by updated_at desc, id desc limit ? offset ?"
    ));
    let page = sqlx::query(select).bind(tenant.0).bind(text).bind(text).bind(limit).bind(offset);
    Ok((page.fetch_all(db).await?.iter().map(entry).collect::<Result<_, _>>()?, total))
}

/// Writes entries; `false`, and nothing is written, when another entry asks one of their questions already. An id of
/// another tenant is not this tenant's to overwrite.
pub(super) async fn put(
    db: &mut MySqlConnection,
    tenant: TenantId,
    entries: &[KnowledgeEntry],
) -> Result<bool, SqlError> {
    lock(db, tenant).await?;
    if is_taken(db, tenant, entries).await? {
        return Ok(false);
    }
    for KnowledgeEntry { id, draft, updated_at, .. } in entries {
        sqlx::query(
            "insert into knowledge (id, tenant_id, question, alternatives, answer, enabled, updated_at)
             values (?, ?, ?, ?, ?, ?, ?)
             on duplicate key update
               question = if(tenant_id = values(tenant_id), values(question), question),
               alternatives = if(tenant_id = values(tenant_id), values(alternatives), alternatives),
               answer = if(tenant_id = values(tenant_id), values(answer), answer),
               enabled = if(tenant_id = values(tenant_id), values(enabled), enabled),
               updated_at = if(tenant_id = values(tenant_id), values(updated_at), updated_at)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(&draft.question)
        .bind(stored_texts(&draft.alternatives))
        .bind(&draft.answer)
        .bind(draft.enabled)
        .bind(updated_at)
        .execute(&mut *db)
        .await?;
    }
    changed(db, tenant).await?;
    Ok(true)
}

/// Whether another entry than those of `entries` asks one of their questions already.
async fn is_taken(db: &mut MySqlConnection, tenant: TenantId, entries: &[KnowledgeEntry]) -> Result<bool, SqlError> {
    for entry in entries {
        let standing = sqlx::query("select id from knowledge where tenant_id = ? and question = ?")
            .bind(tenant.0)
            .bind(&entry.draft.question)
            .fetch_optional(&mut *db)
            .await?;
        let standing = standing.map(|row| row.id(0)).transpose()?;
        let twin = entries.iter().any(|other| other.id != entry.id && other.draft.question == entry.draft.question);
        if twin || standing.is_some_and(|id| id != entry.id.0) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn delete(db: &mut MySqlConnection, tenant: TenantId, id: KnowledgeId) -> Result<bool, SqlError> {
    lock(db, tenant).await?;
    let delete = "delete from knowledge where tenant_id = ? and id = ?";
    let gone = sqlx::query(delete).bind(tenant.0).bind(id.0).execute(&mut *db).await?.rows_affected() > 0;
    if gone {
        changed(db, tenant).await?;
    }
    Ok(gone)
}

pub(super) async fn version(db: &MySqlPool, tenant: TenantId) -> Result<u64, SqlError> {
    let select = "select version from knowledge_version where tenant_id = ?";
    let row = sqlx::query(select).bind(tenant.0).fetch_optional(db).await?;
    row.map_or(Ok(0), |row| row.count(0))
}

pub(super) async fn count(db: &MySqlPool, tenant: TenantId) -> Result<u64, SqlError> {
    let count = "select count(*) from knowledge where tenant_id = ?";
    sqlx::query(count).bind(tenant.0).fetch_one(db).await?.count(0)
}

/// Other nodes that change this tenant's knowledge wait until the transaction ends: what is asked before a write holds
/// while it is written, and a version is seen no sooner than what it is the version of.
async fn lock(db: &mut MySqlConnection, tenant: TenantId) -> Result<(), SqlError> {
    sqlx::query(
        "insert into knowledge_version (tenant_id, version) values (?, 0) on duplicate key update version = version",
    )
    .bind(tenant.0)
    .execute(db)
    .await?;
    Ok(())
}

async fn changed(db: impl MySqlExecutor<'_>, tenant: TenantId) -> Result<(), SqlError> {
    sqlx::query("update knowledge_version set version = version + 1 where tenant_id = ?")
        .bind(tenant.0)
        .execute(db)
        .await?;
    Ok(())
}

fn entry(row: &MySqlRow) -> Result<KnowledgeEntry, SqlError> {
    let id = row.id(0)?;
    let alternatives = texts(&row.text(3)?).ok_or_else(|| bad_row("knowledge", ("alternatives", id)))?;
    let (question, answer, enabled) = (row.text(2)?, row.text(4)?, row.number(5)? != 0);
    Ok(KnowledgeEntry {
        id: KnowledgeId(id),
        tenant: TenantId(row.id(1)?),
        draft: KnowledgeDraft { question, alternatives, answer, enabled },
        updated_at: row.number(6)?,
    })
}
