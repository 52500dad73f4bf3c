create or replace view orders.totals as select count(*) as items from orders.item;
