create table advised_products (
  sku text not null,
  name text not null
);
insert into advised_products (sku, name) overriding system value select sku, name from json_populate_recordset(null::advised_products, '[
{"sku":"CUP-1","name":"Stoneware cup"},
{"sku":"TEA-1","name":"Assam tea, 250 g"}
]');
create table basket_totals (
  baskets bigint not null,
  counted_table oid not null
);
insert into basket_totals (baskets, counted_table) overriding system value select baskets, counted_table from json_populate_recordset(null::basket_totals, '[
{"baskets":1,"counted_table":"17492"}
]');
create table baskets (
  order_id uuid not null,
  skus jsonb not null,
  counts boolean not null
);
insert into baskets (order_id, skus, counts) overriding system value select order_id, skus, counts from json_populate_recordset(null::baskets, '[
{"order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","skus":["TEA-1"],"counts":false},
{"order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","skus":["CUP-1"],"counts":false},
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","skus":["TEA-1", "CUP-1"],"counts":true},
{"order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","skus":["TEA-1"],"counts":false}
]');
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
insert into inbox_parked (subscription, stream, version, event_id, event, reason, parked_at) overriding system value select subscription, stream, version, event_id, event, reason, parked_at from json_populate_recordset(null::inbox_parked, '[
{"subscription":"baskets_v1","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":2,"event_id":"01a22b2a-4bdc-76bf-aed3-17ecbd616ac8","event":{"id":"01a22b2a-4bdc-76bf-aed3-17ecbd616ac8","source":"/services/orders","type":"order.confirmed","time":"2026-11-30T06:35:21.948Z","subject":"01a22b2a-408f-7432-8168-41fac33b5d4b","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":2,"dataVersion":1,"data":{"orderId":"01a22b2a-408f-7432-8168-41fac33b5d4b"},"correlationId":"0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6","causationId":"01a22b2a-408f-7432-8168-47e806af7f69","traceparent":"00-c5b2e899365b42cda47995714e08ae9f-cf8d8c436e7d48e8-01"},"reason":"early","parked_at":"2026-11-30T06:35:22.031005+00:00"}
]');
create table inbox_streams (
  subscription text not null,
  stream text not null,
  version integer not null
) with (fillfactor=50);
insert into inbox_streams (subscription, stream, version) overriding system value select subscription, stream, version from json_populate_recordset(null::inbox_streams, '[
{"subscription":"advised_products_v1","stream":"product-CUP-1","version":1},
{"subscription":"advised_products_v1","stream":"product-TEA-1","version":1},
{"subscription":"baskets_v1","stream":"order-01a22b2a-2651-7430-83e9-8a0e800e5db9","version":2},
{"subscription":"baskets_v1","stream":"order-01a22b2a-2734-75e3-ab35-4ab79b57fbfd","version":2},
{"subscription":"baskets_v1","stream":"order-01a22b2a-27cf-72e9-9863-483e117c9aff","version":2},
{"subscription":"baskets_v1","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":0},
{"subscription":"baskets_v1","stream":"order-01a22b2b-42ef-74e8-986b-7f116ebc49cd","version":2}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"inbox_0001_tables","timestamp":"2026-11-30T06:34:37.802Z"},
{"name":"inbox_0002_failed","timestamp":"2026-11-30T06:34:37.880Z"},
{"name":"inbox_0003_erased","timestamp":"2026-11-30T06:34:37.984Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.116Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.261Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:38.341Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:38.350Z"},
{"name":"recommendations_0001_tables","timestamp":"2026-11-30T06:34:39.446Z"}
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
create table pair_counts (
  sku text not null,
  other text not null,
  together bigint not null
);
insert into pair_counts (sku, other, together) overriding system value select sku, other, together from json_populate_recordset(null::pair_counts, '[
{"sku":"CUP-1","other":"TEA-1","together":1},
{"sku":"TEA-1","other":"CUP-1","together":1}
]');
create table product_counts (
  sku text not null,
  baskets bigint not null
);
insert into product_counts (sku, baskets) overriding system value select sku, baskets from json_populate_recordset(null::product_counts, '[
{"sku":"CUP-1","baskets":1},
{"sku":"TEA-1","baskets":1}
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
alter table advised_products add constraint advised_products_pkey PRIMARY KEY (sku);
alter table baskets add constraint baskets_pkey PRIMARY KEY (order_id);
alter table inbox_erased add constraint inbox_erased_pkey PRIMARY KEY (subscription, stream);
alter table inbox_events add constraint inbox_events_pkey PRIMARY KEY (subscription, event_id);
alter table inbox_failed add constraint inbox_failed_pkey PRIMARY KEY (subscription, stream, version, event_id);
alter table inbox_parked add constraint inbox_parked_pkey PRIMARY KEY (subscription, stream, version);
alter table inbox_streams add constraint inbox_streams_pkey PRIMARY KEY (subscription, stream);
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table pair_counts add constraint pair_counts_pkey PRIMARY KEY (sku, other);
alter table product_counts add constraint product_counts_pkey PRIMARY KEY (sku) INCLUDE (baskets);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
CREATE UNIQUE INDEX basket_totals_one ON public.basket_totals USING btree ((true));
CREATE INDEX pair_counts_companions ON public.pair_counts USING btree (sku, together DESC, other) WHERE (together > 0);
CREATE INDEX product_counts_popular ON public.product_counts USING btree (baskets DESC, sku) WHERE (baskets > 0);
