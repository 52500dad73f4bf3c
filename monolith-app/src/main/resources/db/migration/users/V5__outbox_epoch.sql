-- On which course of its server's history the outbox counts, and how cursors call it. A dump that is restored elsewhere,
-- a server that was set back and a standby that took over begin another one, which whoever reads first writes down.
create table users.outbox_epoch (
  server varchar not null,
  epoch  varchar not null
);
insert into users.outbox_epoch (server, epoch) values ('', '');
