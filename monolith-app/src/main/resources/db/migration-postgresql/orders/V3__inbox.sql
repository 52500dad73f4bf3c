-- How far each source of a subscription was read, and what was applied; both change with what the events change.
create table orders.inbox_cursor (
  subscription text not null,
  source       text not null,
  cursor       text not null,
  primary key (subscription, source)
);

create table orders.inbox (
  subscription text not null,
  event_id     uuid not null,
  aggregate    text not null,
  version      bigint not null,
  applied_at   timestamptz not null,
  primary key (subscription, event_id)
);
create index inbox_by_aggregate on orders.inbox (subscription, aggregate, version);
create index inbox_by_age on orders.inbox (applied_at);

-- What was read and is not applied: it waits for something before it, is tried again, or waits for a person.
create table orders.held_event (
  subscription text not null,
  event_id     uuid not null,
  source       text not null,
  type         text not null,
  aggregate    text not null,
  version      bigint not null,
  payload      jsonb not null,
  at           timestamptz not null,
  state        text not null,
  attempts     integer not null default 0,
  error        text,
  held_at      timestamptz not null,
  next_at      timestamptz not null,
  primary key (subscription, event_id)
);
create index held_event_by_aggregate on orders.held_event (subscription, aggregate, version);

insert into orders.inbox_cursor (subscription, source, cursor) select 'orders.customers', source, cursor from orders.feed_cursor;
drop table orders.feed_cursor;
