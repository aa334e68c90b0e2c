-- Customers who are signed in at the page that embeds the widget.

-- How a site proves who its customers are. `key` is a salt (HS256) or a public key (PEM).
create table site_identity (
  site_id blob primary key,
  tenant_id blob not null,
  algorithm text not null,
  key blob not null,
  changed_at integer not null
) strict, without rowid;

-- A customer of a site is one visitor with one conversation, on every device.
create table customer (
  tenant_id blob not null,
  site_id blob not null,
  subject text not null,
  visitor_id blob not null,
  conversation_id blob not null,
  name text,
  email text,
  created_at integer not null,
  seen_at integer not null,
  primary key (site_id, subject)
) strict, without rowid;
-- Whether a visitor is a customer, and of which name.
create unique index customer_visitor on customer (tenant_id, visitor_id);

alter table conversation add column visitor_name text;
