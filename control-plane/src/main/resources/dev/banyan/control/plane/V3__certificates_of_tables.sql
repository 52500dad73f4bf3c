-- What was proven of each moved table, and how far a request has come.

create table table_certificate (
  module      text not null references extraction on delete cascade,
  name        text not null,
  epoch       bigint not null,
  owner       text not null check (owner in ('MONOLITH', 'SERVICE')),
  position    pg_lsn not null,
  at          timestamptz not null,
  equal       boolean not null,
  rows        bigint not null,
  hash        text not null,
  compared_at timestamptz not null,
  series      uuid not null,
  primary key (module, name)
);
comment on column table_certificate.at is
  'When both sides stood at the position; not when the comparison had come to its end.';
comment on column table_certificate.compared_at is
  'When every row was compared, which rows and hash tell about; later proofs compare only what has changed.';
comment on column table_certificate.series is
  'The series of changed keys that begins not later than this certificate; see key_set in the side''s tables.';

alter table intent add column progress text;

create table difference (
  module text not null references extraction on delete cascade,
  number integer not null,
  shown  text not null,
  repair text not null,
  primary key (module, number)
);
comment on table difference is
  'Rows that differed at the last verification, with their values, for whoever asked for these; deleted when they were read.';
