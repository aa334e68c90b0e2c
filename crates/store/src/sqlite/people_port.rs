//! The People port over the writer and the readers.

use super::{Sqlite, marks, members, tenants};
use async_trait::async_trait;
use macaw_app::{Founding, MemberError, Pair, People, Reset, Session, SiteMarks, StoreError, TenantRow};
use macaw_domain::{Account, AccountId, Member, MemberChange, Millis, SessionId, SiteId, Tenant, TenantId};

#[async_trait]
impl People for Sqlite {
    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError> {
        self.readers.read(tenants::list).await
    }

    async fn found(&self, founding: Founding) -> Result<(), StoreError> {
        self.writer.write(move |batch| tenants::found(batch, &founding)).await
    }

    async fn put_tenant(&self, tenant: Tenant) -> Result<(), StoreError> {
        self.writer.put(move |db| tenants::put(db, &tenant)).await
    }

    async fn suspend(&self, tenant: TenantId, since: Option<Millis>) -> Result<bool, StoreError> {
        self.writer.put(move |db| tenants::suspend(db, tenant, since)).await
    }

    async fn member(&self, tenant: TenantId, account: AccountId) -> Result<Option<Member>, StoreError> {
        self.readers.read(move |db| members::find(db, tenant, account)).await
    }

    async fn change_member(&self, pair: Pair, change: MemberChange) -> Result<Member, MemberError> {
        self.writer.write(move |batch| members::change(batch, pair, &change)).await
    }

    async fn remove_member(&self, pair: Pair, at: Millis) -> Result<(), MemberError> {
        self.writer.write(move |batch| members::remove(batch, pair, at)).await
    }

    async fn put_members_reset(&self, pair: Pair, reset: Reset) -> Result<(), MemberError> {
        self.writer.write(move |batch| members::put_reset(batch, pair, &reset)).await
    }

    async fn put_reset(&self, reset: Reset) -> Result<(), StoreError> {
        self.writer.put(move |db| tenants::put_reset(db, &reset)).await
    }

    async fn reset(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<AccountId>, StoreError> {
        self.readers.read(move |db| tenants::reset(db, &token_hash, now)).await
    }

    async fn use_reset(
        &self,
        token_hash: [u8; 32],
        password_hash: String,
        now: Millis,
    ) -> Result<Option<AccountId>, StoreError> {
        self.writer.put(move |db| tenants::use_reset(db, &token_hash, &password_hash, now)).await
    }

    async fn set_operator(&self, account: Account, operator: bool, at: Millis) -> Result<AccountId, StoreError> {
        self.writer.put(move |db| tenants::set_operator(db, &account, operator, at)).await
    }

    async fn is_operator(&self, account: AccountId) -> Result<bool, StoreError> {
        self.readers.read(move |db| tenants::is_operator(db, account)).await
    }

    async fn operator_session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
        self.readers.read(move |db| tenants::operator_session(db, &token_hash, now)).await
    }

    async fn end_sessions(&self, account: AccountId) -> Result<u64, StoreError> {
        self.writer.put(move |db| tenants::end_sessions(db, account)).await
    }

    async fn rotate_session(&self, old: SessionId, new: Session) -> Result<bool, StoreError> {
        self.writer.put(move |db| tenants::rotate_session(db, old, &new)).await
    }

    async fn mark_edited(&self, site: SiteId, at: Millis) -> Result<(), StoreError> {
        self.writer.put(move |db| marks::edited(db, site, at)).await
    }

    async fn mark_seen(&self, site: SiteId, at: Millis) -> Result<(), StoreError> {
        self.writer.put(move |db| marks::seen(db, site, at)).await
    }

    async fn site_marks(&self, tenant: TenantId) -> Result<Vec<SiteMarks>, StoreError> {
        self.readers.read(move |db| marks::sites(db, tenant)).await
    }

    async fn first_answer_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError> {
        self.readers.read(move |db| marks::first_answer(db, tenant)).await
    }

    async fn second_member_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError> {
        self.readers.read(move |db| marks::second_member(db, tenant)).await
    }

    async fn knowledge_count(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.readers.read(move |db| marks::knowledge(db, tenant)).await
    }
}
