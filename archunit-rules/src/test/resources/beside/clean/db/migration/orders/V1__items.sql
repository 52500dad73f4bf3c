create table item (id bigint);

set search_path to orders;
insert into account (id) values (1);
