//! The knowledge of tenants.

use super::rows::{SqlError, bad_row};
use crate::stored::{stored_texts, texts};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeId, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "id, tenant_id, question, alternatives, answer, enabled, updated_at";

/// All entries, oldest first.
pub(super) fn all(db: &Connection, tenant: TenantId) -> Result<Vec<KnowledgeEntry>, SqlError> {
    let mut select = db.prepare_cached(&format!("select {COLUMNS} from knowledge where tenant_id = ?1 order by id"))?;
    collect(select.query([tenant.0])?)
}

/// One entry of this tenant.
pub(super) fn find(db: &Connection, tenant: TenantId, id: KnowledgeId) -> Result<Option<KnowledgeEntry>, SqlError> {
    let mut select = db.prepare_cached(&format!("select {COLUMNS} from knowledge where tenant_id = ?1 and id = ?2"))?;
    Ok(collect(select.query([tenant.0, id.0])?)?.pop())
}

/// A part, newest first, and how many there are.
pub(super) fn page(
    db: &Connection,
    tenant: TenantId,
    text: &str,
    limit: u32,
    offset: u32,
) -> Result<(Vec<KnowledgeEntry>, u64), SqlError> {
    const FILTER: &str = "tenant_id = ?1
        and (?2 = '' or instr(lower(question || ' ' || alternatives || ' ' || answer), lower(?2)) > 0)";
    let total = db
        .prepare_cached(&format!("select count(*) from knowledge where {FILTER}"))?
        .query_row(params![tenant.0, text], |row| row.get(0))?;
    let mut select = db.prepare_cached(&format!(
        "select {COLUMNS} from knowledge where {FILTER} order by updated_at desc, id desc limit ?3 offset ?4"
    ))?;
    Ok((collect(select.query(params![tenant.0, text, limit, offset])?)?, total))
}

/// Writes entries. An id of another tenant is not this tenant's to overwrite.
pub(super) fn put(db: &Connection, tenant: TenantId, entries: &[KnowledgeEntry]) -> Result<(), SqlError> {
    let mut upsert = db.prepare_cached(
        "insert into knowledge (id, tenant_id, question, alternatives, answer, enabled, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (id) do update set question = excluded.question, alternatives = excluded.alternatives,
           answer = excluded.answer, enabled = excluded.enabled, updated_at = excluded.updated_at
         where tenant_id = excluded.tenant_id",
    )?;
    for entry in entries {
        let d = &entry.draft;
        upsert.execute(params![
            entry.id.0,
            tenant.0,
            d.question,
            stored_texts(&d.alternatives),
            d.answer,
            d.enabled,
            entry.updated_at
        ])?;
    }
    changed(db, tenant)
}

/// Whether another entry than those of `entries` asks one of their questions already.
pub(super) fn is_taken(db: &Connection, tenant: TenantId, entries: &[KnowledgeEntry]) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached("select id from knowledge where tenant_id = ?1 and question = ?2")?;
    for entry in entries {
        let standing: Option<Uuid> =
            find.query_row(params![tenant.0, entry.draft.question], |row| row.get(0)).optional()?;
        let twin = entries.iter().any(|other| other.id != entry.id && other.draft.question == entry.draft.question);
        if twin || standing.is_some_and(|id| id != entry.id.0) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn delete(db: &Connection, tenant: TenantId, id: KnowledgeId) -> Result<bool, SqlError> {
    let gone = db.execute("delete from knowledge where tenant_id = ?1 and id = ?2", params![tenant.0, id.0])?;
    if gone > 0 {
        changed(db, tenant)?;
    }
    Ok(gone > 0)
}

pub(super) fn version(db: &Connection, tenant: TenantId) -> Result<u64, SqlError> {
    let mut find = db.prepare_cached("select version from knowledge_version where tenant_id = ?1")?;
    Ok(find.query_row([tenant.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

fn changed(db: &Connection, tenant: TenantId) -> Result<(), SqlError> {
    db.execute(
        "insert into knowledge_version (tenant_id, version) values (?1, 1)
         on conflict (tenant_id) do update set version = version + 1",
        [tenant.0],
    )?;
    Ok(())
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<KnowledgeEntry>, SqlError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(entry(row)?);
    }
    Ok(found)
}

fn entry(row: &Row<'_>) -> Result<KnowledgeEntry, SqlError> {
    let id: Uuid = row.get(0)?;
    let stored: String = row.get(3)?;
    let alternatives = texts(&stored).ok_or_else(|| bad_row("knowledge", ("alternatives", id)))?;
    Ok(KnowledgeEntry {
        id: KnowledgeId(id),
        tenant: TenantId(row.get(1)?),
        draft: KnowledgeDraft { question: row.get(2)?, alternatives, answer: row.get(4)?, enabled: row.get(5)? },
        updated_at: row.get(6)?,
    })
}
