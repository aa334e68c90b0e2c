-- What tenants set about AI.

-- Engines that a tenant configured itself. `secrets` is sealed with a key of the installation.
create table engine (
  id blob primary key,
  tenant_id blob not null,
  name text not null,
  kind text not null,
  settings text not null,
  secrets blob not null,
  enabled integer not null,
  created_at integer not null,
  updated_at integer not null
) strict, without rowid;
create unique index engine_name on engine (tenant_id, name);

-- Rises with every change of a tenant's settings, so that every node sees it at the next question.
create table ai_version (
  tenant_id blob primary key,
  version integer not null
) strict, without rowid;
