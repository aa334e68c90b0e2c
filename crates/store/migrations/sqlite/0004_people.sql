-- Operators, suspended tenants, time zones, one-time links for passwords, first steps.

alter table tenant add column time_zone text not null default 'UTC';
alter table tenant add column suspended_at integer;
alter table account add column operator integer not null default 0;
-- Null shows the member the tenant's zone.
alter table member add column time_zone text;

create table reset (
  token_hash blob primary key,
  account_id blob not null,
  expires_at integer not null
) strict, without rowid;
create index reset_account on reset (account_id);

alter table site add column edited_at integer;
alter table site add column first_seen_at integer;
alter table site add column seen_at integer;

-- Written once for each tenant, so that nobody has to look through its messages.
create table first_answer (
  tenant_id blob primary key,
  at integer not null
) strict, without rowid;
insert into first_answer (tenant_id, at)
  select tenant_id, min(at) from message where author in ('agent', 'engine') and log = 0 group by tenant_id;
