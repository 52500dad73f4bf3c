-- How far each source of a subscription was read, and what was applied; both change with what the events change.
create table orders.inbox_cursor (
  subscription varchar not null,
  source       varchar not null,
  cursor       varchar not null,
  primary key (subscription, source)
);

create table orders.inbox (
  subscription varchar not null,
  event_id     uuid not null,
  aggregate    varchar not null,
  version      bigint not null,
  applied_at   timestamp with time zone not null,
  primary key (subscription, event_id)
);
create index orders.inbox_by_aggregate on orders.inbox (subscription, aggregate, version);
create index orders.inbox_by_age on orders.inbox (applied_at);

-- What was read and is not applied: it waits for something before it, is tried again, or waits for a person.
create table orders.held_event (
  subscription varchar not null,
  event_id     uuid not null,
  source       varchar not null,
  type         varchar not null,
  aggregate    varchar not null,
  version      bigint not null,
  payload      json not null,
  at           timestamp with time zone not null,
  state        varchar not null,
  attempts     integer not null default 0,
  error        varchar,
  held_at      timestamp with time zone not null,
  next_at      timestamp with time zone not null,
  primary key (subscription, event_id)
);
create index orders.held_event_by_aggregate on orders.held_event (subscription, aggregate, version);

insert into orders.inbox_cursor (subscription, source, cursor) select 'orders.customers', source, cursor from orders.feed_cursor;
drop table orders.feed_cursor;
