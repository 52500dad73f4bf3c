-- What each of the two databases keeps for itself: the epoch that may act on it, the position up to which the other
-- side's changes are applied (stored in the transaction that applies them), and the fence.

create table side (
  module  text primary key,
  epoch   bigint not null,
  applied pg_lsn
);
comment on column side.applied is
  'End of the last transaction of the other side that is applied here; null where nothing is streamed to this side.';

-- Trigger function of the fence; arguments: module, owner. SQLSTATE ZB001 tells the application to ask for the owner.
create function refuse_write() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% refused: module ''%'' is owned by the %', tg_op, tg_table_schema, tg_table_name,
      tg_argv[0], tg_argv[1]
    using errcode = 'ZB001', hint = 'Read banyan.ownership for the owner and write there.';
end $$;
