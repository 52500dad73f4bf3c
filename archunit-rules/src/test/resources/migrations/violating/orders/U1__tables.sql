drop trigger copy on users.account;
drop table ${flyway:defaultSchema}.item;
