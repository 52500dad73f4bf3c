-- The same outbox as every module of the shop has, and how far its readers are.
drop view users.feed;
alter table users.outbox rename column user_id to aggregate;
alter table users.outbox alter column aggregate type text;
alter table users.outbox rename column revision to version;

create view users.feed as
  select * from users.outbox
  where txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

create table users.outbox_reader (
  name     text not null primary key,
  txid     bigint not null,
  position bigint not null,
  read_at  timestamptz not null
);
