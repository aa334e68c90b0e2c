//! Tenants, accounts, members, sessions, invitations.

use super::batch::Room;
use super::errors::SqlError;
use super::script::{self, Script};
use super::{sites, tenants};
use crate::rows::{Columns, bad_row};
use macaw_app::{Invitation, Session, Setup};
use macaw_domain::{Account, AccountId, Availability, Member, Millis, Role, SessionId, Tenant, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlRow};
use sqlx::{AssertSqlSafe, MySqlExecutor};
use uuid::Uuid;

/// Nodes that start together on an empty database: one of them sets it up.
pub(super) async fn set_up(db: &mut MySqlConnection, setup: &Setup) -> Result<bool, SqlError> {
    sqlx::query("select value from meta where name = 'epoch' for update").fetch_one(&mut *db).await?;
    if sqlx::query("select 1 from tenant limit 1").fetch_optional(&mut *db).await?.is_some() {
        return Ok(false);
    }
    let Setup { tenant, owner, site, at } = setup;
    tenants::insert(db, tenant, *at).await?;
    put_account(db, owner, *at).await?;
    put_member(db, tenant.id, owner.id, Role::Owner, *at).await?;
    sites::put(db, site, *at).await?;
    Ok(true)
}

pub(super) async fn put_account(db: &mut MySqlConnection, account: &Account, at: Millis) -> Result<(), SqlError> {
    sqlx::query("insert into account (id, email, name, password_hash, created_at) values (?, ?, ?, ?, ?)")
        .bind(account.id.0)
        .bind(&account.email)
        .bind(&account.name)
        .bind(&account.password_hash)
        .bind(at)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn put_member(
    db: &mut MySqlConnection,
    tenant: TenantId,
    account: AccountId,
    role: Role,
    at: Millis,
) -> Result<(), SqlError> {
    // Whoever is a member stays as they are.
    sqlx::query(
        "insert into member (tenant_id, account_id, role, created_at) values (?, ?, ?, ?)
         on duplicate key update account_id = account_id",
    )
    .bind(tenant.0)
    .bind(account.0)
    .bind(role.as_str())
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn tenant(db: &MySqlPool, id: TenantId) -> Result<Option<Tenant>, SqlError> {
    let select = AssertSqlSafe(format!("select {} from tenant where id = ?", tenants::TENANT));
    sqlx::query(select).bind(id.0).fetch_optional(db).await?.as_ref().map(tenants::tenant_of).transpose()
}

fn account_of(row: &MySqlRow) -> Result<Account, SqlError> {
    Ok(Account { id: AccountId(row.id(0)?), email: row.text(1)?, name: row.text(2)?, password_hash: row.text(3)? })
}

pub(super) async fn account_by_email(db: impl MySqlExecutor<'_>, email: &str) -> Result<Option<Account>, SqlError> {
    let select = "select id, email, name, password_hash from account where email = ?";
    sqlx::query(select).bind(email).fetch_optional(db).await?.as_ref().map(account_of).transpose()
}

pub(super) async fn account(db: &MySqlPool, id: AccountId) -> Result<Option<Account>, SqlError> {
    let select = "select id, email, name, password_hash from account where id = ?";
    sqlx::query(select).bind(id.0).fetch_optional(db).await?.as_ref().map(account_of).transpose()
}

pub(super) async fn set_password(
    db: &mut MySqlConnection,
    account: AccountId,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<(), SqlError> {
    let update = "update account set password_hash = ? where id = ?";
    sqlx::query(update).bind(hash).bind(account.0).execute(&mut *db).await?;
    sqlx::query("delete from session where account_id = ? and not (id <=> ?)")
        .bind(account.0)
        .bind(keep.map(|id| id.0))
        .execute(&mut *db)
        .await?;
    // A link that was made for the old password must not undo the new one.
    sqlx::query("delete from reset where account_id = ?").bind(account.0).execute(db).await?;
    Ok(())
}

/// What an agent holds; an offer counts already. `c` is the conversation.
const HOLDS: &str =
    "c.status = 'open' and (c.offer_agent = m.account_id or (c.owner = 'agent' and c.owner_id = m.account_id))";

/// Locks the member, so that no other node assigns to it before this transaction ends.
pub(super) async fn lock_room(
    db: &mut MySqlConnection,
    tenant: TenantId,
    agent: AccountId,
) -> Result<Option<Room>, SqlError> {
    let select = "select capacity from member where tenant_id = ? and account_id = ? for update";
    let member = sqlx::query(select).bind(tenant.0).bind(agent.0).fetch_optional(&mut *db).await?;
    let Some(member) = member else { return Ok(None) };
    // Read after the lock was given, so it sees what the last holder committed.
    let select = AssertSqlSafe(format!(
        "select count(*) from member m join conversation c on c.tenant_id = m.tenant_id
         where m.tenant_id = ? and m.account_id = ? and {HOLDS}"
    ));
    let load = sqlx::query(select).bind(tenant.0).bind(agent.0).fetch_one(db).await?;
    Ok(Some(Room { capacity: member.count(0)?, load: load.count(0)? }))
}

pub(super) fn put_assigned(script: &mut Script, tenant: TenantId, agent: AccountId, at: Millis) {
    let (tenant, agent) = (script::id(tenant.0), script::id(agent.0));
    script
        .add(format!("update member set last_assigned_at = {at} where tenant_id = {tenant} and account_id = {agent}"));
}

/// `m` is the member, `a` its account.
pub(super) fn member_columns() -> String {
    format!(
        "m.tenant_id, m.account_id, a.name, a.email, m.role, m.availability, m.capacity, m.last_assigned_at, m.time_zone,
         (select count(*) from conversation c where c.tenant_id = m.tenant_id and {HOLDS})"
    )
}

pub(super) fn member(row: &MySqlRow, from: usize) -> Result<Member, SqlError> {
    let account = row.id(from + 1)?;
    let (role, availability) = (row.text(from + 4)?, row.text(from + 5)?);
    let wrong = |what: &'static str| bad_row("member", (what, account));
    Ok(Member {
        tenant: TenantId(row.id(from)?),
        account: AccountId(account),
        name: row.text(from + 2)?,
        email: row.text(from + 3)?,
        role: Role::parse(&role).ok_or_else(|| wrong("role"))?,
        availability: Availability::parse(&availability).ok_or_else(|| wrong("availability"))?,
        capacity: row.count(from + 6)?.try_into().map_err(|_| wrong("capacity"))?,
        last_assigned_at: row.number(from + 7)?,
        time_zone: row.maybe_text(from + 8)?,
        load: row.count(from + 9)?.try_into().map_err(|_| wrong("load"))?,
    })
}

pub(super) async fn members(db: &MySqlPool, tenant: TenantId) -> Result<Vec<Member>, SqlError> {
    list_members(db, "m.tenant_id = ? order by a.name, a.id", tenant.0).await
}

pub(super) async fn memberships(db: impl MySqlExecutor<'_>, account: AccountId) -> Result<Vec<Member>, SqlError> {
    list_members(db, "m.account_id = ? order by m.created_at, m.tenant_id", account.0).await
}

async fn list_members(db: impl MySqlExecutor<'_>, filter: &str, id: Uuid) -> Result<Vec<Member>, SqlError> {
    let select =
        format!("select {} from member m join account a on a.id = m.account_id where {filter}", member_columns());
    let rows = sqlx::query(AssertSqlSafe(select)).bind(id).fetch_all(db).await?;
    rows.iter().map(|row| member(row, 0)).collect()
}

pub(super) async fn set_availability(
    db: &MySqlPool,
    tenant: TenantId,
    account: AccountId,
    availability: Availability,
) -> Result<(), SqlError> {
    sqlx::query("update member set availability = ? where tenant_id = ? and account_id = ?")
        .bind(availability.as_str())
        .bind(tenant.0)
        .bind(account.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) const SESSION: &str =
    "s.id, s.token_hash, s.tenant_id, s.account_id, s.agent, s.created_at, s.seen_at, s.expires_at";

fn hash_of(table: &'static str, bytes: &[u8]) -> Result<[u8; 32], SqlError> {
    bytes.try_into().map_err(|_| bad_row(table, "token_hash").into())
}

pub(super) fn session_of(row: &MySqlRow) -> Result<Session, SqlError> {
    Ok(Session {
        id: SessionId(row.id(0)?),
        token_hash: hash_of("session", &row.bytes(1)?)?,
        tenant: TenantId(row.id(2)?),
        account: AccountId(row.id(3)?),
        agent: row.text(4)?,
        created_at: row.number(5)?,
        seen_at: row.number(6)?,
        expires_at: row.number(7)?,
    })
}

/// Writes a session, new or seen again, and forgets the account's expired ones.
pub(super) async fn put_session(db: &mut MySqlConnection, session: &Session) -> Result<(), SqlError> {
    sqlx::query("delete from session where account_id = ? and expires_at <= ?")
        .bind(session.account.0)
        .bind(session.seen_at)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into session (id, token_hash, tenant_id, account_id, agent, created_at, seen_at, expires_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on duplicate key update seen_at = values(seen_at), expires_at = values(expires_at)",
    )
    .bind(session.id.0)
    .bind(&session.token_hash[..])
    .bind(session.tenant.0)
    .bind(session.account.0)
    .bind(&session.agent)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn session(
    db: &MySqlPool,
    hash: &[u8; 32],
    now: Millis,
) -> Result<Option<(Session, Member)>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {SESSION}, {} from session s
         join member m on m.tenant_id = s.tenant_id and m.account_id = s.account_id
         join account a on a.id = s.account_id
         join tenant t on t.id = s.tenant_id
         where s.token_hash = ? and s.expires_at > ? and t.suspended_at is null",
        member_columns()
    ));
    let row = sqlx::query(select).bind(&hash[..]).bind(now).fetch_optional(db).await?;
    row.map(|row| Ok((session_of(&row)?, member(&row, 8)?))).transpose()
}

pub(super) async fn sessions(db: &MySqlPool, account: AccountId, now: Millis) -> Result<Vec<Session>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {SESSION} from session s where s.account_id = ? and s.expires_at > ? order by s.created_at desc"
    ));
    sqlx::query(select).bind(account.0).bind(now).fetch_all(db).await?.iter().map(session_of).collect()
}

pub(super) async fn end_session(db: &MySqlPool, account: AccountId, id: SessionId) -> Result<bool, SqlError> {
    let delete = "delete from session where account_id = ? and id = ?";
    Ok(sqlx::query(delete).bind(account.0).bind(id.0).execute(db).await?.rows_affected() > 0)
}

pub(super) async fn put_invitation(db: impl MySqlExecutor<'_>, invitation: &Invitation) -> Result<(), SqlError> {
    sqlx::query("insert into invitation (token_hash, tenant_id, email, role, expires_at) values (?, ?, ?, ?, ?)")
        .bind(&invitation.token_hash[..])
        .bind(invitation.tenant.0)
        .bind(&invitation.email)
        .bind(invitation.role.as_str())
        .bind(invitation.expires_at)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn invitation(
    db: impl MySqlExecutor<'_>,
    hash: &[u8; 32],
    now: Millis,
    lock: bool,
) -> Result<Option<Invitation>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select token_hash, tenant_id, email, role, expires_at from invitation
         where token_hash = ? and expires_at > ?{}",
        if lock { " for update" } else { "" }
    ));
    let Some(row) = sqlx::query(select).bind(&hash[..]).bind(now).fetch_optional(db).await? else { return Ok(None) };
    let role = row.text(3)?;
    Ok(Some(Invitation {
        token_hash: hash_of("invitation", &row.bytes(0)?)?,
        tenant: TenantId(row.id(1)?),
        email: row.text(2)?,
        role: Role::parse(&role).ok_or_else(|| bad_row("invitation", role))?,
        expires_at: row.number(4)?,
    }))
}

/// An address that is known keeps its account, name and password; it only becomes a member.
pub(super) async fn accept_invitation(
    db: &mut MySqlConnection,
    hash: &[u8; 32],
    account: &Account,
    now: Millis,
) -> Result<bool, SqlError> {
    let Some(invitation) = invitation(&mut *db, hash, now, true).await? else { return Ok(false) };
    match account_by_email(&mut *db, &invitation.email).await? {
        // Made meanwhile, by somebody who need not be the one that holds this link.
        Some(known) if known.id != account.id => return Ok(false),
        Some(_) => {}
        None => put_account(db, &Account { email: invitation.email, ..account.clone() }, now).await?,
    }
    sqlx::query("delete from invitation where token_hash = ?").bind(&hash[..]).execute(&mut *db).await?;
    put_member(db, invitation.tenant, account.id, invitation.role, now).await?;
    Ok(true)
}
