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

-- The rules that choose an engine, each text that a tenant had; the newest counts.
create table ai_rules (
  tenant_id blob not null,
  version integer not null,
  text text not null,
  account_id blob not null,
  at integer not null,
  -- The older version whose text this is.
  restores integer,
  primary key (tenant_id, version)
) strict, without rowid;
