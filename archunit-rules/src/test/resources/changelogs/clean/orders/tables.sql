--liquibase formatted sql
--changeset a:4
--precondition-sql-check expectedResult:0 select count(*) from orders.customer
create table extra (id bigint);
--rollback drop table orders.customer;
