-- What engines that keep conversations themselves call them.

create table if not exists engine_memory (
  conversation_id binary(16) not null,
  engine varchar(64) not null,
  tenant_id binary(16) not null,
  own varchar(255) not null,
  primary key (conversation_id, engine)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
