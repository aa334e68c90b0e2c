-- Logos of sites, ratings of conversations.

-- Everybody may see them.
create table site_logo (
  site_id blob primary key,
  tenant_id blob not null,
  kind text not null,
  bytes blob not null
) strict, without rowid;

-- What visitors said of a closing, which is named by the owner epoch of the closed conversation. Also in the log.
create table rating (
  conversation_id blob not null,
  epoch integer not null,
  tenant_id blob not null,
  site_id blob not null,
  visitor_id blob not null,
  -- Who had it last.
  owner text not null,
  owner_id blob,
  engine text,
  score integer not null,
  comment text,
  at integer not null,
  primary key (conversation_id, epoch)
) strict, without rowid;
-- Reports, newest first.
create index rating_tenant on rating (tenant_id, at, conversation_id);
