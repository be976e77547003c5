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
insert into inbox_streams (subscription, stream, version) overriding system value select subscription, stream, version from json_populate_recordset(null::inbox_streams, '[
{"subscription":"product_names_v1","stream":"product-CUP-1","version":1},
{"subscription":"product_names_v1","stream":"product-TEA-1","version":1},
{"subscription":"sales_v1","stream":"order-01a22b2a-2651-7430-83e9-8a0e800e5db9","version":2},
{"subscription":"sales_v1","stream":"order-01a22b2a-2734-75e3-ab35-4ab79b57fbfd","version":2},
{"subscription":"sales_v1","stream":"order-01a22b2a-27cf-72e9-9863-483e117c9aff","version":2},
{"subscription":"sales_v1","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":2},
{"subscription":"sales_v1","stream":"order-01a22b2b-42ef-74e8-986b-7f116ebc49cd","version":2}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"analytics_0001_tables","timestamp":"2026-11-30T06:34:37.880Z"},
{"name":"inbox_0001_tables","timestamp":"2026-11-30T06:34:38.011Z"},
{"name":"inbox_0002_failed","timestamp":"2026-11-30T06:34:38.103Z"},
{"name":"inbox_0003_erased","timestamp":"2026-11-30T06:34:38.215Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.297Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.469Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:38.614Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:38.651Z"}
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
create table product_names (
  sku text not null,
  name text not null
);
insert into product_names (sku, name) overriding system value select sku, name from json_populate_recordset(null::product_names, '[
{"sku":"CUP-1","name":"Stoneware cup"},
{"sku":"TEA-1","name":"Assam tea, 250 g"}
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
create table sales (
  order_id uuid not null,
  status text not null,
  currency text not null,
  total bigint not null,
  units integer not null,
  items jsonb not null,
  placed_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  reason text,
  delivered_at timestamp with time zone,
  returned_at timestamp with time zone,
  refunded_at timestamp with time zone
);
insert into sales (order_id, status, currency, total, units, items, placed_at, confirmed_at, cancelled_at, reason, delivered_at, returned_at, refunded_at) overriding system value select order_id, status, currency, total, units, items, placed_at, confirmed_at, cancelled_at, reason, delivered_at, returned_at, refunded_at from json_populate_recordset(null::sales, '[
{"order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","status":"cancelled","currency":"EUR","total":1250,"units":1,"items":[{"sku": "TEA-1", "amount": 1250, "quantity": 1}],"placed_at":"2026-11-30T06:35:12.337+00:00","confirmed_at":null,"cancelled_at":"2026-11-30T06:35:18.307+00:00","reason":"payment-declined","delivered_at":null,"returned_at":null,"refunded_at":null},
{"order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","status":"cancelled","currency":"EUR","total":23400,"units":13,"items":[{"sku": "CUP-1", "amount": 23400, "quantity": 13}],"placed_at":"2026-11-30T06:35:12.565+00:00","confirmed_at":null,"cancelled_at":"2026-11-30T06:35:14.932+00:00","reason":"out-of-stock","delivered_at":null,"returned_at":null,"refunded_at":null},
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","status":"confirmed","currency":"EUR","total":4300,"units":3,"items":[{"sku": "TEA-1", "amount": 2500, "quantity": 2}, {"sku": "CUP-1", "amount": 1800, "quantity": 1}],"placed_at":"2026-11-30T06:35:12.719+00:00","confirmed_at":"2026-11-30T06:35:18.659+00:00","cancelled_at":null,"reason":null,"delivered_at":null,"returned_at":null,"refunded_at":null},
{"order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","status":"confirmed","currency":"EUR","total":1250,"units":1,"items":[{"sku": "TEA-1", "amount": 1250, "quantity": 1}],"placed_at":"2026-11-30T06:35:19.055+00:00","confirmed_at":"2026-11-30T06:35:21.948+00:00","cancelled_at":null,"reason":null,"delivered_at":null,"returned_at":null,"refunded_at":null},
{"order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","status":"in_review","currency":"EUR","total":101250,"units":81,"items":[{"sku": "TEA-1", "amount": 101250, "quantity": 81}],"placed_at":"2026-11-30T06:36:25.199+00:00","confirmed_at":null,"cancelled_at":null,"reason":null,"delivered_at":null,"returned_at":null,"refunded_at":null}
]');
alter table inbox_erased add constraint inbox_erased_pkey PRIMARY KEY (subscription, stream);
alter table inbox_events add constraint inbox_events_pkey PRIMARY KEY (subscription, event_id);
alter table inbox_failed add constraint inbox_failed_pkey PRIMARY KEY (subscription, stream, version, event_id);
alter table inbox_parked add constraint inbox_parked_pkey PRIMARY KEY (subscription, stream, version);
alter table inbox_streams add constraint inbox_streams_pkey PRIMARY KEY (subscription, stream);
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table product_names add constraint product_names_pkey PRIMARY KEY (sku);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table sales add constraint sales_pkey PRIMARY KEY (order_id);
CREATE INDEX sales_confirmed ON public.sales USING btree (confirmed_at) INCLUDE (currency, total, units) WHERE (confirmed_at IS NOT NULL);
CREATE INDEX sales_placed ON public.sales USING btree (placed_at) INCLUDE (currency, confirmed_at, cancelled_at, reason);
CREATE INDEX sales_refunded ON public.sales USING btree (refunded_at) INCLUDE (currency, total) WHERE (refunded_at IS NOT NULL);
