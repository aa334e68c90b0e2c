//! Tenants, operators, one-time links for passwords.

use super::people::{put_account, put_invitation, put_member, put_session};
use super::rows::SqlError;
use super::sites;
use super::writer::Batch;
use macaw_app::{FirstOwner, Founding, Reset, Session, StoreError, TenantRow};
use macaw_domain::{Account, AccountId, Millis, Role, SessionId, Tenant, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The columns of [`tenant_of`], in its order.
pub(super) const TENANT: &str = "id, name, shard, time_zone";

pub(super) fn tenant_of(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    Ok(Tenant { id: TenantId(row.get(0)?), name: row.get(1)?, shard: row.get(2)?, time_zone: row.get(3)? })
}

pub(super) fn insert(db: &Connection, tenant: &Tenant, at: Millis) -> Result<(), SqlError> {
    db.execute(
        "insert into tenant (id, name, shard, created_at, time_zone) values (?1, ?2, ?3, ?4, ?5)",
        params![tenant.id.0, tenant.name, tenant.shard, at, tenant.time_zone],
    )?;
    Ok(())
}

pub(super) fn list(db: &Connection) -> Result<Vec<TenantRow>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {TENANT}, suspended_at, (select count(*) from member m where m.tenant_id = tenant.id), created_at
         from tenant order by created_at, id"
    ))?;
    let row = |row: &Row<'_>| {
        Ok(TenantRow {
            tenant: tenant_of(row)?,
            suspended_at: row.get(4)?,
            members: row.get(5)?,
            created_at: row.get(6)?,
        })
    };
    Ok(select.query_map([], row)?.collect::<Result<_, _>>()?)
}

/// Refuses before its first write, as the writer asks of all work.
pub(super) fn found(batch: &mut Batch<'_>, founding: &Founding) -> Result<Result<(), StoreError>, SqlError> {
    let db = batch.db();
    let Founding { tenant, site, owner, at } = founding;
    if let FirstOwner::Account(account) = owner {
        let taken = "select exists (select 1 from account where email = ?1)";
        if db.query_row(taken, [&account.email], |row| row.get(0))? {
            return Ok(Err(StoreError::Taken("the e-mail address")));
        }
    }
    insert(db, tenant, *at)?;
    sites::put(db, site, *at)?;
    match owner {
        FirstOwner::Account(account) => {
            put_account(db, account, *at)?;
            put_member(db, tenant.id, account.id, Role::Owner, *at)?;
        }
        FirstOwner::Invited(invitation) => put_invitation(db, invitation)?,
    }
    Ok(Ok(()))
}

pub(super) fn put(db: &Connection, tenant: &Tenant) -> Result<(), SqlError> {
    db.execute(
        "update tenant set name = ?2, time_zone = ?3 where id = ?1",
        params![tenant.id.0, tenant.name, tenant.time_zone],
    )?;
    Ok(())
}

pub(super) fn suspend(db: &Connection, tenant: TenantId, since: Option<Millis>) -> Result<bool, SqlError> {
    let found = db.execute("update tenant set suspended_at = ?2 where id = ?1", params![tenant.0, since])?;
    if since.is_some() {
        db.execute("delete from session where tenant_id = ?1", [tenant.0])?;
    }
    Ok(found > 0)
}

pub(super) fn put_reset(db: &Connection, reset: &Reset) -> Result<(), SqlError> {
    db.execute(
        "insert into reset (token_hash, account_id, expires_at) values (?1, ?2, ?3)",
        params![reset.token_hash, reset.account.0, reset.expires_at],
    )?;
    Ok(())
}

pub(super) fn reset(db: &Connection, hash: &[u8; 32], now: Millis) -> Result<Option<AccountId>, SqlError> {
    let find = "select account_id from reset where token_hash = ?1 and expires_at > ?2";
    Ok(db.query_row(find, params![hash, now], |row| row.get(0).map(AccountId)).optional()?)
}

pub(super) fn use_reset(
    db: &Connection,
    hash: &[u8; 32],
    password_hash: &str,
    now: Millis,
) -> Result<Option<AccountId>, SqlError> {
    let Some(account) = reset(db, hash, now)? else { return Ok(None) };
    super::people::set_password(db, account, password_hash, None)?;
    Ok(Some(account))
}

pub(super) fn set_operator(
    db: &Connection,
    account: &Account,
    operator: bool,
    at: Millis,
) -> Result<AccountId, SqlError> {
    let id = match super::people::account_by_email(db, &account.email)? {
        Some(known) => known.id,
        None => {
            put_account(db, account, at)?;
            account.id
        }
    };
    db.execute("update account set operator = ?2 where id = ?1", params![id.0, operator])?;
    Ok(id)
}

pub(super) fn is_operator(db: &Connection, account: AccountId) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached("select exists (select 1 from account where id = ?1 and operator = 1)")?;
    Ok(find.query_row([account.0], |row| row.get(0))?)
}

pub(super) fn operator_session(db: &Connection, hash: &[u8; 32], now: Millis) -> Result<Option<Session>, SqlError> {
    let mut find = db.prepare_cached(&format!(
        "select {} from session s join account a on a.id = s.account_id
         where s.token_hash = ?1 and s.expires_at > ?2 and a.operator = 1",
        super::people::SESSION
    ))?;
    Ok(find.query_row(params![hash, now], super::people::session_of).optional()?)
}

pub(super) fn end_sessions(db: &Connection, account: AccountId) -> Result<u64, SqlError> {
    let ended = db.execute("delete from session where account_id = ?1", [account.0])?;
    Ok(u64::try_from(ended).unwrap_or(u64::MAX))
}

pub(super) fn rotate_session(db: &Connection, old: SessionId, new: &Session) -> Result<bool, SqlError> {
    let ended = db.execute("delete from session where id = ?1 and account_id = ?2", params![old.0, new.account.0])?;
    if ended > 0 {
        put_session(db, new)?;
    }
    Ok(ended > 0)
}
