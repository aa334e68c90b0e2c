-- Everything Macaw needs to stand up. Every row belongs to one tenant.
-- Ids are UUIDv7 as 16 bytes, times are milliseconds since 1970 in UTC.

create table meta (
  key text primary key,
  value blob not null
) strict, without rowid;

create table tenant (
  id blob primary key,
  name text not null,
  shard integer not null default 0,
  created_at integer not null
) strict, without rowid;

create table account (
  id blob primary key,
  email text not null unique,
  name text not null,
  password_hash text not null,
  created_at integer not null
) strict, without rowid;

create table member (
  tenant_id blob not null,
  account_id blob not null,
  role text not null,
  availability text not null default 'online',
  capacity integer not null default 5,
  last_assigned_at integer not null default 0,
  created_at integer not null,
  primary key (tenant_id, account_id)
) strict, without rowid;
create index member_account on member (account_id);

create table session (
  id blob primary key,
  token_hash blob not null unique,
  tenant_id blob not null,
  account_id blob not null,
  agent text not null,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null
) strict, without rowid;
create index session_account on session (account_id);

create table invitation (
  token_hash blob primary key,
  tenant_id blob not null,
  email text not null,
  role text not null,
  expires_at integer not null
) strict, without rowid;

create table site (
  id blob primary key,
  tenant_id blob not null,
  settings text not null,
  created_at integer not null
) strict, without rowid;
create index site_tenant on site (tenant_id, created_at);

create table conversation (
  id blob primary key,
  tenant_id blob not null,
  site_id blob not null,
  visitor_id blob not null,
  status text not null,
  owner text not null,
  owner_id blob,
  engine text,
  epoch integer not null,
  version integer not null,
  offer_agent blob,
  offer_until integer,
  declined blob not null,
  queued_at integer,
  waiting_since integer,
  created_at integer not null,
  head integer not null,
  notes_head integer not null,
  read_visitor integer not null,
  read_agent integer not null,
  last_author text,
  last_author_id blob,
  last_engine text,
  last_text text,
  last_at integer
) strict, without rowid;
-- The lists of the workbench, the load of an agent, the queue.
create index conversation_owner on conversation (tenant_id, status, owner, owner_id, last_at);
create index conversation_offer on conversation (tenant_id, offer_agent) where offer_agent is not null;
create index conversation_queue on conversation (tenant_id, queued_at, id) where queued_at is not null;

-- Append-only: the row id is the position that consumers keep a cursor into.
create table message (
  position integer primary key,
  tenant_id blob not null,
  conversation_id blob not null,
  log integer not null,
  seq integer not null,
  id blob not null,
  author text not null,
  author_id blob,
  engine text,
  client_id text,
  at integer not null,
  content text not null
) strict;
create unique index message_seq on message (conversation_id, log, seq);
create unique index message_client on message (conversation_id, client_id, author, author_id)
  where client_id is not null;

create table job (
  id blob primary key,
  tenant_id blob not null,
  conversation_id blob not null,
  kind text not null,
  due_at integer not null,
  generation integer not null default 1,
  unique (conversation_id, kind)
) strict, without rowid;
create index job_due on job (due_at);

create table cursor (
  consumer text not null,
  tenant_id blob not null,
  position integer not null,
  primary key (consumer, tenant_id)
) strict, without rowid;
