//! Tenants, operators, one-time links for passwords.

use super::errors::SqlError;
use super::people::{self, put_account, put_invitation, put_member, put_session};
use super::sites;
use crate::rows::{Columns, bad_row};
use macaw_app::{FirstOwner, Founding, Reset, Session, StoreError, TenantRow};
use macaw_domain::{Account, AccountId, Millis, Role, SessionId, Tenant, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlRow};
use sqlx::{AssertSqlSafe, MySqlExecutor};

/// The columns of [`tenant_of`], in its order.
pub(super) const TENANT: &str = "id, name, shard, time_zone";

pub(super) fn tenant_of(row: &MySqlRow) -> Result<Tenant, SqlError> {
    let id = row.id(0)?;
    let shard = row.number(2)?.try_into().map_err(|_| bad_row("tenant", ("shard", id)))?;
    Ok(Tenant { id: TenantId(id), name: row.text(1)?, shard, time_zone: row.text(3)? })
}

pub(super) async fn insert(db: &mut MySqlConnection, tenant: &Tenant, at: Millis) -> Result<(), SqlError> {
    sqlx::query("insert into tenant (id, name, shard, created_at, time_zone) values (?, ?, ?, ?, ?)")
        .bind(tenant.id.0)
        .bind(&tenant.name)
        .bind(tenant.shard)
        .bind(at)
        .bind(&tenant.time_zone)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn list(db: &MySqlPool) -> Result<Vec<TenantRow>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {TENANT}, suspended_at, (select count(*) from member m where m.tenant_id = tenant.id), created_at
         from tenant order by created_at, id"
    ));
    let rows = sqlx::query(select).fetch_all(db).await?;
    let tenants = rows.iter().map(|row| {
        let tenant = tenant_of(row)?;
        Ok(TenantRow {
            suspended_at: row.maybe_number(4)?,
            members: row.count(5)?.try_into().map_err(|_| bad_row("tenant", ("members", tenant.id)))?,
            created_at: row.number(6)?,
            tenant,
        })
    });
    tenants.collect()
}

/// Refuses before its first write.
pub(super) async fn found(db: &mut MySqlConnection, founding: &Founding) -> Result<Result<(), StoreError>, SqlError> {
    let Founding { tenant, site, owner, at } = founding;
    if let FirstOwner::Account(account) = owner
        && people::account_by_email(&mut *db, &account.email).await?.is_some()
    {
        return Ok(Err(StoreError::Taken("the e-mail address")));
    }
    insert(db, tenant, *at).await?;
    sites::put(&mut *db, site, *at).await?;
    match owner {
        FirstOwner::Account(account) => {
            put_account(db, account, *at).await?;
            put_member(db, tenant.id, account.id, Role::Owner, *at).await?;
        }
        FirstOwner::Invited(invitation) => put_invitation(&mut *db, invitation).await?,
    }
    Ok(Ok(()))
}

pub(super) async fn put(db: &MySqlPool, tenant: &Tenant) -> Result<(), SqlError> {
    let update = sqlx::query("update tenant set name = ?, time_zone = ? where id = ?");
    update.bind(&tenant.name).bind(&tenant.time_zone).bind(tenant.id.0).execute(db).await?;
    Ok(())
}

pub(super) async fn suspend(
    db: &mut MySqlConnection,
    tenant: TenantId,
    since: Option<Millis>,
) -> Result<bool, SqlError> {
    let update = sqlx::query("update tenant set suspended_at = ? where id = ?");
    let found = update.bind(since).bind(tenant.0).execute(&mut *db).await?.rows_affected() > 0;
    if since.is_some() {
        sqlx::query("delete from session where tenant_id = ?").bind(tenant.0).execute(db).await?;
    }
    Ok(found)
}

pub(super) async fn put_reset(db: impl MySqlExecutor<'_>, reset: &Reset) -> Result<(), SqlError> {
    let insert = sqlx::query("insert into reset (token_hash, account_id, expires_at) values (?, ?, ?)");
    insert.bind(&reset.token_hash[..]).bind(reset.account.0).bind(reset.expires_at).execute(db).await?;
    Ok(())
}

pub(super) async fn reset(
    db: impl MySqlExecutor<'_>,
    hash: &[u8; 32],
    now: Millis,
    lock: bool,
) -> Result<Option<AccountId>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select account_id from reset where token_hash = ? and expires_at > ?{}",
        if lock { " for update" } else { "" }
    ));
    let row = sqlx::query(select).bind(&hash[..]).bind(now).fetch_optional(db).await?;
    row.map(|row| row.id(0).map(AccountId)).transpose()
}

/// Setting the password forgets the account's resets, so whoever waited for this one finds it used.
pub(super) async fn use_reset(
    db: &mut MySqlConnection,
    hash: &[u8; 32],
    password_hash: &str,
    now: Millis,
) -> Result<Option<AccountId>, SqlError> {
    let Some(account) = reset(&mut *db, hash, now, true).await? else { return Ok(None) };
    people::set_password(db, account, password_hash, None).await?;
    Ok(Some(account))
}

pub(super) async fn set_operator(
    db: &mut MySqlConnection,
    account: &Account,
    operator: bool,
    at: Millis,
) -> Result<AccountId, SqlError> {
    let id = match people::account_by_email(&mut *db, &account.email).await? {
        Some(known) => known.id,
        None => {
            put_account(db, account, at).await?;
            account.id
        }
    };
    sqlx::query("update account set operator = ? where id = ?").bind(operator).bind(id.0).execute(db).await?;
    Ok(id)
}

pub(super) async fn is_operator(db: impl MySqlExecutor<'_>, account: AccountId) -> Result<bool, SqlError> {
    let select = "select 1 from account where id = ? and operator = 1";
    Ok(sqlx::query(select).bind(account.0).fetch_optional(db).await?.is_some())
}

pub(super) async fn operator_session(
    db: &MySqlPool,
    hash: &[u8; 32],
    now: Millis,
) -> Result<Option<Session>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {} from session s join account a on a.id = s.account_id
         where s.token_hash = ? and s.expires_at > ? and a.operator = 1",
        people::SESSION
    ));
    let row = sqlx::query(select).bind(&hash[..]).bind(now).fetch_optional(db).await?;
    row.as_ref().map(people::session_of).transpose()
}

pub(super) async fn end_sessions(db: &MySqlPool, account: AccountId) -> Result<u64, SqlError> {
    let delete = sqlx::query("delete from session where account_id = ?");
    Ok(delete.bind(account.0).execute(db).await?.rows_affected())
}

pub(super) async fn rotate_session(db: &mut MySqlConnection, old: SessionId, new: &Session) -> Result<bool, SqlError> {
    let delete = sqlx::query("delete from session where id = ? and account_id = ?");
    let ended = delete.bind(old.0).bind(new.account.0).execute(&mut *db).await?.rows_affected() > 0;
    if ended {
        put_session(db, new).await?;
    }
    Ok(ended)
}
