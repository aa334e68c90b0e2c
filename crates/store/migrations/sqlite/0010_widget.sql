-- Logos of sites, which everybody may see.

create table site_logo (
  site_id blob primary key,
  tenant_id blob not null,
  kind text not null,
  bytes blob not null
) strict, without rowid;
