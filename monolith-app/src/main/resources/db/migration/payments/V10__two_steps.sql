-- Money is set aside first and captured when the order is confirmed; what was taken at once counts as captured.
update payments.payment set status = 'CAPTURED' where status = 'TAKEN';
alter table payments.payment add constraint payment_status
  check (status in ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'REFUNDED'));
