create table effects (
  key text not null,
  request_hash text,
  state text not null,
  result jsonb,
  "time" timestamp with time zone default clock_timestamp() not null
);
insert into effects (key, request_hash, state, result, "time") overriding system value select key, request_hash, state, result, "time" from json_populate_recordset(null::effects, '[
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/book","request_hash":"834HovZsWnksGzKf-sMl7g8tqs1Ycz8uPubMEFY3upQ","state":"done","result":{"outcome": "booked", "trackingNumber": "SIM-282CB5813B99"},"time":"2026-11-30T06:35:17.430863+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/book","request_hash":"m33-9IuVs860yTgKgL_-Ja2r2GJ9oONkxU9mrRjIEes","state":"done","result":{"outcome": "booked", "trackingNumber": "SIM-22806E763836"},"time":"2026-11-30T06:35:20.208561+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/book","request_hash":"jo1_WPhFJbnimrZDTSZCbnFvqp5BcZiN35Xe5cL8z8k","state":"done","result":{"outcome": "booked", "trackingNumber": "SIM-33C5290A3883"},"time":"2026-11-30T06:36:34.57367+00:00"}
]');
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
{"position":1,"xid":"988","event_id":"01a22b2a-3a11-753f-9006-0358ebf63133","stream":"shipment-01a22b2a-27cf-7e33-991b-282cb5813b99","version":1,"type":"shipment.booked","data_version":1,"data":{"orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "shipmentId": "01a22b2a-27cf-7e33-991b-282cb5813b99", "trackingNumber": "SIM-282CB5813B99"},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-da71b1c0e44e41ae-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:17.393+00:00"},
{"position":2,"xid":"1030","event_id":"01a22b2a-450d-72fc-8c56-e1d22939f497","stream":"shipment-01a22b2a-408f-7df5-866b-22806e763836","version":1,"type":"shipment.booked","data_version":1,"data":{"orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b", "shipmentId": "01a22b2a-408f-7df5-866b-22806e763836", "trackingNumber": "SIM-22806E763836"},"metadata":{"causationId": "01a22b2a-408f-7432-8168-47e806af7f69", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-5ee7ed3a2144495c-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:20.202+00:00"},
{"position":3,"xid":"1294","event_id":"01a22b2b-6786-754d-82f6-e71b96c87c22","stream":"shipment-01a22b2b-6591-72c8-8b0d-33c5290a3883","version":1,"type":"shipment.booked","data_version":1,"data":{"orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62", "shipmentId": "01a22b2b-6591-72c8-8b0d-33c5290a3883", "trackingNumber": "SIM-33C5290A3883"},"metadata":{"causationId": "01a22b2b-6591-765b-8a6d-102d2461dbb0", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-8fecbbdd9b4047c4-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.565+00:00"}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"effects_0001_effects","timestamp":"2026-11-30T06:34:37.550Z"},
{"name":"eventlog_0001_events","timestamp":"2026-11-30T06:34:37.767Z"},
{"name":"eventlog_0002_relays","timestamp":"2026-11-30T06:34:37.932Z"},
{"name":"eventlog_0003_redactions","timestamp":"2026-11-30T06:34:38.048Z"},
{"name":"eventlog_0004_refused","timestamp":"2026-11-30T06:34:38.296Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.341Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.359Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:38.451Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:38.545Z"},
{"name":"shipping_0001_shipments","timestamp":"2026-11-30T06:34:38.851Z"},
{"name":"shipping_0002_delivery_reported","timestamp":"2026-11-30T06:34:38.857Z"},
{"name":"shipping_0003_simulated_carrier","timestamp":"2026-11-30T06:34:39.447Z"}
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
{"name":"shipment-events","owner":"vm/21670/c4e78879-6716-4ad7-9c51-65d1e4dee8c5/358b01a6-a37c-446c-a2bf-f7ab3ba25dab","fence":2,"expires_at":"-infinity","cursor_xid":"1294","cursor_position":3,"paused":false}
]');
create table shipments (
  shipment_id uuid not null,
  order_id uuid not null,
  user_id uuid not null,
  status text not null,
  tracking_number text not null,
  version integer not null,
  delivery_reported boolean
);
insert into shipments (shipment_id, order_id, user_id, status, tracking_number, version, delivery_reported) overriding system value select shipment_id, order_id, user_id, status, tracking_number, version, delivery_reported from json_populate_recordset(null::shipments, '[
{"shipment_id":"01a22b2a-27cf-7e33-991b-282cb5813b99","order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"booked","tracking_number":"SIM-282CB5813B99","version":1,"delivery_reported":false},
{"shipment_id":"01a22b2a-408f-7df5-866b-22806e763836","order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"booked","tracking_number":"SIM-22806E763836","version":1,"delivery_reported":false},
{"shipment_id":"01a22b2b-6591-72c8-8b0d-33c5290a3883","order_id":"01a22b2b-6591-765b-8a6d-0d5129acaf62","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"booked","tracking_number":"SIM-33C5290A3883","version":1,"delivery_reported":false}
]');
create table simulated_carrier_bookings (
  key text not null,
  shipment_id uuid,
  outcome text not null,
  reason text,
  tracking_number text,
  calls integer default 1 not null
);
insert into simulated_carrier_bookings (key, shipment_id, outcome, reason, tracking_number, calls) overriding system value select key, shipment_id, outcome, reason, tracking_number, calls from json_populate_recordset(null::simulated_carrier_bookings, '[
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/book","shipment_id":"01a22b2a-27cf-7e33-991b-282cb5813b99","outcome":"booked","reason":null,"tracking_number":"SIM-282CB5813B99","calls":1},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/book","shipment_id":"01a22b2a-408f-7df5-866b-22806e763836","outcome":"booked","reason":null,"tracking_number":"SIM-22806E763836","calls":1},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/book","shipment_id":"01a22b2b-6591-72c8-8b0d-33c5290a3883","outcome":"booked","reason":null,"tracking_number":"SIM-33C5290A3883","calls":1}
]');
alter table effects add constraint effects_pkey PRIMARY KEY (key);
alter table effects add constraint effects_state_check CHECK ((state = ANY (ARRAY['done'::text, 'undone'::text])));
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
alter table shipments add constraint shipments_pkey PRIMARY KEY (shipment_id);
alter table simulated_carrier_bookings add constraint simulated_carrier_bookings_outcome_check CHECK ((outcome = ANY (ARRAY['booked'::text, 'refused'::text, 'cancelled'::text])));
alter table simulated_carrier_bookings add constraint simulated_carrier_bookings_pkey PRIMARY KEY (key);
CREATE INDEX events_in_log_order ON public.events USING btree (xid, "position");
CREATE INDEX relay_refused_due ON public.relay_refused USING btree (relay, next_at, "position");
CREATE INDEX shipments_of_order ON public.shipments USING btree (order_id);
select setval('events_position_seq', 3);
