-- The control tables, in schema banyan of the monolith's database: the one place where mover, proxies and
-- applications meet. Whoever changes a row that others follow says so on channel 'banyan', payload = module.

create table extraction (
  module        text primary key,
  phase         text not null check (phase in
                  ('PLANNED', 'COPYING', 'IN_SYNC', 'READS_SWITCHED', 'WRITES_SWITCHED', 'COMPLETED', 'CANCELLED')),
  owner         text not null check (owner in ('MONOLITH', 'SERVICE')),
  epoch         bigint not null,
  reads_percent integer not null default 0 check (reads_percent between 0 and 100),
  route_version bigint not null default 1,
  held          boolean not null default false,
  monolith_url  text,
  service_url   text,
  max_hold_ms   bigint not null,
  plan          text not null default '',
  updated_at    timestamptz not null default clock_timestamp(),
  check (owner = 'SERVICE' or phase not in ('WRITES_SWITCHED', 'COMPLETED')),
  check (owner = 'MONOLITH' or phase in ('WRITES_SWITCHED', 'COMPLETED'))
);
comment on column extraction.epoch is
  'Grows with each mover that takes the extraction over and with each change of owner; work under an older epoch is refused.';
comment on column extraction.plan is
  'What the plan said when the move began, limits and credentials aside; a plan that says something else is another move.';
comment on column extraction.held is
  'True while proxies keep the module''s writes waiting; it ends with the next route_version.';

create table route (
  module   text not null references extraction on delete cascade,
  position integer not null,
  path     text not null,
  methods  text[] not null default '{}',
  kind     text check (kind in ('READ', 'WRITE')),
  primary key (module, position)
);
comment on column route.methods is 'Empty: every method.';
comment on column route.kind is 'Null: GET, HEAD and OPTIONS read, every other method writes.';

create table moved_table (
  module    text not null references extraction on delete cascade,
  source    text not null unique,
  target    text not null,
  state     text not null default 'PLANNED' check (state in ('PLANNED', 'COPYING', 'COPIED')),
  rows      bigint not null default 0,
  copied    bigint not null default 0,
  primary key (module, source)
);

create table journal (
  id     bigint generated always as identity primary key,
  module text not null,
  at     timestamptz not null default clock_timestamp(),
  epoch  bigint not null,
  actor  text not null,
  event  text not null,
  detail jsonb not null default '{}'
);
create index on journal (module, id);

create function forbid_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'The journal is append-only';
end $$;
create trigger append_only before update or delete or truncate on journal
  for each statement execute function forbid_rewriting();

create table proxy (
  id         text primary key,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp()
);

create table proxy_acknowledgement (
  proxy         text not null references proxy on delete cascade,
  module        text not null references extraction on delete cascade,
  route_version bigint not null,
  primary key (proxy, module)
);

create table certificate (
  id       bigint generated always as identity primary key,
  module   text not null,
  at       timestamptz not null default clock_timestamp(),
  epoch    bigint not null,
  owner    text not null,
  position pg_lsn not null,
  equal    boolean not null,
  report   jsonb not null
);
create index on certificate (module, id);

create table intent (
  id           bigint generated always as identity primary key,
  module       text not null,
  kind         text not null check (kind in
                 ('VERIFY', 'SWITCH_READS', 'SWITCH_WRITES', 'ROLLBACK', 'COMPLETE', 'CANCEL')),
  argument     jsonb not null default '{}',
  requested_by text not null,
  requested_at timestamptz not null default clock_timestamp(),
  state        text not null default 'REQUESTED' check (state in
                 ('REQUESTED', 'RUNNING', 'DONE', 'REFUSED', 'FAILED')),
  outcome      json not null default '{}',
  ended_at     timestamptz
);
comment on column intent.outcome is 'Not jsonb: people read it in the order in which it was written.';
create unique index one_open_intent on intent (module) where state in ('REQUESTED', 'RUNNING');

create table mover (
  module     text primary key references extraction on delete cascade,
  epoch      bigint not null,
  seen_at    timestamptz not null default clock_timestamp(),
  state      text not null,
  lag_millis bigint,
  lag_bytes  bigint,
  message    text
);

-- All that the applications may see, and all that they need.
create view ownership as
  select module, owner, epoch, phase, service_url from extraction;
grant select on ownership to public;
