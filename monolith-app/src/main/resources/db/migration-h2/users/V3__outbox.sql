-- H2 has no transaction numbers to order by, so its feed may skip an event of a transaction that ends late: it is for
-- trying out, not for keeping.
create table users.outbox (
  position  bigint generated always as identity primary key,
  txid      bigint not null default 0,
  id        uuid not null default random_uuid(),
  type      varchar not null,
  aggregate varchar not null,
  version   bigint not null,
  payload   json not null,
  at        timestamp with time zone not null default current_timestamp
);

create view users.feed as select * from users.outbox;

create table users.outbox_reader (
  name     varchar not null primary key,
  txid     bigint not null,
  position bigint not null,
  read_at  timestamp with time zone not null
);
