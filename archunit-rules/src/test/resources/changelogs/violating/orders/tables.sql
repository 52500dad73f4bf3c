--liquibase formatted sql
--changeset a:4
--precondition-sql-check expectedResult:0 select count(*) from users.account
create table extra (id bigint);
--rollback drop table users.account;
