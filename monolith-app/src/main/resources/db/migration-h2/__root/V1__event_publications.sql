-- The event publication registry of Spring Modulith 2 (its schemas/v2), in a schema of its own.
create schema events;

create table events.event_publication (
  id                     uuid not null primary key,
  listener_id            varchar not null,
  event_type             varchar not null,
  serialized_event       varchar not null,
  publication_date       timestamp(9) with time zone not null,
  completion_date        timestamp(9) with time zone,
  status                 varchar,
  completion_attempts    integer,
  last_resubmission_date timestamp(9) with time zone
);
