-- Logos of sites, ratings of conversations.

-- Everybody may see them.
create table if not exists site_logo (
  site_id binary(16) primary key,
  tenant_id binary(16) not null,
  kind varchar(32) not null,
  bytes mediumblob not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- What visitors said of a closing, which is named by the owner epoch of the closed conversation. Also in the log.
create table if not exists rating (
  conversation_id binary(16) not null,
  epoch bigint not null,
  tenant_id binary(16) not null,
  site_id binary(16) not null,
  visitor_id binary(16) not null,
  -- Who had it last.
  owner varchar(16) not null,
  owner_id binary(16),
  engine text,
  score bigint not null,
  comment text,
  at bigint not null,
  primary key (conversation_id, epoch),
  key rating_tenant (tenant_id, at, conversation_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
