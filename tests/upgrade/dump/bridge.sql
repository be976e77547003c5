create table inbox_erased (
  subscription text not null,
  stream text not null,
  version integer not null
);
create table inbox_events (
  subscription text not null,
  event_id text not null,
  "time" timestamp with time zone default now() not null
);
insert into inbox_events (subscription, event_id, "time") overriding system value select subscription, event_id, "time" from json_populate_recordset(null::inbox_events, '[
{"subscription":"sagas","event_id":"01a22b2a-2652-72ed-8cb0-802b3810060b","time":"2026-11-30T06:35:13.448634+00:00"},
{"subscription":"sagas","event_id":"01a22b2a-2735-755f-afac-b48f481c3766","time":"2026-11-30T06:35:13.967391+00:00"},
{"subscription":"sagas","event_id":"01a22b2a-27cf-72e9-9863-4c7abd165d7a","time":"2026-11-30T06:35:14.273607+00:00"},
{"subscription":"sagas","event_id":"01a22b2a-408f-7432-8168-47e806af7f69","time":"2026-11-30T06:35:19.474257+00:00"},
{"subscription":"sagas","event_id":"01a22b2b-42ef-74e8-986b-80d56bc237e1","time":"2026-11-30T06:36:25.249845+00:00"},
{"subscription":"sagas","event_id":"01a22b2b-6591-765b-8a6d-102d2461dbb0","time":"2026-11-30T06:36:34.104949+00:00"}
]');
create table inbox_failed (
  subscription text not null,
  stream text not null,
  version integer not null,
  event_id text not null,
  "time" timestamp with time zone default now() not null
);
create table inbox_parked (
  subscription text not null,
  stream text not null,
  version integer not null,
  event_id text not null,
  event json not null,
  reason text not null,
  parked_at timestamp with time zone default now() not null
);
create table inbox_streams (
  subscription text not null,
  stream text not null,
  version integer not null
) with (fillfactor=50);
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"bridge_0001_started_sagas","timestamp":"2026-11-30T06:34:37.541Z"},
{"name":"bridge_0002_no_started_sagas","timestamp":"2026-11-30T06:34:37.655Z"},
{"name":"inbox_0001_tables","timestamp":"2026-11-30T06:34:37.932Z"},
{"name":"inbox_0002_failed","timestamp":"2026-11-30T06:34:38.011Z"},
{"name":"inbox_0003_erased","timestamp":"2026-11-30T06:34:38.103Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.297Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.330Z"}
]');
create table kysely_migration_lock (
  id character varying(255) not null,
  is_locked integer default 0 not null
);
insert into kysely_migration_lock (id, is_locked) overriding system value select id, is_locked from json_populate_recordset(null::kysely_migration_lock, '[
{"id":"migration_lock","is_locked":0}
]');
create table ops_audit (
  id bigint generated always as identity not null,
  "time" timestamp with time zone default clock_timestamp() not null,
  actor text not null,
  action text not null,
  target text not null,
  request json not null,
  outcome json not null
);
alter table inbox_erased add constraint inbox_erased_pkey PRIMARY KEY (subscription, stream);
alter table inbox_events add constraint inbox_events_pkey PRIMARY KEY (subscription, event_id);
alter table inbox_failed add constraint inbox_failed_pkey PRIMARY KEY (subscription, stream, version, event_id);
alter table inbox_parked add constraint inbox_parked_pkey PRIMARY KEY (subscription, stream, version);
alter table inbox_streams add constraint inbox_streams_pkey PRIMARY KEY (subscription, stream);
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
