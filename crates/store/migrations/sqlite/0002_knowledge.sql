-- What the built-in engine answers from, and jobs that are taken while they run.

create table knowledge (
  id blob primary key,
  tenant_id blob not null,
  question text not null,
  -- A JSON array of texts.
  alternatives text not null,
  answer text not null,
  enabled integer not null,
  updated_at integer not null
) strict, without rowid;
create unique index knowledge_question on knowledge (tenant_id, question);
-- Pages of the workbench, newest first.
create index knowledge_page on knowledge (tenant_id, updated_at, id);

-- An index that was built of an older version is built again.
create table knowledge_version (
  tenant_id blob primary key,
  version integer not null
) strict, without rowid;

alter table job add column attempt integer not null default 0;
alter table job add column taken integer not null default 0;
