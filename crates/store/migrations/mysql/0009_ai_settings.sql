-- What tenants set about AI.

-- Engines that a tenant configured itself. `secrets` is sealed with a key of the installation.
create table if not exists engine (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  name varchar(64) not null,
  kind varchar(32) not null,
  settings mediumtext not null,
  secrets mediumblob not null,
  enabled tinyint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique key engine_name (tenant_id, name)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- Rises with every change of a tenant's settings, so that every node sees it at the next question.
create table if not exists ai_version (
  tenant_id binary(16) primary key,
  version bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The rules that choose an engine, each text that a tenant had; the newest counts.
create table if not exists ai_rules (
  tenant_id binary(16) not null,
  version bigint not null,
  text mediumtext not null,
  account_id binary(16) not null,
  at bigint not null,
  -- The older version whose text this is.
  restores bigint,
  primary key (tenant_id, version)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
