//! Customers and how sites prove who they are.

use super::batch::Batch;
use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{Columns, bad_row};
use macaw_app::{Customer, IdentityAlgorithm, SiteIdentity};
use macaw_domain::{ConversationId, SiteId, TenantId, VisitorId};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use std::collections::BTreeSet;

pub(super) async fn site_identity(
    db: &MySqlPool,
    tenant: TenantId,
    site: SiteId,
) -> Result<Option<SiteIdentity>, SqlError> {
    let select = "select algorithm, `key`, changed_at from site_identity where site_id = ? and tenant_id = ?";
    let Some(row) = sqlx::query(select).bind(site.0).bind(tenant.0).fetch_optional(db).await? else { return Ok(None) };
    let algorithm = IdentityAlgorithm::parse(&row.text(0)?);
    let algorithm = algorithm.ok_or_else(|| bad_row("site_identity", ("algorithm", site)))?;
    Ok(Some(SiteIdentity { tenant, site, algorithm, key: row.bytes(1)?, changed_at: row.number(2)? }))
}

pub(super) async fn put_site_identity(db: &MySqlPool, identity: &SiteIdentity) -> Result<(), SqlError> {
    sqlx::query(
        "insert into site_identity (site_id, tenant_id, algorithm, `key`, changed_at) values (?, ?, ?, ?, ?)
         on duplicate key update
           algorithm = if(tenant_id = values(tenant_id), values(algorithm), algorithm),
           `key` = if(tenant_id = values(tenant_id), values(`key`), `key`),
           changed_at = if(tenant_id = values(tenant_id), values(changed_at), changed_at)",
    )
    .bind(identity.site.0)
    .bind(identity.tenant.0)
    .bind(identity.algorithm.as_str())
    .bind(&identity.key)
    .bind(identity.changed_at)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn drop_site_identity(db: &MySqlPool, tenant: TenantId, site: SiteId) -> Result<bool, SqlError> {
    let delete = "delete from site_identity where site_id = ? and tenant_id = ?";
    Ok(sqlx::query(delete).bind(site.0).bind(tenant.0).execute(db).await?.rows_affected() > 0)
}

/// The number of columns that [`find_labels`] asks for.
pub(super) const LABEL: usize = 3;

/// Asks for the names that agents read of visitors who are customers: tenant, visitor, name.
pub(super) fn find_labels(script: &mut Script, wanted: &BTreeSet<(TenantId, VisitorId)>) {
    for (tenant, visitor) in wanted {
        script.add(format!(
            "select tenant_id, visitor_id, coalesce(name, email) from customer
             where tenant_id = {} and visitor_id = {}",
            script::id(tenant.0),
            script::id(visitor.0)
        ));
    }
}

/// The visitor and conversation of a customer, on whatever device.
pub(super) async fn join(
    db: &mut MySqlConnection,
    customer: &Customer,
) -> Result<(VisitorId, ConversationId), SqlError> {
    let Customer { tenant, site, subject, name, email, here, fresh, at } = customer;
    let select = "select visitor_id, conversation_id from customer
                  where site_id = ? and subject = ? and tenant_id = ? for update";
    let known = sqlx::query(select).bind(site.0).bind(subject.as_bytes()).bind(tenant.0);
    if let Some(row) = known.fetch_optional(&mut *db).await? {
        let update = "update customer set name = ?, email = ?, seen_at = ? where site_id = ? and subject = ?";
        let update = sqlx::query(update).bind(name).bind(email).bind(at);
        update.bind(site.0).bind(subject.as_bytes()).execute(db).await?;
        return Ok((VisitorId(row.id(0)?), ConversationId(row.id(1)?)));
    }
    let (visitor, conversation) = match here {
        Some(here) if !is_customer(db, *tenant, here.0).await? => *here,
        _ => *fresh,
    };
    // Taken when another node joined the same customer or device meanwhile: then it is decided again.
    sqlx::query(
        "insert into customer
           (tenant_id, site_id, subject, visitor_id, conversation_id, name, email, created_at, seen_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(tenant.0)
    .bind(site.0)
    .bind(subject.as_bytes())
    .bind(visitor.0)
    .bind(conversation.0)
    .bind(name)
    .bind(email)
    .bind(at)
    .bind(at)
    .execute(db)
    .await?;
    Ok((visitor, conversation))
}

async fn is_customer(db: &mut MySqlConnection, tenant: TenantId, visitor: VisitorId) -> Result<bool, SqlError> {
    let select = "select 1 from customer where tenant_id = ? and visitor_id = ?";
    Ok(sqlx::query(select).bind(tenant.0).bind(visitor.0).fetch_optional(db).await?.is_some())
}

/// Writes the customer's name to its conversation, if that has begun.
pub(super) fn name(batch: &mut Batch<'_>, tenant: TenantId, visitor: VisitorId, id: ConversationId) {
    let label = batch.label(tenant, visitor);
    let header = batch.header(tenant, id).filter(|header| header.visitor == visitor && header.visitor_name != label);
    if let Some(mut header) = header.cloned() {
        header.visitor_name = label;
        batch.put_header(header, true);
    }
}
