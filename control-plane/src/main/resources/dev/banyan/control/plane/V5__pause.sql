-- What its users keep from going on.

create table pause (
  module   text primary key references extraction on delete cascade,
  since    timestamptz not null default clock_timestamp(),
  actor    text not null,
  in_force boolean not null default false
);
comment on table pause is 'Moves whose copy is to stand still, until the row is deleted or the copy is done.';
comment on column pause.in_force is 'Whether the mover has ended the ranges that were under way, and reads no more.';
