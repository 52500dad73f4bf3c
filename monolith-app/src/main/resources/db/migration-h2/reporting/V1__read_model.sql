create schema reporting;

-- Every event that was read, in the order in which it was applied: what the read model is built from again.
create table reporting.event (
  number    bigint generated always as identity primary key,
  event_id  uuid not null unique,
  type      varchar not null,
  aggregate varchar not null,
  version   bigint not null,
  payload   json not null,
  at        timestamp with time zone not null
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
  status      varchar,
  total       numeric(12, 2) not null default 0,
  paid        numeric(12, 2) not null default 0,
  refunded    numeric(12, 2) not null default 0,
  placed_at   timestamp with time zone,
  primary key (generation, order_id)
);
create index reporting.order_history_by_customer on reporting.order_history (generation, customer_id, order_id);

create table reporting.customer (
  generation  integer not null,
  customer_id bigint not null,
  version     bigint not null,
  name        varchar not null,
  changes     bigint not null default 0,
  primary key (generation, customer_id)
);

-- How far each source of a subscription was read, and what was applied; both change with what the events change.
create table reporting.inbox_cursor (
  subscription varchar not null,
  source       varchar not null,
  cursor       varchar not null,
  primary key (subscription, source)
);

create table reporting.inbox (
  subscription varchar not null,
  event_id     uuid not null,
  aggregate    varchar not null,
  version      bigint not null,
  applied_at   timestamp with time zone not null,
  primary key (subscription, event_id)
);
create index reporting.inbox_by_aggregate on reporting.inbox (subscription, aggregate, version);
create index reporting.inbox_by_age on reporting.inbox (applied_at);

-- What was read and is not applied: it waits for something before it, is tried again, or waits for a person.
create table reporting.held_event (
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
create index reporting.held_event_by_aggregate on reporting.held_event (subscription, aggregate, version);
