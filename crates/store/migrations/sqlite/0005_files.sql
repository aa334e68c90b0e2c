-- Files: uploaded to a conversation, then sent in one of its messages or collected.

create table file (
  tenant_id blob not null,
  id blob not null,
  conversation_id blob not null,
  name text not null,
  size integer not null,
  thumb_size integer not null,
  kind text not null,
  width integer,
  height integer,
  sha256 blob not null,
  -- 'waiting' until a message sends it, then 'sent'.
  state text not null,
  author text not null,
  author_id blob,
  engine text,
  created_at integer not null,
  primary key (tenant_id, id)
) strict, without rowid;
-- What was never sent, oldest first.
create index file_waiting on file (created_at) where state = 'waiting';

-- The bytes that a tenant's files take, kept with each change so that nobody has to add them up.
create table file_usage (
  tenant_id blob primary key,
  bytes integer not null
) strict, without rowid;

-- What the newest message is, beside its text: 'text', 'image' or 'file'. Before files all were text.
alter table conversation add column last_kind text;
