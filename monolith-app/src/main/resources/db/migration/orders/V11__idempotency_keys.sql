-- Which order a client's key has placed; written with the order, and forgotten some time later.
create table orders.idempotency_key (
  key_text    varchar not null primary key,
  fingerprint varchar not null,
  order_id    bigint not null references orders.orders (id),
  created_at  timestamp with time zone not null
);
create index idempotency_key_by_age on orders.idempotency_key (created_at);
