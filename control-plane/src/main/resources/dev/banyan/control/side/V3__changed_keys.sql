-- The keys of the rows that the applier has changed on this side since the table's series began. A table goes by its
-- name in the monolith, on both sides.

create table key_set (
  module text not null references side on delete cascade,
  name   text not null,
  series uuid not null,
  lost   text,
  primary key (module, name)
);
comment on column key_set.series is
  'Names a recording without a gap; it goes on on the other side when the direction turns. Certificates name it.';
comment on column key_set.lost is 'Why the recording has ended; null while it goes on.';

create table changed_keys (
  id     bigint generated always as identity primary key,
  module text not null references side on delete cascade,
  name   text not null,
  keys   text[],
  count  integer not null
);
comment on column changed_keys.keys is
  'The texts of the keys, column after column, as many of each as count says; a key may stand in several rows. Null: the table was emptied.';
-- Keys are short and all different; to compress them would cost the applier more than it saves.
alter table changed_keys alter column keys set storage external;
