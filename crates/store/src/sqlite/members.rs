//! Members that somebody acts on. The domain decides inside the transaction, on roles as they are now.

use super::people::MEMBER;
use super::rows::{SqlError, bad_row};
use super::writer::Batch;
use super::{conversations, messages, people, tenants};
use macaw_app::{MemberError, Pair, Reset};
use macaw_domain::{AccountId, ConversationId, Member, MemberChange, Millis, Role, TenantId, Touch};
use rusqlite::{Connection, params};

/// A member of a tenant that is not suspended.
pub(super) fn find(db: &Connection, tenant: TenantId, account: AccountId) -> Result<Option<Member>, SqlError> {
    let mut find = db.prepare_cached(&format!(
        "select {MEMBER} from member m join account a on a.id = m.account_id join tenant t on t.id = m.tenant_id
         where m.tenant_id = ?1 and m.account_id = ?2 and t.suspended_at is null"
    ))?;
    let mut rows = find.query(params![tenant.0, account.0])?;
    rows.next()?.map(|row| people::member(row, 0)).transpose()
}

fn touch(db: &Connection, pair: Pair) -> Result<Option<Touch>, SqlError> {
    let mut roles = db.prepare_cached("select role, account_id from member where tenant_id = ?1")?;
    let mut rows = roles.query([pair.tenant.0])?;
    let (mut actor, mut target, mut owners) = (None, None, 0);
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        let role = Role::parse(&word).ok_or_else(|| bad_row("member", ("role", word)))?;
        let account = AccountId(row.get(1)?);
        owners += u32::from(role == Role::Owner);
        if account == pair.actor {
            actor = Some(role);
        }
        if account == pair.target {
            target = Some(role);
        }
    }
    let itself = pair.actor == pair.target;
    Ok(actor.zip(target).map(|(actor, target)| Touch { actor, itself, target, owners }))
}

pub(super) fn change(
    batch: &mut Batch<'_>,
    pair: Pair,
    change: &MemberChange,
) -> Result<Result<Member, MemberError>, SqlError> {
    let db = batch.db();
    let Some(touch) = touch(db, pair)? else { return Ok(Err(MemberError::NotFound)) };
    if let Err(refusal) = touch.change(change) {
        return Ok(Err(refusal.into()));
    }
    db.execute(
        "update member set role = coalesce(?3, role), capacity = coalesce(?4, capacity),
           time_zone = nullif(coalesce(?5, time_zone), '')
         where tenant_id = ?1 and account_id = ?2",
        params![pair.tenant.0, pair.target.0, change.role.map(Role::as_str), change.capacity, change.time_zone],
    )?;
    Ok(find(db, pair.tenant, pair.target)?.ok_or(MemberError::NotFound))
}

/// Membership, sessions and what the member owned go in one transaction: nobody is left with a former colleague.
pub(super) fn remove(batch: &mut Batch<'_>, pair: Pair, at: Millis) -> Result<Result<(), MemberError>, SqlError> {
    let Some(touch) = touch(batch.db(), pair)? else { return Ok(Err(MemberError::NotFound)) };
    if let Err(refusal) = touch.remove() {
        return Ok(Err(refusal.into()));
    }
    // What this very batch assigned to the member so far is looked at too.
    batch.flush()?;
    let key = params![pair.tenant.0, pair.target.0];
    batch.db().execute("delete from member where tenant_id = ?1 and account_id = ?2", key)?;
    batch.db().execute("delete from session where tenant_id = ?1 and account_id = ?2", key)?;
    for id in held(batch.db(), pair)? {
        let Some(current) = batch.header(pair.tenant, id)?.cloned() else { continue };
        let Some(decision) = current.released(pair.target, at) else { continue };
        let effects = decision.effects.clone();
        let mut next = decision.onto(&current);
        messages::apply(batch, &mut next, effects, at)?;
        batch.put_header(next, true);
    }
    Ok(Ok(()))
}

fn held(db: &Connection, pair: Pair) -> Result<Vec<ConversationId>, SqlError> {
    let mut select =
        db.prepare_cached(&format!("select id from conversation where tenant_id = ?1 and {}", conversations::MINE))?;
    let found = select.query_map(params![pair.tenant.0, pair.target.0], |row| row.get(0).map(ConversationId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The password is the account's everywhere: who is somebody elsewhere too is out of a tenant's reach.
pub(super) fn put_reset(batch: &mut Batch<'_>, pair: Pair, reset: &Reset) -> Result<Result<(), MemberError>, SqlError> {
    let db = batch.db();
    let Some(touch) = touch(db, pair)? else { return Ok(Err(MemberError::NotFound)) };
    if let Err(refusal) = touch.reset() {
        return Ok(Err(refusal.into()));
    }
    if people::memberships(db, pair.target)?.len() > 1 || tenants::is_operator(db, pair.target)? {
        return Ok(Err(MemberError::Shared));
    }
    tenants::put_reset(db, reset)?;
    Ok(Ok(()))
}
