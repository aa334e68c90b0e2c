//! The People port over the writer and the pool.

use super::batch::Needs;
use super::errors::SqlError;
use super::{Mysql, TRIES, knowledge, limited, marks, members, tenants, transaction};
use async_trait::async_trait;
use macaw_app::{Founding, MemberError, Pair, People, Reset, Session, SiteMarks, StoreError, TenantRow};
use macaw_domain::{Account, AccountId, Member, MemberChange, Millis, SessionId, SiteId, Tenant, TenantId};

#[async_trait]
impl People for Mysql {
    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError> {
        limited(tenants::list(&self.pool)).await
    }

    async fn found(&self, founding: Founding) -> Result<(), StoreError> {
        transaction!(self, db => tenants::found(db, &founding))?
    }

    async fn put_tenant(&self, tenant: Tenant) -> Result<(), StoreError> {
        limited(tenants::put(&self.pool, &tenant)).await
    }

    async fn suspend(&self, tenant: TenantId, since: Option<Millis>) -> Result<bool, StoreError> {
        transaction!(self, db => tenants::suspend(db, tenant, since))
    }

    async fn member(&self, tenant: TenantId, account: AccountId) -> Result<Option<Member>, StoreError> {
        limited(members::find(&self.pool, tenant, account)).await
    }

    async fn change_member(&self, pair: Pair, change: MemberChange) -> Result<Member, MemberError> {
        transaction!(self, db => members::change(db, pair, &change))?
    }

    async fn remove_member(&self, pair: Pair, at: Millis) -> Result<(), MemberError> {
        let needs = Needs { removes: Some(pair), ..Needs::default() };
        self.writer.write(needs, move |batch| members::remove(batch, pair, at)).await
    }

    async fn put_members_reset(&self, pair: Pair, reset: Reset) -> Result<(), MemberError> {
        transaction!(self, db => members::put_reset(db, pair, &reset))?
    }

    async fn put_reset(&self, reset: Reset) -> Result<(), StoreError> {
        limited(tenants::put_reset(&self.pool, &reset)).await
    }

    async fn reset(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<AccountId>, StoreError> {
        limited(tenants::reset(&self.pool, &token_hash, now, false)).await
    }

    async fn use_reset(
        &self,
        token_hash: [u8; 32],
        password_hash: String,
        now: Millis,
    ) -> Result<Option<AccountId>, StoreError> {
        transaction!(self, db => tenants::use_reset(db, &token_hash, &password_hash, now))
    }

    async fn set_operator(&self, account: Account, operator: bool, at: Millis) -> Result<AccountId, StoreError> {
        transaction!(self, db => tenants::set_operator(db, &account, operator, at))
    }

    async fn is_operator(&self, account: AccountId) -> Result<bool, StoreError> {
        limited(tenants::is_operator(&self.pool, account)).await
    }

    async fn operator_session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        limited(tenants::operator_session(&self.pool, &token_hash, now)).await
    }

    async fn end_sessions(&self, account: AccountId) -> Result<u64, StoreError> {
        limited(tenants::end_sessions(&self.pool, account)).await
    }

    async fn rotate_session(&self, old: SessionId, new: Session) -> Result<bool, StoreError> {
        transaction!(self, db => tenants::rotate_session(db, old, &new))
    }

    async fn mark_edited(&self, site: SiteId, at: Millis) -> Result<(), StoreError> {
        limited(marks::edited(&self.pool, site, at)).await
    }

    async fn mark_seen(&self, site: SiteId, at: Millis) -> Result<(), StoreError> {
        limited(marks::seen(&self.pool, site, at)).await
    }

    async fn site_marks(&self, tenant: TenantId) -> Result<Vec<SiteMarks>, StoreError> {
        limited(marks::sites(&self.pool, tenant)).await
    }

    async fn first_answer_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError> {
        limited(marks::first_answer(&self.pool, tenant)).await
    }

    async fn second_member_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError> {
        limited(marks::second_member(&self.pool, tenant)).await
    }

    async fn knowledge_count(&self, tenant: TenantId) -> Result<u64, StoreError> {
        limited(knowledge::count(&self.pool, tenant)).await
    }
}
