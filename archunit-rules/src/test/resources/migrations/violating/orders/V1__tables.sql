create table orders.item (
  id bigint primary key,
  account bigint references users.account
);

create view orders.named as
  select i.id, a.name from orders.item i
  join users.account a on a.id = i.account;

create trigger copy after update on users.account for each row execute function orders.copy();

create function orders.copy() returns trigger language plpgsql as $$
begin
  update users.account set name = new.name where id = new.id;
  return new;
end $$;

grant select on users.account to orders_role;
select nextval('users.account_id_seq');
create schema users;
