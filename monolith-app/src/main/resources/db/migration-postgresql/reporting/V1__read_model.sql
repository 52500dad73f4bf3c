create schema reporting;

-- Every event that was read, in the order in which it was applied: what the read model is built from again.
create table reporting.event (
  number    bigint generated always as identity primary key,
  event_id  uuid not null unique,
  type      text not null,
  aggregate text not null,
  version   bigint not null,
  payload   jsonb not null,
  at        timestamptz not null
);

-- The one row names the generation that is read, and whoever applies an event locks it: so numbers follow commits.
create table reporting.read_model (
  generation integer not null,
  drawn      integer not null
);
insert into reporting.read_model (generation, drawn) values (1, 1);

create table reporting.order_history (
  generation  integer not null,
  order_id    bigint not null,
  version     bigint not null default -1,
  customer_id bigint,
  status      text,
  total       numeric(12, 2) not null default 0,
  paid        numeric(12, 2) not null default 0,
  refunded    numeric(12, 2) not null default 0,
  placed_at   timestamptz,
  primary key (generation, order_id)
);
create index order_history_by_customer on reporting.order_history (generation, customer_id, order_id);

create table reporting.customer (
  generation  integer not null,
  customer_id bigint not null,
  version     bigint not null,
  name        text not null,
  changes     bigint not null default 0,
  primary key (generation, customer_id)
);

-- How far each source of a subscription was read, and what was applied; both change with what the events change.
create table reporting.inbox_cursor (
  subscription text not null,
  source       text not null,
  cursor       text not null,
  primary key (subscription, source)
);

create table reporting.inbox (
  subscription text not null,
  event_id     uuid not null,
  aggregate    text not null,
  version      bigint not null,
  applied_at   timestamptz not null,
  primary key (subscription, event_id)
);
create index inbox_by_aggregate on reporting.inbox (subscription, aggregate, version);
create index inbox_by_age on reporting.inbox (applied_at);

-- What was read and is not applied: it waits for something before it, is tried again, or waits for a person.
create table reporting.held_event (
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
create index held_event_by_aggregate on reporting.held_event (subscription, aggregate, version);
