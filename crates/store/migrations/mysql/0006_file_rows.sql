-- Files: uploaded to a conversation, then sent in one of its messages or collected.

create table if not exists file (
  tenant_id binary(16) not null,
  id binary(16) not null,
  conversation_id binary(16) not null,
  name text not null,
  size bigint not null,
  thumb_size bigint not null,
  kind varchar(128) not null,
  width bigint,
  height bigint,
  sha256 binary(32) not null,
  -- 'waiting' until a message sends it, then 'sent'.
  state varchar(16) not null,
  author varchar(16) not null,
  author_id binary(16),
  engine text,
  created_at bigint not null,
  primary key (tenant_id, id),
  key file_waiting (state, created_at)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The bytes that a tenant's files take, kept with each change so that nobody has to add them up.
create table if not exists file_usage (
  tenant_id binary(16) primary key,
  bytes bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
