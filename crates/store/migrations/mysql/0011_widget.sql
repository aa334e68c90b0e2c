-- Logos of sites, which everybody may see.

create table if not exists site_logo (
  site_id binary(16) primary key,
  tenant_id binary(16) not null,
  kind varchar(32) not null,
  bytes mediumblob not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
