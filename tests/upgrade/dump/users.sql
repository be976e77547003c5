create table events (
  "position" bigint generated always as identity not null,
  xid xid8 default pg_current_xact_id() not null,
  event_id uuid not null,
  stream text not null,
  version integer not null,
  type text not null,
  data_version integer not null,
  data jsonb not null,
  metadata jsonb not null,
  "time" timestamp with time zone default clock_timestamp() not null
);
insert into events ("position", xid, event_id, stream, version, type, data_version, data, metadata, "time") overriding system value select "position", xid, event_id, stream, version, type, data_version, data, metadata, "time" from json_populate_recordset(null::events, '[
{"position":1,"xid":"924","event_id":"01a22b2a-2140-706a-9b1a-2ccfb2f8195b","stream":"user-01a22b2a-206b-74d4-abac-00845524e53c","version":1,"type":"user.created","data_version":1,"data":{"name": "Ada Sample", "email": "ada@example.com", "userId": "01a22b2a-206b-74d4-abac-00845524e53c"},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-7c6fed02d296419cb3c6301b33b55412-256ecc3a2fe747e6-01", "correlationId": "9f5afbf3-5595-4319-a067-fd7309c24886"},"time":"2026-11-30T06:35:10.827+00:00"},
{"position":2,"xid":"1285","event_id":"01a22b2b-656f-70cb-8dd2-70a3b8cacb43","stream":"user-01a22b2a-206b-74d4-abac-00845524e53c","version":2,"type":"user.updated","data_version":1,"data":{"name": "Ada Renamed", "userId": "01a22b2a-206b-74d4-abac-00845524e53c"},"metadata":{"actor": "10ed800a-f643-41ea-8427-15feee1483dc", "traceparent": "00-136073c4601d43b2b183594183b309c4-b6e47beeb3c84bc6-01", "correlationId": "1357ae73-5eb9-40d4-b53c-3bfa04639914"},"time":"2026-11-30T06:36:34.029+00:00"}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"eventlog_0001_events","timestamp":"2026-11-30T06:34:37.867Z"},
{"name":"eventlog_0002_relays","timestamp":"2026-11-30T06:34:37.961Z"},
{"name":"eventlog_0003_redactions","timestamp":"2026-11-30T06:34:38.103Z"},
{"name":"eventlog_0004_refused","timestamp":"2026-11-30T06:34:38.309Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.341Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.407Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:38.577Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:38.721Z"},
{"name":"users_0001_users","timestamp":"2026-11-30T06:34:38.857Z"}
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
create table projection_rebuilds (
  projection text not null,
  version integer not null,
  phase text not null,
  fill_stream text not null,
  fill_version integer not null,
  cursor_xid xid8 not null,
  cursor_position bigint not null,
  done bigint not null,
  total bigint not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  changed_at timestamp with time zone default clock_timestamp() not null,
  whole boolean default false not null
);
create table projections_built (
  projection text not null,
  version integer not null,
  built_at timestamp with time zone default clock_timestamp() not null
);
create table redactions (
  stream text not null,
  fields text[] not null,
  events integer not null,
  actor text,
  "time" timestamp with time zone default clock_timestamp() not null
);
create table relay_parked (
  relay text not null,
  "position" bigint not null,
  event_id uuid not null,
  reason text not null,
  "time" timestamp with time zone default clock_timestamp() not null
);
create table relay_refused (
  relay text not null,
  "position" bigint not null,
  next_at timestamp with time zone default clock_timestamp() not null,
  tries integer default 0 not null
);
create table relays (
  name text not null,
  owner text default ''::text not null,
  fence bigint default 0 not null,
  expires_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  cursor_xid xid8 default '0'::xid8 not null,
  cursor_position bigint default 0 not null,
  paused boolean default false not null
) with (fillfactor=10);
insert into relays (name, owner, fence, expires_at, cursor_xid, cursor_position, paused) overriding system value select name, owner, fence, expires_at, cursor_xid, cursor_position, paused from json_populate_recordset(null::relays, '[
{"name":"user-events","owner":"vm/21670/c4e78879-6716-4ad7-9c51-65d1e4dee8c5/40c98e0c-5aa5-460b-84c3-3099319c6c39","fence":2,"expires_at":"-infinity","cursor_xid":"1285","cursor_position":2,"paused":false}
]');
create table users (
  user_id uuid not null,
  email text not null,
  name text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);
insert into users (user_id, email, name, version, created_at, updated_at) overriding system value select user_id, email, name, version, created_at, updated_at from json_populate_recordset(null::users, '[
{"user_id":"01a22b2a-206b-74d4-abac-00845524e53c","email":"ada@example.com","name":"Ada Renamed","version":2,"created_at":"2026-11-30T06:35:10.827+00:00","updated_at":"2026-11-30T06:36:34.029+00:00"}
]');
alter table events add constraint events_pkey PRIMARY KEY ("position");
alter table events add constraint events_stream_version UNIQUE (stream, version);
alter table events add constraint events_version_check CHECK ((version > 0));
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table relay_parked add constraint relay_parked_pkey PRIMARY KEY (relay, "position");
alter table relay_refused add constraint relay_refused_pkey PRIMARY KEY (relay, "position");
alter table relays add constraint relays_pkey PRIMARY KEY (name);
alter table users add constraint users_pkey PRIMARY KEY (user_id);
CREATE INDEX events_in_log_order ON public.events USING btree (xid, "position");
CREATE INDEX relay_refused_due ON public.relay_refused USING btree (relay, next_at, "position");
CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email));
select setval('events_position_seq', 2);
