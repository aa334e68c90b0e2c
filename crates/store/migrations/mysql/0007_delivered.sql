-- Up to where the devices of both sides have received; what was read was received.
alter table conversation add column delivered_visitor bigint not null default 0;
alter table conversation add column delivered_agent bigint not null default 0;
