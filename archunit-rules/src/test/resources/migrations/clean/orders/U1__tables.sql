drop trigger touched on orders.item;
drop table ${flyway:defaultSchema}.item;
