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
