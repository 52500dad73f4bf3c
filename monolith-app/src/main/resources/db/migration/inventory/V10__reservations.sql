create table inventory.reservation (
  order_id   bigint not null primary key,
  status     varchar not null check (status in ('RESERVED', 'RELEASED')),
  changed_at timestamp with time zone not null default current_timestamp
);

create table inventory.reservation_line (
  order_id bigint not null references inventory.reservation (order_id),
  sku      varchar not null references inventory.product (sku),
  quantity integer not null check (quantity > 0),
  primary key (order_id, sku)
);
create index reservation_line_by_sku on inventory.reservation_line (sku);
