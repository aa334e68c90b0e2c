//! Tenants, accounts, members, sessions, invitations.

use super::rows::{SqlError, bad_row};
use super::{sites, tenants};
use macaw_app::{Invitation, Session, Setup};
use macaw_domain::{Account, AccountId, Availability, Member, Millis, Role, SessionId, Tenant, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub(super) fn set_up(db: &Connection, setup: &Setup) -> Result<bool, SqlError> {
    if db.query_row("select exists (select 1 from tenant)", [], |row| row.get(0))? {
        return Ok(false);
    }
    let Setup { tenant, owner, site, at } = setup;
    tenants::insert(db, tenant, *at)?;
    put_account(db, owner, *at)?;
    put_member(db, tenant.id, owner.id, Role::Owner, *at)?;
    sites::put(db, site, *at)?;
    Ok(true)
}

pub(super) fn put_account(db: &Connection, account: &Account, at: Millis) -> Result<(), SqlError> {
    db.execute(
        "insert into account (id, email, name, password_hash, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![account.id.0, account.email, account.name, account.password_hash, at],
    )?;
    Ok(())
}

pub(super) fn put_member(
    db: &Connection,
    tenant: TenantId,
    account: AccountId,
    role: Role,
    at: Millis,
) -> Result<(), SqlError> {
    db.execute(
        "insert into member (tenant_id, account_id, role, created_at) values (?1, ?2, ?3, ?4)
         on conflict (tenant_id, account_id) do nothing",
        params![tenant.0, account.0, role.as_str(), at],
    )?;
    Ok(())
}

pub(super) fn tenant(db: &Connection, id: TenantId) -> Result<Option<Tenant>, SqlError> {
    let mut find = db.prepare_cached(&format!("select {} from tenant where id = ?1", tenants::TENANT))?;
    Ok(find.query_row([id.0], tenants::tenant_of).optional()?)
}

fn account_of(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account { id: AccountId(row.get(0)?), email: row.get(1)?, name: row.get(2)?, password_hash: row.get(3)? })
}

pub(super) fn account_by_email(db: &Connection, email: &str) -> Result<Option<Account>, SqlError> {
    let mut find = db.prepare_cached("select id, email, name, password_hash from account where email = ?1")?;
    Ok(find.query_row([email], account_of).optional()?)
}

pub(super) fn account(db: &Connection, id: AccountId) -> Result<Option<Account>, SqlError> {
    let mut find = db.prepare_cached("select id, email, name, password_hash from account where id = ?1")?;
    Ok(find.query_row([id.0], account_of).optional()?)
}

pub(super) fn set_password(
    db: &Connection,
    account: AccountId,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<(), SqlError> {
    db.execute("update account set password_hash = ?2 where id = ?1", params![account.0, hash])?;
    db.execute("delete from session where account_id = ?1 and id is not ?2", params![account.0, keep.map(|id| id.0)])?;
    // A link that was made for the old password must not undo the new one.
    db.execute("delete from reset where account_id = ?1", [account.0])?;
    Ok(())
}

/// `m` is the member, `a` its account.
pub(super) const MEMBER: &str =
    "m.tenant_id, m.account_id, a.name, a.email, m.role, m.availability, m.capacity, m.last_assigned_at, m.time_zone,
   (select count(*) from conversation c
    where c.tenant_id = m.tenant_id and c.status = 'open'
      and (c.offer_agent = m.account_id or (c.owner = 'agent' and c.owner_id = m.account_id)))";

pub(super) fn member(row: &Row<'_>, from: usize) -> Result<Member, SqlError> {
    let account: Uuid = row.get(from + 1)?;
    let (role, availability): (String, String) = (row.get(from + 4)?, row.get(from + 5)?);
    Ok(Member {
        tenant: TenantId(row.get(from)?),
        account: AccountId(account),
        name: row.get(from + 2)?,
        email: row.get(from + 3)?,
        role: Role::parse(&role).ok_or_else(|| bad_row("member", ("role", account)))?,
        availability: Availability::parse(&availability).ok_or_else(|| bad_row("member", ("availability", account)))?,
        capacity: row.get(from + 6)?,
        last_assigned_at: row.get(from + 7)?,
        time_zone: row.get(from + 8)?,
        load: row.get(from + 9)?,
    })
}

pub(super) fn members(db: &Connection, tenant: TenantId) -> Result<Vec<Member>, SqlError> {
    list_members(db, "m.tenant_id = ?1 order by a.name, a.id", tenant.0)
}

pub(super) fn memberships(db: &Connection, account: AccountId) -> Result<Vec<Member>, SqlError> {
    list_members(db, "m.account_id = ?1 order by m.created_at, m.tenant_id", account.0)
}

fn list_members(db: &Connection, filter: &str, id: Uuid) -> Result<Vec<Member>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {MEMBER} from member m join account a on a.id = m.account_id where {filter}"
    ))?;
    let mut rows = select.query([id])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(member(row, 0)?);
    }
    Ok(members)
}

pub(super) fn set_availability(
    db: &Connection,
    tenant: TenantId,
    account: AccountId,
    availability: Availability,
) -> Result<(), SqlError> {
    db.execute(
        "update member set availability = ?3 where tenant_id = ?1 and account_id = ?2",
        params![tenant.0, account.0, availability.as_str()],
    )?;
    Ok(())
}

pub(super) const SESSION: &str =
    "s.id, s.token_hash, s.tenant_id, s.account_id, s.agent, s.created_at, s.seen_at, s.expires_at";

pub(super) fn session_of(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(row.get(0)?),
        token_hash: row.get(1)?,
        tenant: TenantId(row.get(2)?),
        account: AccountId(row.get(3)?),
        agent: row.get(4)?,
        created_at: row.get(5)?,
        seen_at: row.get(6)?,
        expires_at: row.get(7)?,
    })
}

/// Writes a session, new or seen again, and forgets the account's expired ones.
pub(super) fn put_session(db: &Connection, session: &Session) -> Result<(), SqlError> {
    db.execute(
        "delete from session where account_id = ?1 and expires_at <= ?2",
        params![session.account.0, session.seen_at],
    )?;
    db.execute(
        "insert into session (id, token_hash, tenant_id, account_id, agent, created_at, seen_at, expires_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         on conflict (id) do update set seen_at = excluded.seen_at, expires_at = excluded.expires_at",
        params![
            session.id.0,
            session.token_hash,
            session.tenant.0,
            session.account.0,
            session.agent,
            session.created_at,
            session.seen_at,
            session.expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn session(db: &Connection, hash: &[u8; 32], now: Millis) -> Result<Option<(Session, Member)>, SqlError> {
    let mut find = db.prepare_cached(&format!(
        "select {SESSION}, {MEMBER} from session s
         join member m on m.tenant_id = s.tenant_id and m.account_id = s.account_id
         join account a on a.id = s.account_id
         join tenant t on t.id = s.tenant_id
         where s.token_hash = ?1 and s.expires_at > ?2 and t.suspended_at is null"
    ))?;
    find.query_row(params![hash, now], |row| Ok((session_of(row)?, member(row, 8))))
        .optional()?
        .map(|(session, member)| Ok((session, member?)))
        .transpose()
}

pub(super) fn sessions(db: &Connection, account: AccountId, now: Millis) -> Result<Vec<Session>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {SESSION} from session s where s.account_id = ?1 and s.expires_at > ?2 order by s.created_at desc"
    ))?;
    let found = select.query_map(params![account.0, now], session_of)?.collect::<Result<_, _>>()?;
    Ok(found)
}

pub(super) fn end_session(db: &Connection, account: AccountId, id: SessionId) -> Result<bool, SqlError> {
    let ended = db.execute("delete from session where account_id = ?1 and id = ?2", params![account.0, id.0])?;
    Ok(ended > 0)
}

pub(super) fn put_invitation(db: &Connection, invitation: &Invitation) -> Result<(), SqlError> {
    db.execute(
        "insert into invitation (token_hash, tenant_id, email, role, expires_at) values (?1, ?2, ?3, ?4, ?5)",
        params![
            invitation.token_hash,
            invitation.tenant.0,
            invitation.email,
            invitation.role.as_str(),
            invitation.expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn invitation(db: &Connection, hash: &[u8; 32], now: Millis) -> Result<Option<Invitation>, SqlError> {
    let mut find = db.prepare_cached(
        "select token_hash, tenant_id, email, role, expires_at from invitation
         where token_hash = ?1 and expires_at > ?2",
    )?;
    let found = find.query_row(params![hash, now], |row| {
        let invitation = Invitation {
            token_hash: row.get(0)?,
            tenant: TenantId(row.get(1)?),
            email: row.get(2)?,
            role: Role::Agent,
            expires_at: row.get(4)?,
        };
        Ok((invitation, row.get::<_, String>(3)?))
    });
    let Some((invitation, role)) = found.optional()? else { return Ok(None) };
    let role = Role::parse(&role).ok_or_else(|| bad_row("invitation", role))?;
    Ok(Some(Invitation { role, ..invitation }))
}

/// An address that is known keeps its account, name and password; it only becomes a member.
pub(super) fn accept_invitation(
    db: &Connection,
    hash: &[u8; 32],
    account: &Account,
    now: Millis,
) -> Result<bool, SqlError> {
    let Some(invitation) = invitation(db, hash, now)? else { return Ok(false) };
    match account_by_email(db, &invitation.email)? {
        // Made meanwhile, by somebody who need not be the one that holds this link.
        Some(known) if known.id != account.id => return Ok(false),
        Some(_) => {}
        None => put_account(db, &Account { email: invitation.email, ..account.clone() }, now)?,
    }
    db.execute("delete from invitation where token_hash = ?1", params![hash])?;
    put_member(db, invitation.tenant, account.id, invitation.role, now)?;
    Ok(true)
}
