create schema inventory;

create table inventory.product (
  sku      varchar not null primary key,
  name     varchar not null,
  price    numeric(12, 2) not null check (price >= 0),
  stock    integer not null check (stock >= 0),
  revision bigint not null default 0, -- counts every change
  changes  bigint not null default 0  -- counts those that are told of as ProductChanged
);
