-- What is known of the owner where it does not answer any more.

alter table mover add column reached_at timestamptz, add column reached_lag_bytes bigint;
comment on column mover.reached_lag_bytes is
  'How many bytes of the owner''s log were not applied on the other side when the owner was reached last.';
