-- The event publication registry of Spring Modulith 2 (its schemas/v2), in a schema of its own.
create schema events;

create table events.event_publication (
  id                     uuid not null primary key,
  listener_id            text not null,
  event_type             text not null,
  serialized_event       text not null,
  publication_date       timestamptz not null,
  completion_date        timestamptz,
  status                 text,
  completion_attempts    integer,
  last_resubmission_date timestamptz
);
create index event_publication_by_event on events.event_publication using hash (serialized_event);
create index event_publication_by_status on events.event_publication (status, publication_date);
