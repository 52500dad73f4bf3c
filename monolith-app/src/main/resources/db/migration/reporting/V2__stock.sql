-- What became of the stock of an order, as its owner has told.
alter table reporting.order_history add column stock varchar;
