alter table orders.orders add column rejection varchar;
update orders.orders set status = 'CONFIRMED' where status = 'PLACED';
alter table orders.orders add constraint order_status check (status in ('PENDING', 'CONFIRMED', 'REJECTED'));

-- How far the checkout of an order is. Finished ones stay, as a record, and are never due.
create table orders.checkout (
  order_id     bigint not null primary key references orders.orders (id),
  state        varchar not null,
  reason       varchar,
  attempts     integer not null default 0,
  last_failure varchar,
  deadline     timestamp with time zone not null,
  due_at       timestamp with time zone,
  updated_at   timestamp with time zone not null
);
create index checkout_by_due on orders.checkout (due_at);
