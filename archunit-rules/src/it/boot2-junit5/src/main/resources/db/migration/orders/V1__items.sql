create table orders.item (id bigint primary key);
