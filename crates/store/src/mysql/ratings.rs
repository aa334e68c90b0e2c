//! Ratings, for reports. In the log they are events.

use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{RATING, owner_columns, rating};
use macaw_domain::{Millis, Rated, TenantId};
use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlPool;

/// Writes ratings that are appended in the same transaction.
pub(super) fn insert(script: &mut Script, rated: &[(TenantId, Rated)]) {
    let rows = rated.iter().map(|(tenant, rated)| {
        let (owner, owner_id, engine) = owner_columns(&rated.owner);
        script::row([
            script::id(rated.conversation.0),
            rated.closing.to_string(),
            script::id(rated.site.0),
            script::id(rated.visitor.0),
            script::text(owner),
            script::maybe(owner_id, script::id),
            script::maybe(engine, script::text),
            rated.score.to_string(),
            script::maybe(rated.comment.as_deref(), script::text),
            rated.at.to_string(),
            script::id(tenant.0),
        ])
    });
    script.add_insert(&format!("insert into rating ({RATING}, tenant_id)"), rows, "");
}

pub(super) async fn list(db: &MySqlPool, tenant: TenantId, since: Millis, limit: u32) -> Result<Vec<Rated>, SqlError> {
    let select = AssertSqlSafe(format!(
        "select {RATING} from rating where tenant_id = ? and at >= ? order by at desc, conversation_id limit ?"
    ));
    let rows = sqlx::query(select).bind(tenant.0).bind(since).bind(limit).fetch_all(db).await?;
    rows.iter().map(rating).collect()
}
