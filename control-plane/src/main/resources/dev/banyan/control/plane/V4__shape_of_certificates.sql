-- A certificate holds for tables of the shape they had.

alter table table_certificate add column shape text not null default '';
comment on column table_certificate.shape is
  'What the table was on both sides before it was compared: columns, files, partitions, publication; changed where it is not the same any more.';
