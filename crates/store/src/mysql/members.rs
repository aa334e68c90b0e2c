//! Members that somebody acts on. The domain decides inside the transaction, on roles as they are now.

use super::batch::Batch;
use super::errors::SqlError;
use super::people::{self, member_columns};
use super::script::{self, Script};
use super::{messages, tenants};
use crate::rows::{Columns, bad_row};
use macaw_app::{MemberError, Pair, Reset};
use macaw_domain::{AccountId, ConversationId, Member, MemberChange, Millis, Role, TenantId, Touch};
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, MySqlExecutor};
use std::collections::{BTreeMap, BTreeSet};

/// The members of a tenant with their roles.
pub(super) type Roles = BTreeMap<AccountId, Role>;

/// A member of a tenant that is not suspended.
pub(super) async fn find(
    db: impl MySqlExecutor<'_>,
    tenant: TenantId,
    account: AccountId,
) -> Result<Option<Member>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {} from member m join account a on a.id = m.account_id join tenant t on t.id = m.tenant_id
         where m.tenant_id = ? and m.account_id = ? and t.suspended_at is null",
        member_columns()
    ));
    let row = sqlx::query(select).bind(tenant.0).bind(account.0).fetch_optional(db).await?;
    row.map(|row| people::member(&row, 0)).transpose()
}

/// Locks the members of a tenant: their roles stay, and nobody assigns to them, until the transaction ends.
pub(super) async fn lock_roles(db: &mut MySqlConnection, tenant: TenantId) -> Result<Roles, SqlError> {
    let select = "select account_id, role from member where tenant_id = ? order by account_id for update";
    let rows = sqlx::query(select).bind(tenant.0).fetch_all(db).await?;
    let role = |word: String| Role::parse(&word).ok_or_else(|| bad_row("member", ("role", word)));
    rows.iter().map(|row| Ok((AccountId(row.id(0)?), role(row.text(1)?)?))).collect()
}

fn touch(roles: &Roles, pair: Pair) -> Option<Touch> {
    let (actor, target) = (*roles.get(&pair.actor)?, *roles.get(&pair.target)?);
    let owners = roles.values().filter(|role| **role == Role::Owner).count();
    let owners = u32::try_from(owners).unwrap_or(u32::MAX);
    Some(Touch { actor, itself: pair.actor == pair.target, target, owners })
}

pub(super) async fn change(
    db: &mut MySqlConnection,
    pair: Pair,
    change: &MemberChange,
) -> Result<Result<Member, MemberError>, SqlError> {
    let Some(touch) = touch(&lock_roles(db, pair.tenant).await?, pair) else { return Ok(Err(MemberError::NotFound)) };
    if let Err(refusal) = touch.change(change) {
        return Ok(Err(refusal.into()));
    }
    sqlx::query(
        "update member set role = coalesce(?, role), capacity = coalesce(?, capacity),
           time_zone = nullif(coalesce(?, time_zone), '')
         where tenant_id = ? and account_id = ?",
    )
    .bind(change.role.map(Role::as_str))
    .bind(change.capacity)
    .bind(&change.time_zone)
    .bind(pair.tenant.0)
    .bind(pair.target.0)
    .execute(&mut *db)
    .await?;
    Ok(find(db, pair.tenant, pair.target).await?.ok_or(MemberError::NotFound))
}

/// What a member owns or is offered, as the database has it.
pub(super) async fn held(db: &mut MySqlConnection, pair: Pair) -> Result<BTreeSet<ConversationId>, SqlError> {
    let select = "select id from conversation
                  where tenant_id = ? and status = 'open' and ((owner = 'agent' and owner_id = ?) or offer_agent = ?)";
    let select = sqlx::query(select).bind(pair.tenant.0).bind(pair.target.0).bind(pair.target.0);
    select.fetch_all(db).await?.iter().map(|row| row.id(0).map(ConversationId)).collect()
}

/// Membership, sessions and what the member owned go in one transaction: nobody is left with a former colleague.
pub(super) fn remove(batch: &mut Batch<'_>, pair: Pair, at: Millis) -> Result<(), MemberError> {
    let touch = batch.roles(pair.tenant).and_then(|roles| touch(roles, pair)).ok_or(MemberError::NotFound)?;
    touch.remove()?;
    batch.remove_member(pair.tenant, pair.target);
    for current in batch.held(pair.tenant, pair.target) {
        let Some(decision) = current.released(pair.target, at) else { continue };
        let effects = decision.effects.clone();
        let mut next = decision.onto(&current);
        messages::apply(batch, &mut next, effects, at);
        batch.put_header(next, true);
    }
    Ok(())
}

pub(super) fn delete(script: &mut Script, tenant: TenantId, account: AccountId) {
    let key = format!("tenant_id = {} and account_id = {}", script::id(tenant.0), script::id(account.0));
    script.add(format!("delete from member where {key}"));
    script.add(format!("delete from session where {key}"));
}

/// The password is the account's everywhere: who is somebody elsewhere too is out of a tenant's reach.
pub(super) async fn put_reset(
    db: &mut MySqlConnection,
    pair: Pair,
    reset: &Reset,
) -> Result<Result<(), MemberError>, SqlError> {
    let Some(touch) = touch(&lock_roles(db, pair.tenant).await?, pair) else { return Ok(Err(MemberError::NotFound)) };
    if let Err(refusal) = touch.reset() {
        return Ok(Err(refusal.into()));
    }
    let elsewhere = people::memberships(&mut *db, pair.target).await?.len() > 1;
    if elsewhere || tenants::is_operator(&mut *db, pair.target).await? {
        return Ok(Err(MemberError::Shared));
    }
    tenants::put_reset(db, reset).await?;
    Ok(Ok(()))
}
