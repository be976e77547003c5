create table effects (
  key text not null,
  request_hash text,
  state text not null,
  result jsonb,
  "time" timestamp with time zone default clock_timestamp() not null
);
insert into effects (key, request_hash, state, result, "time") overriding system value select key, request_hash, state, result, "time" from json_populate_recordset(null::effects, '[
{"key":"order/01a22b2a-2651-7430-83e9-8a0e800e5db9/reserve","request_hash":"pfuJ3Rq4OvSG910uiT36owfcYuGMQSyYDkX59X9rK14","state":"undone","result":null,"time":"2026-11-30T06:35:17.468076+00:00"},
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/reserve","request_hash":"QXLutiLVZFyyMlUUPh2UW0Jgfd9ofHv9owfwMlQNc4o","state":"done","result":null,"time":"2026-11-30T06:35:14.940717+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/reserve","request_hash":"NIl2kf8a8DQcq3vPWoOW8lzrgmZmPr8eZ7Rvsx_mbuQ","state":"done","result":null,"time":"2026-11-30T06:35:19.787319+00:00"},
{"key":"order/01a22b2b-42ef-74e8-986b-7f116ebc49cd/reserve","request_hash":"Hu1ZycIicdIIhLvp4hoOfrvUIVG23TSDOdVMnshxYhY","state":"done","result":null,"time":"2026-11-30T06:36:25.295047+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/reserve","request_hash":"-NvxOznJ7qwGvj_fhdWyVcnyT9DZywWdpmyTurG5O3I","state":"done","result":null,"time":"2026-11-30T06:36:34.336536+00:00"}
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
{"position":1,"xid":"929","event_id":"01a22b2a-2484-71dd-9adc-7cddd9b0fefb","stream":"product-CUP-1","version":1,"type":"product.added","data_version":1,"data":{"sku": "CUP-1", "name": "Stoneware cup", "price": {"amount": 1800, "currency": "EUR"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-87506a78c150418b8400e77d5bcb62a9-8ba4a29c9b9346bd-01", "correlationId": "064edb42-36b5-4a89-bd6d-ef840e2127cb"},"time":"2026-11-30T06:35:11.876+00:00"},
{"position":10,"xid":"1259","event_id":"01a22b2b-4353-75bf-8962-1668e2e57cf7","stream":"stock-TEA-1","version":6,"type":"stock.reserved","data_version":1,"data":{"sku": "TEA-1", "orderId": "01a22b2b-42ef-74e8-986b-7f116ebc49cd", "quantity": 81},"metadata":{"causationId": "01a22b2b-42ef-74e8-986b-80d56bc237e1", "traceparent": "00-96a8793804674fcaaab607223480de5f-ece6eea4b70b4d96-01", "correlationId": "896afad1-a418-43ac-b302-d6201cc1f01f"},"time":"2026-11-30T06:36:25.299+00:00"},
{"position":11,"xid":"1289","event_id":"01a22b2b-66a5-7319-99f2-353655b9d7a3","stream":"stock-CUP-1","version":3,"type":"stock.reserved","data_version":1,"data":{"sku": "CUP-1", "orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62", "quantity": 1},"metadata":{"causationId": "01a22b2b-6591-765b-8a6d-102d2461dbb0", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-44b22e8b2d6748d9-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.34+00:00"},
{"position":2,"xid":"929","event_id":"01a22b2a-2487-724e-92b3-decf38e7b86f","stream":"stock-CUP-1","version":1,"type":"stock.adjusted","data_version":1,"data":{"sku": "CUP-1", "delta": 12, "reason": "initial stock"},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-87506a78c150418b8400e77d5bcb62a9-8ba4a29c9b9346bd-01", "correlationId": "064edb42-36b5-4a89-bd6d-ef840e2127cb"},"time":"2026-11-30T06:35:11.879+00:00"},
{"position":3,"xid":"928","event_id":"01a22b2a-2482-73da-8efe-2a254d080c7e","stream":"product-TEA-1","version":1,"type":"product.added","data_version":1,"data":{"sku": "TEA-1", "name": "Assam tea, 250 g", "price": {"amount": 1250, "currency": "EUR"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-ae73d5244b704746998af0ae381402af-478edc0b0bcf4321-01", "correlationId": "47d3494b-0d22-4d84-9a00-c8875429d7a0"},"time":"2026-11-30T06:35:11.874+00:00"},
{"position":4,"xid":"928","event_id":"01a22b2a-2499-77ff-bf84-a386137ce530","stream":"stock-TEA-1","version":1,"type":"stock.adjusted","data_version":1,"data":{"sku": "TEA-1", "delta": 1000, "reason": "initial stock"},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-ae73d5244b704746998af0ae381402af-478edc0b0bcf4321-01", "correlationId": "47d3494b-0d22-4d84-9a00-c8875429d7a0"},"time":"2026-11-30T06:35:11.897+00:00"},
{"position":5,"xid":"959","event_id":"01a22b2a-2d7f-75d8-ab0e-a46690b6e396","stream":"stock-TEA-1","version":2,"type":"stock.reserved","data_version":1,"data":{"sku": "TEA-1", "orderId": "01a22b2a-2651-7430-83e9-8a0e800e5db9", "quantity": 1},"metadata":{"causationId": "01a22b2a-2652-72ed-8cb0-802b3810060b", "traceparent": "00-ccc46c1aaec846f5bf04a5e0fffcbf0a-89b49406cfde4e5b-01", "correlationId": "a33d5196-aa42-4b57-9f76-830cddbd9906"},"time":"2026-11-30T06:35:14.175+00:00"},
{"position":6,"xid":"966","event_id":"01a22b2a-30f0-7153-b97a-7a526955e98f","stream":"stock-TEA-1","version":3,"type":"stock.reserved","data_version":1,"data":{"sku": "TEA-1", "orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "quantity": 2},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-52b7bb925ea44d5d-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:15.056+00:00"},
{"position":7,"xid":"966","event_id":"01a22b2a-30f0-7153-b97a-7d14308cb6fa","stream":"stock-CUP-1","version":2,"type":"stock.reserved","data_version":1,"data":{"sku": "CUP-1", "orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "quantity": 1},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-52b7bb925ea44d5d-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:15.056+00:00"},
{"position":8,"xid":"990","event_id":"01a22b2a-3a9b-777c-b3de-e91a26de381e","stream":"stock-TEA-1","version":4,"type":"stock.released","data_version":1,"data":{"sku": "TEA-1", "orderId": "01a22b2a-2651-7430-83e9-8a0e800e5db9", "quantity": 1},"metadata":{"causationId": "01a22b2a-2652-72ed-8cb0-802b3810060b", "traceparent": "00-ccc46c1aaec846f5bf04a5e0fffcbf0a-5be22b46b09f4fa6-01", "correlationId": "a33d5196-aa42-4b57-9f76-830cddbd9906"},"time":"2026-11-30T06:35:17.531+00:00"},
{"position":9,"xid":"1024","event_id":"01a22b2a-4380-717b-b2a9-e2ed94354411","stream":"stock-TEA-1","version":5,"type":"stock.reserved","data_version":1,"data":{"sku": "TEA-1", "orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b", "quantity": 1},"metadata":{"causationId": "01a22b2a-408f-7432-8168-47e806af7f69", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-15e4d08706e64e8f-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:19.808+00:00"}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"effects_0001_effects","timestamp":"2026-11-30T06:34:37.632Z"},
{"name":"eventlog_0001_events","timestamp":"2026-11-30T06:34:37.859Z"},
{"name":"eventlog_0002_relays","timestamp":"2026-11-30T06:34:38.048Z"},
{"name":"eventlog_0003_redactions","timestamp":"2026-11-30T06:34:38.204Z"},
{"name":"eventlog_0004_refused","timestamp":"2026-11-30T06:34:38.339Z"},
{"name":"inventory_0001_products","timestamp":"2026-11-30T06:34:38.411Z"},
{"name":"inventory_0002_stock","timestamp":"2026-11-30T06:34:38.619Z"},
{"name":"inventory_0003_no_foreign_keys","timestamp":"2026-11-30T06:34:38.711Z"},
{"name":"inventory_0004_shipped_by_order","timestamp":"2026-11-30T06:34:38.847Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:39.418Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:39.532Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:39.986Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:40.065Z"}
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
create table products (
  sku text not null,
  name text not null,
  amount bigint not null,
  currency text not null,
  version integer not null
);
insert into products (sku, name, amount, currency, version) overriding system value select sku, name, amount, currency, version from json_populate_recordset(null::products, '[
{"sku":"CUP-1","name":"Stoneware cup","amount":1800,"currency":"EUR","version":1},
{"sku":"TEA-1","name":"Assam tea, 250 g","amount":1250,"currency":"EUR","version":1}
]');
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
{"name":"inventory-events","owner":"vm/21670/c4e78879-6716-4ad7-9c51-65d1e4dee8c5/3545c08f-f7ac-4b22-be6d-4efd15c60a38","fence":2,"expires_at":"-infinity","cursor_xid":"1289","cursor_position":11,"paused":false}
]');
create table reservations (
  order_id uuid not null,
  sku text not null,
  quantity bigint not null
);
insert into reservations (order_id, sku, quantity) overriding system value select order_id, sku, quantity from json_populate_recordset(null::reservations, '[
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","sku":"CUP-1","quantity":1},
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","sku":"TEA-1","quantity":2},
{"order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","sku":"TEA-1","quantity":1},
{"order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","sku":"TEA-1","quantity":81},
{"order_id":"01a22b2b-6591-765b-8a6d-0d5129acaf62","sku":"CUP-1","quantity":1}
]');
create table stock (
  sku text not null,
  version integer not null,
  available bigint not null,
  reserved bigint not null,
  shipped bigint not null
);
insert into stock (sku, version, available, reserved, shipped) overriding system value select sku, version, available, reserved, shipped from json_populate_recordset(null::stock, '[
{"sku":"CUP-1","version":3,"available":10,"reserved":2,"shipped":0},
{"sku":"TEA-1","version":6,"available":916,"reserved":84,"shipped":0}
]');
alter table effects add constraint effects_pkey PRIMARY KEY (key);
alter table effects add constraint effects_state_check CHECK ((state = ANY (ARRAY['done'::text, 'undone'::text])));
alter table events add constraint events_pkey PRIMARY KEY ("position");
alter table events add constraint events_stream_version UNIQUE (stream, version);
alter table events add constraint events_version_check CHECK ((version > 0));
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table products add constraint products_amount_check CHECK ((amount >= 0));
alter table products add constraint products_pkey PRIMARY KEY (sku);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table relay_parked add constraint relay_parked_pkey PRIMARY KEY (relay, "position");
alter table relay_refused add constraint relay_refused_pkey PRIMARY KEY (relay, "position");
alter table relays add constraint relays_pkey PRIMARY KEY (name);
alter table reservations add constraint reservations_pkey PRIMARY KEY (order_id, sku);
alter table reservations add constraint reservations_quantity_check CHECK ((quantity > 0));
alter table stock add constraint stock_available_check CHECK ((available >= 0));
alter table stock add constraint stock_pkey PRIMARY KEY (sku);
alter table stock add constraint stock_reserved_check CHECK ((reserved >= 0));
alter table stock add constraint stock_shipped_check CHECK ((shipped >= 0));
CREATE INDEX events_in_log_order ON public.events USING btree (xid, "position");
CREATE INDEX events_shipped_by_order ON public.events USING btree (((data ->> 'orderId'::text))) WHERE (type = 'stock.shipped'::text);
CREATE INDEX relay_refused_due ON public.relay_refused USING btree (relay, next_at, "position");
select setval('events_position_seq', 11);
