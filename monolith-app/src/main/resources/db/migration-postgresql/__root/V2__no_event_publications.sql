-- Events are kept by the outboxes of the modules that publish them, and by the inboxes of those that follow.
-- What the registry has not delivered yet nobody else knows of.
lock table events.event_publication in access exclusive mode;
do $$
declare
  undelivered bigint;
begin
  select count(*) into undelivered from events.event_publication where completion_date is null;
  if undelivered > 0 then
    raise exception '% event(s) in events.event_publication are not delivered, and would be lost with the table; nothing was changed. '
      'Run the release before this one until they are, or delete those that nobody needs.', undelivered;
  end if;
end $$;
drop table events.event_publication;
drop schema events;
