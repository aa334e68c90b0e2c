-- What agents keep at hand.

-- Replies written beforehand; without an owner they are the team's.
create table if not exists canned_reply (
  id binary(16) primary key,
  tenant_id binary(16) not null,
  owner_id binary(16),
  folder varchar(60) not null,
  title varchar(60) not null,
  text mediumtext not null,
  updated_at bigint not null,
  key canned_reply_tenant (tenant_id, folder, title)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
