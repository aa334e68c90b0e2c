-- Operators, suspended tenants, time zones, one-time links for passwords, first steps.

alter table tenant
  add column time_zone varchar(64) not null default 'UTC',
  add column suspended_at bigint;
alter table account add column operator tinyint not null default 0;
-- Null shows the member the tenant's zone.
alter table member add column time_zone varchar(64);

create table if not exists reset (
  token_hash binary(32) primary key,
  account_id binary(16) not null,
  expires_at bigint not null,
  key reset_account (account_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

alter table site
  add column edited_at bigint,
  add column first_seen_at bigint,
  add column seen_at bigint;

-- Written once for each tenant, so that nobody has to look through its messages.
create table if not exists first_answer (
  tenant_id binary(16) primary key,
  at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
insert ignore into first_answer (tenant_id, at)
  select tenant_id, min(at) from message where author in ('agent', 'engine') and log = 0 group by tenant_id;
