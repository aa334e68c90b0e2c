-- Customers who are signed in at the page that embeds the widget.

-- How a site proves who its customers are. `key` is a salt (HS256) or a public key (PEM).
create table if not exists site_identity (
  site_id binary(16) primary key,
  tenant_id binary(16) not null,
  algorithm varchar(16) not null,
  `key` blob not null,
  changed_at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- A customer of a site is one visitor with one conversation, on every device. Subjects are compared as bytes: as texts,
-- two that differ in blanks at the end would be one customer.
create table if not exists customer (
  tenant_id binary(16) not null,
  site_id binary(16) not null,
  subject varbinary(255) not null,
  visitor_id binary(16) not null,
  conversation_id binary(16) not null,
  name text,
  email text,
  created_at bigint not null,
  seen_at bigint not null,
  primary key (site_id, subject),
  unique key customer_visitor (tenant_id, visitor_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

alter table conversation add column visitor_name text;
