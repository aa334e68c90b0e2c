-- Everything Macaw needs to stand up, as in the SQLite migration of the same number.
-- Ids are UUIDv7 as 16 bytes, times are milliseconds since 1970 in UTC.
-- DDL ends a transaction here: each statement must bear being run again after a crash.
-- Texts compare by their bytes, as they do in SQLite.

create table if not exists tenant (
  id binary(16) primary key,
  name text not null,
  shard bigint not null default 0,
  created_at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists account (
  id binary(16) primary key,
  email varchar(254) not null,
  name text not null,
  password_hash text not null,
  created_at bigint not null,
  unique key account_email (email)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member (
  tenant_id binary(16) not null,
  account_id binary(16) not null,
  role varchar(16) not null,
  availability varchar(16) not null default 'online',
  capacity bigint not null default 5,
  last_assigned_at bigint not null default 0,
  created_at bigint not null,
  primary key (tenant_id, account_id),
  key member_account (account_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists session (
  id binary(16) primary key,
  token_hash binary(32) not null,
  tenant_id binary(16) not null,
  account_id binary(16) not null,
  agent text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  unique key session_token (token_hash),
  key session_account (account_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists invitation (
  token_hash binary(32) primary key,
  tenant_id binary(16) not null,
  email varchar(254) not null,
  role varchar(16) not null,
  expires_at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists site (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  settings mediumtext not null,
  created_at bigint not null,
  key site_tenant (tenant_id, created_at)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The keys are for the lists of the workbench, the load of an agent, the queue.
create table if not exists conversation (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  site_id binary(16) not null,
  visitor_id binary(16) not null,
  status varchar(16) not null,
  owner varchar(16) not null,
  owner_id binary(16),
  engine varchar(191),
  epoch bigint not null,
  version bigint not null,
  offer_agent binary(16),
  offer_until bigint,
  declined blob not null,
  queued_at bigint,
  waiting_since bigint,
  created_at bigint not null,
  head bigint not null,
  notes_head bigint not null,
  read_visitor bigint not null,
  read_agent bigint not null,
  last_author varchar(16),
  last_author_id binary(16),
  last_engine varchar(191),
  last_text text,
  last_at bigint,
  key conversation_owner (tenant_id, status, owner, owner_id, last_at),
  key conversation_offer (tenant_id, offer_agent),
  key conversation_queue (tenant_id, queued_at, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- Append-only. The position comes from the counter below, never from auto-increment.
create table if not exists message (
  position bigint primary key,
  tenant_id binary(16) not null,
  conversation_id binary(16) not null,
  log tinyint not null,
  seq bigint not null,
  id binary(16) not null,
  author varchar(16) not null,
  author_id binary(16),
  engine varchar(191),
  client_id varchar(64) character set ascii collate ascii_bin,
  at bigint not null,
  content mediumtext not null,
  unique key message_seq (conversation_id, log, seq),
  unique key message_client (conversation_id, client_id, author, author_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- One row: the newest position. Whoever appends locks it until the commit.
create table if not exists log_head (
  id tinyint primary key,
  position bigint not null
) engine=InnoDB;
insert ignore into log_head (id, position) values (1, 0);

-- The primary key is what jobs are asked for by, so that writing one locks one row.
create table if not exists job (
  conversation_id binary(16) not null,
  kind varchar(32) not null,
  id binary(16) not null,
  tenant_id binary(16) not null,
  due_at bigint not null,
  generation bigint not null default 1,
  primary key (conversation_id, kind),
  key job_due (due_at)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists log_cursor (
  consumer varchar(64) not null,
  tenant_id binary(16) not null,
  position bigint not null,
  primary key (consumer, tenant_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
