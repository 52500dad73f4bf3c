-- references users.account in a comment only
create table orders.item (
  id bigint primary key,
  note text default 'references users.account; really',
  customer bigint references customer on delete cascade
);
create table account (id bigint);
insert into ${flyway:defaultSchema}.item (id) values (1) on conflict do nothing;
create trigger touched before insert or update on orders.item for each row execute function orders.touch();
select nextval('orders.item_id_seq');
