-- What agents keep at hand.

-- Replies written beforehand; without an owner they are the team's.
create table canned_reply (
  id blob primary key,
  tenant_id blob not null,
  owner_id blob,
  folder text not null,
  title text not null,
  text text not null,
  updated_at integer not null
) strict, without rowid;
create index canned_reply_tenant on canned_reply (tenant_id, folder, title);

-- The tenant's list; conversations hold the ids of theirs, 16 bytes each.
create table tag (
  id blob primary key,
  tenant_id blob not null,
  name text not null,
  colour text not null
) strict, without rowid;
create unique index tag_name on tag (tenant_id, name);
alter table conversation add column tags blob not null default x'';

-- Visitors that may not write. `blocked` is JSON: the reason, until when, by whom.
alter table conversation add column blocked_at integer;
alter table conversation add column blocked text;
create index conversation_blocked on conversation (tenant_id, blocked_at, id) where blocked_at is not null;

-- Chosen by managers: reasons to close, when a wait is long, when the tenant is open. JSON.
create table desk_settings (
  tenant_id blob primary key,
  settings text not null
) strict, without rowid;

-- What an agent has begun to write; a row goes when it is sent.
create table begun (
  account_id blob not null,
  conversation_id blob not null,
  tenant_id blob not null,
  reply text not null,
  note text not null,
  updated_at integer not null,
  primary key (account_id, conversation_id)
) strict, without rowid;
