-- A primary key that is set aside for the copy is still the key of its table.

create table key_set_aside (
  index_id bigint primary key references deferred_index on delete cascade,
  relation oid not null,
  name     text not null,
  columns  text[] not null
);
comment on table key_set_aside is 'The primary keys among what is set aside: whose they are, and their columns in the order of the index.';
