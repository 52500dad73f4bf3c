-- What is known of a service's log, should its server never answer again.

alter table mover add column service_reached_at timestamptz;
alter table mover add column service_ahead_bytes bigint;
comment on column mover.service_reached_at is 'When the log of a service that owns was read last.';
comment on column mover.service_ahead_bytes is 'How much of it the monolith had not applied then.';
