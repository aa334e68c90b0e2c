//! Customers and how sites prove who they are.

use super::rows::{SqlError, bad_row};
use super::writer::Batch;
use macaw_app::{Customer, IdentityAlgorithm, SiteIdentity, StoreError};
use macaw_domain::{ConversationId, SiteId, TenantId, VisitorId};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub(super) fn site_identity(db: &Connection, tenant: TenantId, site: SiteId) -> Result<Option<SiteIdentity>, SqlError> {
    let mut find = db
        .prepare_cached("select algorithm, key, changed_at from site_identity where site_id = ?1 and tenant_id = ?2")?;
    let row = find.query_row(params![site.0, tenant.0], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)));
    let Some((word, key, changed_at)) = row.optional()? else { return Ok(None) };
    let algorithm = IdentityAlgorithm::parse(&word).ok_or_else(|| bad_row("site_identity", ("algorithm", site)))?;
    Ok(Some(SiteIdentity { tenant, site, algorithm, key, changed_at }))
}

pub(super) fn put_site_identity(db: &Connection, identity: &SiteIdentity) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into site_identity (site_id, tenant_id, algorithm, key, changed_at) values (?1, ?2, ?3, ?4, ?5)
         on conflict (site_id) do update
         set algorithm = excluded.algorithm, key = excluded.key, changed_at = excluded.changed_at
         where tenant_id = excluded.tenant_id",
    )?
    .execute(params![
        identity.site.0,
        identity.tenant.0,
        identity.algorithm.as_str(),
        identity.key,
        identity.changed_at
    ])?;
    Ok(())
}

pub(super) fn drop_site_identity(db: &Connection, tenant: TenantId, site: SiteId) -> Result<bool, SqlError> {
    let mut delete = db.prepare_cached("delete from site_identity where site_id = ?1 and tenant_id = ?2")?;
    Ok(delete.execute(params![site.0, tenant.0])? > 0)
}

/// The name that agents read of a visitor who is a customer.
pub(super) fn label(db: &Connection, tenant: TenantId, visitor: VisitorId) -> Result<Option<String>, SqlError> {
    let mut find =
        db.prepare_cached("select coalesce(name, email) from customer where tenant_id = ?1 and visitor_id = ?2")?;
    Ok(find.query_row(params![tenant.0, visitor.0], |row| row.get(0)).optional()?.flatten())
}

/// The visitor and conversation of a customer, on whatever device.
pub(super) fn join(
    batch: &mut Batch<'_>,
    customer: &Customer,
) -> Result<Result<(VisitorId, ConversationId), StoreError>, SqlError> {
    let (visitor, conversation) = match known(batch.db(), customer)? {
        Some(ids) => ids,
        None => match customer.here {
            Some((visitor, _)) if is_customer(batch.db(), customer.tenant, visitor)? => customer.fresh,
            Some(here) => here,
            None => customer.fresh,
        },
    };
    batch
        .db()
        .prepare_cached(
            "insert into customer
               (tenant_id, site_id, subject, visitor_id, conversation_id, name, email, created_at, seen_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
             on conflict (site_id, subject) do update
             set name = excluded.name, email = excluded.email, seen_at = excluded.seen_at",
        )?
        .execute(params![
            customer.tenant.0,
            customer.site.0,
            customer.subject,
            visitor.0,
            conversation.0,
            customer.name,
            customer.email,
            customer.at,
        ])?;
    let label = customer.label().map(str::to_owned);
    let header = batch.header(customer.tenant, conversation)?.cloned();
    if let Some(mut header) = header.filter(|header| header.visitor == visitor && header.visitor_name != label) {
        header.visitor_name = label;
        batch.put_header(header, true);
    }
    Ok(Ok((visitor, conversation)))
}

fn known(db: &Connection, customer: &Customer) -> Result<Option<(VisitorId, ConversationId)>, SqlError> {
    let mut find = db.prepare_cached(
        "select visitor_id, conversation_id from customer where site_id = ?1 and subject = ?2 and tenant_id = ?3",
    )?;
    let ids = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Uuid>(0)?, row.get::<_, Uuid>(1)?));
    let found = find.query_row(params![customer.site.0, customer.subject, customer.tenant.0], ids).optional()?;
    Ok(found.map(|(visitor, conversation)| (VisitorId(visitor), ConversationId(conversation))))
}

fn is_customer(db: &Connection, tenant: TenantId, visitor: VisitorId) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached("select 1 from customer where tenant_id = ?1 and visitor_id = ?2")?;
    Ok(find.exists(params![tenant.0, visitor.0])?)
}
