-- Events are kept by the outboxes of the modules that publish them, and by the inboxes of those that follow.
-- What the registry has not delivered yet nobody else knows of: H2 can only say so by the name of a constraint.
alter table events.event_publication add constraint undelivered_events_would_be_lost check (completion_date is not null);
drop table events.event_publication;
drop schema events;
