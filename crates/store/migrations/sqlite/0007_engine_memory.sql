-- What engines that keep conversations themselves call them.

create table engine_memory (
  conversation_id blob not null,
  engine text not null,
  tenant_id blob not null,
  own text not null,
  primary key (conversation_id, engine)
) strict, without rowid;
