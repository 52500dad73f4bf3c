create table item (id bigint);

set search_path to users;
insert into account (id) values (1);
