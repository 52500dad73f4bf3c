-- Written in the transaction of the change it tells of. A position is drawn before the commit, and so a lower one may
-- become visible after a higher one: whoever reads by position alone skips it. The feed therefore shows an event only
-- when no transaction as old as its own is still running, and is ordered by transaction first.
create table payments.outbox (
  position  bigint generated always as identity primary key,
  txid      bigint not null default pg_current_xact_id()::text::bigint,
  id        uuid not null default gen_random_uuid(),
  type      text not null,
  aggregate text not null,
  version   bigint not null,
  payload   jsonb not null,
  at        timestamptz not null default now()
);
create unique index outbox_in_order on payments.outbox (txid, position);

create view payments.feed as
  select * from payments.outbox
  where txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

create table payments.outbox_reader (
  name     text not null primary key,
  txid     bigint not null,
  position bigint not null,
  read_at  timestamptz not null
);
