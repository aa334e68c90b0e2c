-- What agents keep at hand.

-- Replies written beforehand; without an owner they are the team's.
create table if not exists canned_reply (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  owner_id binary(16),
  folder varchar(60) not null,
  title varchar(60) not null,
  text mediumtext not null,
  updated_at bigint not null,
  key canned_reply_tenant (tenant_id, folder, title)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The tenant's list; conversations hold the ids of theirs, 16 bytes each.
create table if not exists tag (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  name varchar(30) not null,
  colour varchar(16) not null,
  unique key tag_name (tenant_id, name)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
-- Visitors that may not write. `blocked` is JSON: the reason, until when, by whom.
alter table conversation
  add column tags varbinary(320) not null default '',
  add column blocked_at bigint,
  add column blocked text,
  add key conversation_blocked (tenant_id, blocked_at, id);

-- Chosen by managers: reasons to close, when a wait is long, when the tenant is open. JSON.
create table if not exists desk_settings (
  tenant_id binary(16) primary key,
  settings mediumtext not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- What an agent has begun to write; a row goes when it is sent.
create table if not exists begun (
  account_id binary(16) not null,
  conversation_id binary(16) not null,
  tenant_id binary(16) not null,
  reply mediumtext not null,
  note mediumtext not null,
  updated_at bigint not null,
  primary key (account_id, conversation_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
