create table effects (
  key text not null,
  request_hash text,
  state text not null,
  result jsonb,
  "time" timestamp with time zone default clock_timestamp() not null
);
insert into effects (key, request_hash, state, result, "time") overriding system value select key, request_hash, state, result, "time" from json_populate_recordset(null::effects, '[
{"key":"order/01a22b2a-2651-7430-83e9-8a0e800e5db9/authorize","request_hash":"iVhCxU5y4Ajnw4j5-jN5dXmmy86mVVuC-9wBWv9KanU","state":"done","result":{"reason": "The card was declined", "outcome": "refused"},"time":"2026-11-30T06:35:16.297242+00:00"},
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/authorize","request_hash":"FtTzRd1DEtU7TINrdNc_OztwyJNnm12e-rIVpOzKsms","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:35:15.821616+00:00"},
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/capture","request_hash":"G2cvNTJm7r3W1a-yGLviTeu-NCq4cjpOegKT7H8xQ3g","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:35:18.344061+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/authorize","request_hash":"G1fs4fh67AvJFlr1BI86o6mqsUbukMXpV_TcCvoGZjU","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:35:20.074004+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/capture","request_hash":"1iOy2hg-rxanvPkjPgAfoGnWRRFllDhpM8naWU4OV_s","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:35:21.519811+00:00"},
{"key":"order/01a22b2b-42ef-74e8-986b-7f116ebc49cd/authorize","request_hash":"R7B_p2XPK--JPBTxd7zk8U2uDSBAYzqQ-kn1eka2hxs","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:36:25.366057+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/authorize","request_hash":"wRxGilZnLaczan52DcBxMxQwrlk7bPil1xPH5eRdDA0","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:36:34.516199+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/capture","request_hash":"UesJgAh4FCObGmgDsJytm-Yk2UfIUsZN8WNVPm-UypQ","state":"done","result":{"flagged": false, "outcome": "approved"},"time":"2026-11-30T06:36:34.603767+00:00"}
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
{"position":1,"xid":"978","event_id":"01a22b2a-33df-7573-a285-61aa15b8300b","stream":"payment-01a22b2a-27cf-7ec3-8cc8-1b2c54cd07fe","version":1,"type":"payment.authorized","data_version":1,"data":{"amount": {"amount": 4300, "currency": "EUR"}, "flagged": false, "orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "paymentId": "01a22b2a-27cf-7ec3-8cc8-1b2c54cd07fe"},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-25736cdab4f742a1-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:15.807+00:00"},
{"position":2,"xid":"981","event_id":"01a22b2a-33a0-7027-840b-5e8ef9d38dc1","stream":"payment-01a22b2a-2651-717d-9c2a-cdf1fbae7bc8","version":1,"type":"payment.declined","data_version":1,"data":{"amount": {"amount": 1250, "currency": "EUR"}, "reason": "The card was declined", "orderId": "01a22b2a-2651-7430-83e9-8a0e800e5db9", "paymentId": "01a22b2a-2651-717d-9c2a-cdf1fbae7bc8"},"metadata":{"causationId": "01a22b2a-2652-72ed-8cb0-802b3810060b", "traceparent": "00-ccc46c1aaec846f5bf04a5e0fffcbf0a-f5712b242d39461f-01", "correlationId": "a33d5196-aa42-4b57-9f76-830cddbd9906"},"time":"2026-11-30T06:35:15.744+00:00"},
{"position":3,"xid":"997","event_id":"01a22b2a-3dc4-73b9-a490-f18c9d8af3a6","stream":"payment-01a22b2a-27cf-7ec3-8cc8-1b2c54cd07fe","version":2,"type":"payment.captured","data_version":1,"data":{"amount": {"amount": 4300, "currency": "EUR"}, "orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "paymentId": "01a22b2a-27cf-7ec3-8cc8-1b2c54cd07fe"},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-ec06cc21d86e4f28-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:18.34+00:00"},
{"position":4,"xid":"1028","event_id":"01a22b2a-4488-734a-a4c7-a5a85d95cdad","stream":"payment-01a22b2a-408f-7bdf-b17a-af96a43d5016","version":1,"type":"payment.authorized","data_version":1,"data":{"amount": {"amount": 1250, "currency": "EUR"}, "flagged": false, "orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b", "paymentId": "01a22b2a-408f-7bdf-b17a-af96a43d5016"},"metadata":{"causationId": "01a22b2a-408f-7432-8168-47e806af7f69", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-c2ef539125cd472e-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:20.072+00:00"},
{"position":5,"xid":"1041","event_id":"01a22b2a-4993-76a8-a3f3-cef81c0cd1a7","stream":"payment-01a22b2a-408f-7bdf-b17a-af96a43d5016","version":2,"type":"payment.captured","data_version":1,"data":{"amount": {"amount": 1250, "currency": "EUR"}, "orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b", "paymentId": "01a22b2a-408f-7bdf-b17a-af96a43d5016"},"metadata":{"causationId": "01a22b2a-408f-7432-8168-47e806af7f69", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-b860387549a648f5-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:21.362+00:00"},
{"position":6,"xid":"1261","event_id":"01a22b2b-4393-76ff-92bf-7ffe3a3c4bc6","stream":"payment-01a22b2b-42ef-7c5b-bb83-a57131dffe27","version":1,"type":"payment.authorized","data_version":1,"data":{"amount": {"amount": 101250, "currency": "EUR"}, "flagged": false, "orderId": "01a22b2b-42ef-74e8-986b-7f116ebc49cd", "paymentId": "01a22b2b-42ef-7c5b-bb83-a57131dffe27"},"metadata":{"causationId": "01a22b2b-42ef-74e8-986b-80d56bc237e1", "traceparent": "00-96a8793804674fcaaab607223480de5f-455d0bf7073c4fb8-01", "correlationId": "896afad1-a418-43ac-b302-d6201cc1f01f"},"time":"2026-11-30T06:36:25.363+00:00"},
{"position":7,"xid":"1292","event_id":"01a22b2b-6750-75aa-866e-257eee101959","stream":"payment-01a22b2b-6591-74a8-9821-09ac9ba26d70","version":1,"type":"payment.authorized","data_version":1,"data":{"amount": {"amount": 1800, "currency": "EUR"}, "flagged": false, "orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62", "paymentId": "01a22b2b-6591-74a8-9821-09ac9ba26d70"},"metadata":{"causationId": "01a22b2b-6591-765b-8a6d-102d2461dbb0", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-2de7d7cc73cc44f4-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.512+00:00"},
{"position":8,"xid":"1296","event_id":"01a22b2b-67aa-707d-b779-092c0ebfce9a","stream":"payment-01a22b2b-6591-74a8-9821-09ac9ba26d70","version":2,"type":"payment.captured","data_version":1,"data":{"amount": {"amount": 1800, "currency": "EUR"}, "orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62", "paymentId": "01a22b2b-6591-74a8-9821-09ac9ba26d70"},"metadata":{"causationId": "01a22b2b-6591-765b-8a6d-102d2461dbb0", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-7773a6bc44e74a1b-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.602+00:00"}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"effects_0001_effects","timestamp":"2026-11-30T06:34:37.542Z"},
{"name":"eventlog_0001_events","timestamp":"2026-11-30T06:34:37.742Z"},
{"name":"eventlog_0002_relays","timestamp":"2026-11-30T06:34:37.986Z"},
{"name":"eventlog_0003_redactions","timestamp":"2026-11-30T06:34:38.103Z"},
{"name":"eventlog_0004_refused","timestamp":"2026-11-30T06:34:38.261Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.341Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.448Z"},
{"name":"payments_0001_payments","timestamp":"2026-11-30T06:34:38.665Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:38.850Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:38.857Z"}
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
create table payments (
  payment_id uuid not null,
  order_id uuid not null,
  user_id uuid not null,
  status text not null,
  amount bigint not null,
  currency text not null,
  captured bigint not null,
  refunded bigint not null,
  version integer not null,
  authorization_key text not null
);
insert into payments (payment_id, order_id, user_id, status, amount, currency, captured, refunded, version, authorization_key) overriding system value select payment_id, order_id, user_id, status, amount, currency, captured, refunded, version, authorization_key from json_populate_recordset(null::payments, '[
{"payment_id":"01a22b2a-2651-717d-9c2a-cdf1fbae7bc8","order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"declined","amount":1250,"currency":"EUR","captured":0,"refunded":0,"version":1,"authorization_key":"order/01a22b2a-2651-7430-83e9-8a0e800e5db9/authorize"},
{"payment_id":"01a22b2a-27cf-7ec3-8cc8-1b2c54cd07fe","order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"captured","amount":4300,"currency":"EUR","captured":4300,"refunded":0,"version":2,"authorization_key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/authorize"},
{"payment_id":"01a22b2a-408f-7bdf-b17a-af96a43d5016","order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"captured","amount":1250,"currency":"EUR","captured":1250,"refunded":0,"version":2,"authorization_key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/authorize"},
{"payment_id":"01a22b2b-42ef-7c5b-bb83-a57131dffe27","order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"authorized","amount":101250,"currency":"EUR","captured":0,"refunded":0,"version":1,"authorization_key":"order/01a22b2b-42ef-74e8-986b-7f116ebc49cd/authorize"},
{"payment_id":"01a22b2b-6591-74a8-9821-09ac9ba26d70","order_id":"01a22b2b-6591-765b-8a6d-0d5129acaf62","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"captured","amount":1800,"currency":"EUR","captured":1800,"refunded":0,"version":2,"authorization_key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/authorize"}
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
{"name":"payment-events","owner":"vm/21670/c4e78879-6716-4ad7-9c51-65d1e4dee8c5/3f8a0f6f-5312-44d0-b89d-782ca8966d06","fence":2,"expires_at":"-infinity","cursor_xid":"1296","cursor_position":8,"paused":false}
]');
alter table effects add constraint effects_pkey PRIMARY KEY (key);
alter table effects add constraint effects_state_check CHECK ((state = ANY (ARRAY['done'::text, 'undone'::text])));
alter table events add constraint events_pkey PRIMARY KEY ("position");
alter table events add constraint events_stream_version UNIQUE (stream, version);
alter table events add constraint events_version_check CHECK ((version > 0));
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table payments add constraint payments_check CHECK (((captured >= 0) AND (captured <= amount)));
alter table payments add constraint payments_check1 CHECK (((refunded >= 0) AND (refunded <= captured)));
alter table payments add constraint payments_pkey PRIMARY KEY (payment_id);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table relay_parked add constraint relay_parked_pkey PRIMARY KEY (relay, "position");
alter table relay_refused add constraint relay_refused_pkey PRIMARY KEY (relay, "position");
alter table relays add constraint relays_pkey PRIMARY KEY (name);
CREATE INDEX events_in_log_order ON public.events USING btree (xid, "position");
CREATE INDEX payments_of_order ON public.payments USING btree (order_id);
CREATE INDEX relay_refused_due ON public.relay_refused USING btree (relay, next_at, "position");
select setval('events_position_seq', 8);
