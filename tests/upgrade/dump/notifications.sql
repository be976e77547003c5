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
{"subscription":"letters_v1","stream":"order-01a22b2a-2651-7430-83e9-8a0e800e5db9","version":2},
{"subscription":"letters_v1","stream":"order-01a22b2a-2734-75e3-ab35-4ab79b57fbfd","version":2},
{"subscription":"letters_v1","stream":"order-01a22b2a-27cf-72e9-9863-483e117c9aff","version":2},
{"subscription":"letters_v1","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":2},
{"subscription":"letters_v1","stream":"order-01a22b2b-42ef-74e8-986b-7f116ebc49cd","version":2},
{"subscription":"recipients_v1","stream":"user-01a22b2a-206b-74d4-abac-00845524e53c","version":1}
]');
create table known_orders (
  order_id uuid not null,
  user_id uuid not null,
  amount bigint not null,
  currency text not null
);
insert into known_orders (order_id, user_id, amount, currency) overriding system value select order_id, user_id, amount, currency from json_populate_recordset(null::known_orders, '[
{"order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","amount":1250,"currency":"EUR"},
{"order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","amount":23400,"currency":"EUR"},
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","amount":4300,"currency":"EUR"},
{"order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","amount":1250,"currency":"EUR"},
{"order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","amount":101250,"currency":"EUR"}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"inbox_0001_tables","timestamp":"2026-11-30T06:34:38.010Z"},
{"name":"inbox_0002_failed","timestamp":"2026-11-30T06:34:38.215Z"},
{"name":"inbox_0003_erased","timestamp":"2026-11-30T06:34:38.328Z"},
{"name":"notifications_0001","timestamp":"2026-11-30T06:34:38.726Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.850Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:39.405Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:39.532Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:39.910Z"}
]');
create table kysely_migration_lock (
  id character varying(255) not null,
  is_locked integer default 0 not null
);
insert into kysely_migration_lock (id, is_locked) overriding system value select id, is_locked from json_populate_recordset(null::kysely_migration_lock, '[
{"id":"migration_lock","is_locked":0}
]');
create table notifications (
  notification_id uuid not null,
  event_id uuid not null,
  order_id uuid not null,
  kind text not null,
  reason text,
  status text default 'pending'::text not null,
  attempts integer default 0 not null,
  detail text,
  created_at timestamp with time zone not null,
  next_attempt_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  sent_at timestamp with time zone
);
insert into notifications (notification_id, event_id, order_id, kind, reason, status, attempts, detail, created_at, next_attempt_at, claimed_until, sent_at) overriding system value select notification_id, event_id, order_id, kind, reason, status, attempts, detail, created_at, next_attempt_at, claimed_until, sent_at from json_populate_recordset(null::notifications, '[
{"notification_id":"01a22b2a-3074-70f2-ab6c-fb2eaf0c008d","event_id":"01a22b2a-3074-772a-9426-63060b95ed4f","order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","kind":"cancelled","reason":"out-of-stock","status":"sent","attempts":1,"detail":null,"created_at":"2026-11-30T06:35:14.932+00:00","next_attempt_at":"2026-11-30T06:35:14.932+00:00","claimed_until":null,"sent_at":"2026-11-30T06:35:17.277+00:00"},
{"notification_id":"01a22b2a-3da3-74d5-b20f-3e20f9396641","event_id":"01a22b2a-3da3-7339-ba1d-bb4dd9e1da48","order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","kind":"cancelled","reason":"payment-declined","status":"sent","attempts":1,"detail":null,"created_at":"2026-11-30T06:35:18.307+00:00","next_attempt_at":"2026-11-30T06:35:18.307+00:00","claimed_until":null,"sent_at":"2026-11-30T06:35:19.243+00:00"},
{"notification_id":"01a22b2a-3f04-7e36-887c-653f3d4e5acc","event_id":"01a22b2a-3f04-7279-a6d9-0a402f74747c","order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","kind":"confirmed","reason":null,"status":"sent","attempts":1,"detail":null,"created_at":"2026-11-30T06:35:18.659+00:00","next_attempt_at":"2026-11-30T06:35:18.659+00:00","claimed_until":null,"sent_at":"2026-11-30T06:35:19.543+00:00"},
{"notification_id":"01a22b2a-4bdc-7690-959d-e41b8b948aba","event_id":"01a22b2a-4bdc-76bf-aed3-17ecbd616ac8","order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","kind":"confirmed","reason":null,"status":"sent","attempts":1,"detail":null,"created_at":"2026-11-30T06:35:21.948+00:00","next_attempt_at":"2026-11-30T06:35:21.948+00:00","claimed_until":null,"sent_at":"2026-11-30T06:35:22.55+00:00"},
{"notification_id":"01a22b2b-43b7-7313-a23b-fb793d1b2d4f","event_id":"01a22b2b-43b7-7799-b963-cb0f1b379865","order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","kind":"review","reason":null,"status":"pending","attempts":0,"detail":null,"created_at":"2026-11-30T06:36:25.399+00:00","next_attempt_at":"2026-11-30T06:36:25.399+00:00","claimed_until":null,"sent_at":null}
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
create table recipients (
  user_id uuid not null,
  email text,
  name text
);
insert into recipients (user_id, email, name) overriding system value select user_id, email, name from json_populate_recordset(null::recipients, '[
{"user_id":"01a22b2a-206b-74d4-abac-00845524e53c","email":"ada@example.com","name":"Ada Sample"}
]');
alter table inbox_erased add constraint inbox_erased_pkey PRIMARY KEY (subscription, stream);
alter table inbox_events add constraint inbox_events_pkey PRIMARY KEY (subscription, event_id);
alter table inbox_failed add constraint inbox_failed_pkey PRIMARY KEY (subscription, stream, version, event_id);
alter table inbox_parked add constraint inbox_parked_pkey PRIMARY KEY (subscription, stream, version);
alter table inbox_streams add constraint inbox_streams_pkey PRIMARY KEY (subscription, stream);
alter table known_orders add constraint known_orders_pkey PRIMARY KEY (order_id);
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table notifications add constraint notifications_event_id_key UNIQUE (event_id);
alter table notifications add constraint notifications_pkey PRIMARY KEY (notification_id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table recipients add constraint recipients_pkey PRIMARY KEY (user_id);
CREATE INDEX notifications_claimed ON public.notifications USING btree (claimed_until) WHERE (status = 'sending'::text);
CREATE INDEX notifications_due ON public.notifications USING btree (next_attempt_at) WHERE (status = 'pending'::text);
CREATE INDEX notifications_of_order ON public.notifications USING btree (order_id, created_at);
CREATE INDEX notifications_open ON public.notifications USING btree (status) WHERE (status <> 'sent'::text);
