-- The same outbox as every module of the shop has, and how far its readers are.
drop view users.feed;
alter table users.outbox alter column user_id rename to aggregate;
alter table users.outbox alter column aggregate set data type varchar;
alter table users.outbox alter column revision rename to version;

create view users.feed as select * from users.outbox;

create table users.outbox_reader (
  name     varchar not null primary key,
  txid     bigint not null,
  position bigint not null,
  read_at  timestamp with time zone not null
);
