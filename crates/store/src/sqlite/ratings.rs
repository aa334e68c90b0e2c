//! Ratings, for reports. In the log they are events.

use super::rows::{RATING, SqlError, owner_columns, rating};
use macaw_domain::{Content, Conversation, Event, Millis, Rated, TenantId};
use rusqlite::{Connection, params};

/// Keeps an appended rating; anything else is not its business.
pub(super) fn keep(db: &Connection, header: &Conversation, content: &Content, at: Millis) -> Result<(), SqlError> {
    let Content::Event(Event::Rated { score, comment }) = content else { return Ok(()) };
    let (owner, owner_id, engine) = owner_columns(&header.owner);
    db.prepare_cached(&format!(
        "insert into rating ({RATING}, tenant_id) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    ))?
    .execute(params![
        header.id.0,
        header.epoch,
        header.site.0,
        header.visitor.0,
        owner,
        owner_id,
        engine,
        score,
        comment,
        at,
        header.tenant.0,
    ])?;
    Ok(())
}

pub(super) fn list(db: &Connection, tenant: TenantId, since: Millis, limit: u32) -> Result<Vec<Rated>, SqlError> {
    let mut select = db.prepare_cached(&format!(
        "select {RATING} from rating where tenant_id = ?1 and at >= ?2 order by at desc, conversation_id limit ?3"
    ))?;
    let mut rows = select.query(params![tenant.0, since, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(rating(row)?);
    }
    Ok(found)
}
