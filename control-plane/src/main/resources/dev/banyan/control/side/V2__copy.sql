-- What a copy keeps on the side that it fills, so that an interruption costs no row that is there already.

alter table side
  add column copied_from pg_lsn,
  add column filled boolean not null default false;
update side set filled = applied is not null;
comment on column side.copied_from is
  'Position of the first snapshot of the copy under way, where its slot begins; null where no copy is planned.';
comment on column side.filled is
  'Whether a copy has begun to fill this side''s tables, so that they have to be emptied when the move is cancelled.';

create table copy_range (
  module   text not null references side on delete cascade,
  source   text not null,
  number   integer not null,
  up_to    text[],
  position pg_lsn,
  rows     bigint,
  primary key (module, source, number),
  check ((position is null) = (rows is null))
);
comment on table copy_range is
  'The ranges of the copy under way, and afterwards until the stream has passed the newest of their snapshots.';
comment on column copy_range.source is 'The table that the rows come from, quoted as SQL takes it.';
comment on column copy_range.up_to is
  'The last key of the range, in the order of the key''s index; null for the last range. A range begins behind the one before it.';
comment on column copy_range.position is
  'Position of the snapshot that the range was copied under, written with its rows; null where it is not copied yet.';

create table deferred_index (
  id         bigint generated always as identity primary key,
  -- Without a cascade: a side cannot be given up while something of its tables is still set aside.
  module     text not null references side,
  name       text not null,
  definition text not null
);
comment on table deferred_index is 'Indexes and constraints that were dropped for the copy and have to be built again.';
