-- What the built-in engine answers from, and jobs that are taken while they run.

create table if not exists knowledge (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  -- At most 300 characters, without blanks at its ends.
  question varchar(300) not null,
  -- A JSON array of texts.
  alternatives mediumtext not null,
  answer mediumtext not null,
  enabled tinyint not null,
  updated_at bigint not null,
  unique key knowledge_question (tenant_id, question),
  key knowledge_page (tenant_id, updated_at, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- An index that was built of an older version is built again. Whoever changes a tenant's knowledge locks its row.
create table if not exists knowledge_version (
  tenant_id binary(16) primary key,
  version bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

alter table job
  add column attempt bigint not null default 0,
  add column taken tinyint not null default 0;
