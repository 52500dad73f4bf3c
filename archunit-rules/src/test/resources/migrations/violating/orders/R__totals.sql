create or replace view orders.totals as select count(*) as accounts from users.account;
