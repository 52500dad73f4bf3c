-- Events are kept by the outboxes of the modules that publish them, and by the inboxes of those that follow.
drop table events.event_publication;
drop schema events;
