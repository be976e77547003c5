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
{"position":1,"xid":"942","event_id":"01a22b2a-2652-72ed-8cb0-802b3810060b","stream":"order-01a22b2a-2651-7430-83e9-8a0e800e5db9","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "TEA-1", "name": "Assam tea, 250 g", "price": {"amount": 1250, "currency": "EUR"}, "quantity": 1, "lineTotal": {"amount": 1250, "currency": "EUR"}}], "total": {"amount": 1250, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2a-2651-7430-83e9-8a0e800e5db9", "payment": {"token": "tok_declined"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-ccc46c1aaec846f5bf04a5e0fffcbf0a-1d677016b072414c-01", "correlationId": "a33d5196-aa42-4b57-9f76-830cddbd9906"},"time":"2026-11-30T06:35:12.337+00:00"},
{"position":10,"xid":"1262","event_id":"01a22b2b-43b7-7799-b963-cb0f1b379865","stream":"order-01a22b2b-42ef-74e8-986b-7f116ebc49cd","version":2,"type":"order.review_requested","data_version":1,"data":{"reason": "The total is large", "orderId": "01a22b2b-42ef-74e8-986b-7f116ebc49cd"},"metadata":{"causationId": "01a22b2b-42ef-74e8-986b-80d56bc237e1", "traceparent": "00-96a8793804674fcaaab607223480de5f-9e3c19c915ac47bd-01", "correlationId": "896afad1-a418-43ac-b302-d6201cc1f01f"},"time":"2026-11-30T06:36:25.399+00:00"},
{"position":11,"xid":"1286","event_id":"01a22b2b-6591-765b-8a6d-102d2461dbb0","stream":"order-01a22b2b-6591-765b-8a6d-0d5129acaf62","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "CUP-1", "name": "Stoneware cup", "price": {"amount": 1800, "currency": "EUR"}, "quantity": 1, "lineTotal": {"amount": 1800, "currency": "EUR"}}], "total": {"amount": 1800, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62", "payment": {"token": "tok_ok"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-3143850f544c46c6-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.065+00:00"},
{"position":12,"xid":"1297","event_id":"01a22b2b-67c9-73f1-967a-7067696ca855","stream":"order-01a22b2b-6591-765b-8a6d-0d5129acaf62","version":2,"type":"order.confirmed","data_version":1,"data":{"orderId": "01a22b2b-6591-765b-8a6d-0d5129acaf62"},"metadata":{"causationId": "01a22b2b-6591-765b-8a6d-102d2461dbb0", "traceparent": "00-e7ad98b1b1af4fcb9c9deb9b3f738761-a2903646b2884960-01", "correlationId": "47500b99-c36d-487c-b1fe-ab04dda81021"},"time":"2026-11-30T06:36:34.633+00:00"},
{"position":2,"xid":"943","event_id":"01a22b2a-2735-755f-afac-b48f481c3766","stream":"order-01a22b2a-2734-75e3-ab35-4ab79b57fbfd","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "CUP-1", "name": "Stoneware cup", "price": {"amount": 1800, "currency": "EUR"}, "quantity": 13, "lineTotal": {"amount": 23400, "currency": "EUR"}}], "total": {"amount": 23400, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2a-2734-75e3-ab35-4ab79b57fbfd", "payment": {"token": "tok_ok"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-a9754a9a57f046dfa11cf7e83561a715-8b8f148a3fc54778-01", "correlationId": "cfb88800-3ee3-42ea-8989-e9732fd2660c"},"time":"2026-11-30T06:35:12.565+00:00"},
{"position":3,"xid":"944","event_id":"01a22b2a-27cf-72e9-9863-4c7abd165d7a","stream":"order-01a22b2a-27cf-72e9-9863-483e117c9aff","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "TEA-1", "name": "Assam tea, 250 g", "price": {"amount": 1250, "currency": "EUR"}, "quantity": 2, "lineTotal": {"amount": 2500, "currency": "EUR"}}, {"sku": "CUP-1", "name": "Stoneware cup", "price": {"amount": 1800, "currency": "EUR"}, "quantity": 1, "lineTotal": {"amount": 1800, "currency": "EUR"}}], "total": {"amount": 4300, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff", "payment": {"token": "tok_ok"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-312dc0d7e1da4e85-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:12.719+00:00"},
{"position":4,"xid":"965","event_id":"01a22b2a-3074-772a-9426-63060b95ed4f","stream":"order-01a22b2a-2734-75e3-ab35-4ab79b57fbfd","version":2,"type":"order.cancelled","data_version":2,"data":{"detail": "CUP-1: 13 wanted, 12 available", "reason": "out-of-stock", "orderId": "01a22b2a-2734-75e3-ab35-4ab79b57fbfd"},"metadata":{"causationId": "01a22b2a-2735-755f-afac-b48f481c3766", "traceparent": "00-a9754a9a57f046dfa11cf7e83561a715-0d0f357fb90a4fba-01", "correlationId": "cfb88800-3ee3-42ea-8989-e9732fd2660c"},"time":"2026-11-30T06:35:14.932+00:00"},
{"position":5,"xid":"994","event_id":"01a22b2a-3da3-7339-ba1d-bb4dd9e1da48","stream":"order-01a22b2a-2651-7430-83e9-8a0e800e5db9","version":2,"type":"order.cancelled","data_version":2,"data":{"detail": "The card was declined", "reason": "payment-declined", "orderId": "01a22b2a-2651-7430-83e9-8a0e800e5db9"},"metadata":{"causationId": "01a22b2a-2652-72ed-8cb0-802b3810060b", "traceparent": "00-ccc46c1aaec846f5bf04a5e0fffcbf0a-38ad3ab4551e4715-01", "correlationId": "a33d5196-aa42-4b57-9f76-830cddbd9906"},"time":"2026-11-30T06:35:18.307+00:00"},
{"position":6,"xid":"1002","event_id":"01a22b2a-3f04-7279-a6d9-0a402f74747c","stream":"order-01a22b2a-27cf-72e9-9863-483e117c9aff","version":2,"type":"order.confirmed","data_version":1,"data":{"orderId": "01a22b2a-27cf-72e9-9863-483e117c9aff"},"metadata":{"causationId": "01a22b2a-27cf-72e9-9863-4c7abd165d7a", "traceparent": "00-d703f4df97d14dd69d35399970b6abd3-bfd6ca51c5f7482c-01", "correlationId": "5970db16-9992-4e2d-9640-5f05d08b83b4"},"time":"2026-11-30T06:35:18.659+00:00"},
{"position":7,"xid":"1014","event_id":"01a22b2a-408f-7432-8168-47e806af7f69","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "TEA-1", "name": "Assam tea, 250 g", "price": {"amount": 1250, "currency": "EUR"}, "quantity": 1, "lineTotal": {"amount": 1250, "currency": "EUR"}}], "total": {"amount": 1250, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b", "payment": {"token": "tok_ok"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-0d92097a41374111-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:19.055+00:00"},
{"position":8,"xid":"1042","event_id":"01a22b2a-4bdc-76bf-aed3-17ecbd616ac8","stream":"order-01a22b2a-408f-7432-8168-41fac33b5d4b","version":2,"type":"order.confirmed","data_version":1,"data":{"orderId": "01a22b2a-408f-7432-8168-41fac33b5d4b"},"metadata":{"causationId": "01a22b2a-408f-7432-8168-47e806af7f69", "traceparent": "00-c5b2e899365b42cda47995714e08ae9f-cf8d8c436e7d48e8-01", "correlationId": "0ac1740c-6992-4eb7-8d5b-c04ef5aba6e6"},"time":"2026-11-30T06:35:21.948+00:00"},
{"position":9,"xid":"1254","event_id":"01a22b2b-42ef-74e8-986b-80d56bc237e1","stream":"order-01a22b2b-42ef-74e8-986b-7f116ebc49cd","version":1,"type":"order.created","data_version":3,"data":{"items": [{"sku": "TEA-1", "name": "Assam tea, 250 g", "price": {"amount": 1250, "currency": "EUR"}, "quantity": 81, "lineTotal": {"amount": 101250, "currency": "EUR"}}], "total": {"amount": 101250, "currency": "EUR"}, "userId": "01a22b2a-206b-74d4-abac-00845524e53c", "orderId": "01a22b2b-42ef-74e8-986b-7f116ebc49cd", "payment": {"token": "tok_ok"}, "ifUnavailable": "cancel", "shippingAddress": {"city": "Berlin", "name": "Ada Sample", "line1": "1 Saga Street", "country": "DE", "postalCode": "10115"}},"metadata":{"actor": "00000000-0000-7000-8000-000000000000", "traceparent": "00-96a8793804674fcaaab607223480de5f-b19ac10b5d874da1-01", "correlationId": "896afad1-a418-43ac-b302-d6201cc1f01f"},"time":"2026-11-30T06:36:25.199+00:00"}
]');
create table idempotency_keys (
  actor text not null,
  key text not null,
  request_hash text not null,
  order_id uuid not null,
  response json not null,
  created_at timestamp with time zone not null
);
insert into idempotency_keys (actor, key, request_hash, order_id, response, created_at) overriding system value select actor, key, request_hash, order_id, response, created_at from json_populate_recordset(null::idempotency_keys, '[
{"actor":"00000000-0000-7000-8000-000000000000","key":"dump-CUP-1-1-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"bp9Z927uTjbSVnSwABFETEI3KN9_IycqsQRatFwGC_g","order_id":"01a22b2b-6591-765b-8a6d-0d5129acaf62","response":{"orderId":"01a22b2b-6591-765b-8a6d-0d5129acaf62","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":1800,"currency":"EUR"},"items":[{"sku":"CUP-1","name":"Stoneware cup","quantity":1,"price":{"amount":1800,"currency":"EUR"},"lineTotal":{"amount":1800,"currency":"EUR"}}],"placedAt":"2026-11-30T06:36:34.065Z"},"created_at":"2026-11-30T06:36:34.065+00:00"},
{"actor":"00000000-0000-7000-8000-000000000000","key":"dump-TEA-1-1-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"z0AM7YN6RQarsUL7jPcjLct6cg2Pa4i4gWo33hxhJo0","order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","response":{"orderId":"01a22b2a-408f-7432-8168-41fac33b5d4b","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":1250,"currency":"EUR"},"items":[{"sku":"TEA-1","name":"Assam tea, 250 g","quantity":1,"price":{"amount":1250,"currency":"EUR"},"lineTotal":{"amount":1250,"currency":"EUR"}}],"placedAt":"2026-11-30T06:35:19.055Z"},"created_at":"2026-11-30T06:35:19.055+00:00"},
{"actor":"00000000-0000-7000-8000-000000000000","key":"dump-TEA-1-81-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"Ij3k0Kx0sxzTfzAsTodsEO9-2avRT_D1kYtNcCk92hw","order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","response":{"orderId":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":101250,"currency":"EUR"},"items":[{"sku":"TEA-1","name":"Assam tea, 250 g","quantity":81,"price":{"amount":1250,"currency":"EUR"},"lineTotal":{"amount":101250,"currency":"EUR"}}],"placedAt":"2026-11-30T06:36:25.199Z"},"created_at":"2026-11-30T06:36:25.199+00:00"},
{"actor":"00000000-0000-7000-8000-000000000000","key":"sample-1-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"WoymJ070Wglp0zELsU8rebfvXNamO4ncXRGVBZ0ah_k","order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","response":{"orderId":"01a22b2a-27cf-72e9-9863-483e117c9aff","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":4300,"currency":"EUR"},"items":[{"sku":"TEA-1","name":"Assam tea, 250 g","quantity":2,"price":{"amount":1250,"currency":"EUR"},"lineTotal":{"amount":2500,"currency":"EUR"}},{"sku":"CUP-1","name":"Stoneware cup","quantity":1,"price":{"amount":1800,"currency":"EUR"},"lineTotal":{"amount":1800,"currency":"EUR"}}],"placedAt":"2026-11-30T06:35:12.719Z"},"created_at":"2026-11-30T06:35:12.719+00:00"},
{"actor":"00000000-0000-7000-8000-000000000000","key":"sample-2-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"20BGIX9yP5MpKXtMwiRSCfzWnQglLhynBNsklS72W-A","order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","response":{"orderId":"01a22b2a-2651-7430-83e9-8a0e800e5db9","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":1250,"currency":"EUR"},"items":[{"sku":"TEA-1","name":"Assam tea, 250 g","quantity":1,"price":{"amount":1250,"currency":"EUR"},"lineTotal":{"amount":1250,"currency":"EUR"}}],"placedAt":"2026-11-30T06:35:12.337Z"},"created_at":"2026-11-30T06:35:12.337+00:00"},
{"actor":"00000000-0000-7000-8000-000000000000","key":"sample-3-01a22b2a-206b-74d4-abac-00845524e53c","request_hash":"JHZHrwsgO7pFrVbsgB5QTKDnQPzNcAfctDDvSuhKa3c","order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","response":{"orderId":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","userId":"01a22b2a-206b-74d4-abac-00845524e53c","status":"placed","total":{"amount":23400,"currency":"EUR"},"items":[{"sku":"CUP-1","name":"Stoneware cup","quantity":13,"price":{"amount":1800,"currency":"EUR"},"lineTotal":{"amount":23400,"currency":"EUR"}}],"placedAt":"2026-11-30T06:35:12.565Z"},"created_at":"2026-11-30T06:35:12.565+00:00"}
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
create table inbox_streams (
  subscription text not null,
  stream text not null,
  version integer not null
) with (fillfactor=50);
insert into inbox_streams (subscription, stream, version) overriding system value select subscription, stream, version from json_populate_recordset(null::inbox_streams, '[
{"subscription":"products_v1","stream":"product-CUP-1","version":1},
{"subscription":"products_v1","stream":"product-TEA-1","version":1},
{"subscription":"user_profiles_v1","stream":"user-01a22b2a-206b-74d4-abac-00845524e53c","version":1}
]');
create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"eventlog_0001_events","timestamp":"2026-11-30T06:34:37.604Z"},
{"name":"eventlog_0002_relays","timestamp":"2026-11-30T06:34:37.858Z"},
{"name":"eventlog_0003_redactions","timestamp":"2026-11-30T06:34:37.885Z"},
{"name":"eventlog_0004_refused","timestamp":"2026-11-30T06:34:38.011Z"},
{"name":"inbox_0001_tables","timestamp":"2026-11-30T06:34:38.215Z"},
{"name":"inbox_0002_failed","timestamp":"2026-11-30T06:34:38.297Z"},
{"name":"inbox_0003_erased","timestamp":"2026-11-30T06:34:38.339Z"},
{"name":"ops_0001_audit","timestamp":"2026-11-30T06:34:38.411Z"},
{"name":"ops_0002_without_content","timestamp":"2026-11-30T06:34:38.619Z"},
{"name":"orders_0001_tables","timestamp":"2026-11-30T06:34:39.405Z"},
{"name":"orders_0002_read_models","timestamp":"2026-11-30T06:34:39.531Z"},
{"name":"orders_0003_by_total","timestamp":"2026-11-30T06:34:39.885Z"},
{"name":"orders_0004_by_currency","timestamp":"2026-11-30T06:34:39.978Z"},
{"name":"orders_0005_lower_case_keys","timestamp":"2026-11-30T06:34:40.054Z"},
{"name":"projections_0001_rebuilds","timestamp":"2026-11-30T06:34:43.368Z"},
{"name":"projections_0002_whole","timestamp":"2026-11-30T06:34:43.583Z"}
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
create table orders (
  order_id uuid not null,
  user_id uuid not null,
  status text not null,
  version integer not null,
  total_amount bigint not null,
  currency text not null,
  reason text,
  placed_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);
insert into orders (order_id, user_id, status, version, total_amount, currency, reason, placed_at, updated_at) overriding system value select order_id, user_id, status, version, total_amount, currency, reason, placed_at, updated_at from json_populate_recordset(null::orders, '[
{"order_id":"01a22b2a-2651-7430-83e9-8a0e800e5db9","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"cancelled","version":2,"total_amount":1250,"currency":"EUR","reason":"payment-declined","placed_at":"2026-11-30T06:35:12.337+00:00","updated_at":"2026-11-30T06:35:18.307+00:00"},
{"order_id":"01a22b2a-2734-75e3-ab35-4ab79b57fbfd","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"cancelled","version":2,"total_amount":23400,"currency":"EUR","reason":"out-of-stock","placed_at":"2026-11-30T06:35:12.565+00:00","updated_at":"2026-11-30T06:35:14.932+00:00"},
{"order_id":"01a22b2a-27cf-72e9-9863-483e117c9aff","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"confirmed","version":2,"total_amount":4300,"currency":"EUR","reason":null,"placed_at":"2026-11-30T06:35:12.719+00:00","updated_at":"2026-11-30T06:35:18.659+00:00"},
{"order_id":"01a22b2a-408f-7432-8168-41fac33b5d4b","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"confirmed","version":2,"total_amount":1250,"currency":"EUR","reason":null,"placed_at":"2026-11-30T06:35:19.055+00:00","updated_at":"2026-11-30T06:35:21.948+00:00"},
{"order_id":"01a22b2b-42ef-74e8-986b-7f116ebc49cd","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"in_review","version":2,"total_amount":101250,"currency":"EUR","reason":null,"placed_at":"2026-11-30T06:36:25.199+00:00","updated_at":"2026-11-30T06:36:25.399+00:00"},
{"order_id":"01a22b2b-6591-765b-8a6d-0d5129acaf62","user_id":"01a22b2a-206b-74d4-abac-00845524e53c","status":"confirmed","version":2,"total_amount":1800,"currency":"EUR","reason":null,"placed_at":"2026-11-30T06:36:34.065+00:00","updated_at":"2026-11-30T06:36:34.633+00:00"}
]');
create table products (
  sku text not null,
  name text not null,
  amount bigint not null,
  currency text not null
);
insert into products (sku, name, amount, currency) overriding system value select sku, name, amount, currency from json_populate_recordset(null::products, '[
{"sku":"CUP-1","name":"Stoneware cup","amount":1800,"currency":"EUR"},
{"sku":"TEA-1","name":"Assam tea, 250 g","amount":1250,"currency":"EUR"}
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
{"name":"order-events","owner":"vm/21670/c4e78879-6716-4ad7-9c51-65d1e4dee8c5/59fa1b0a-38a1-422c-b8fb-d5b1397045c7","fence":2,"expires_at":"-infinity","cursor_xid":"1297","cursor_position":12,"paused":false}
]');
create table user_profiles (
  user_id uuid not null,
  email text not null,
  name text not null
);
insert into user_profiles (user_id, email, name) overriding system value select user_id, email, name from json_populate_recordset(null::user_profiles, '[
{"user_id":"01a22b2a-206b-74d4-abac-00845524e53c","email":"ada@example.com","name":"Ada Sample"}
]');
alter table events add constraint events_pkey PRIMARY KEY ("position");
alter table events add constraint events_stream_version UNIQUE (stream, version);
alter table events add constraint events_version_check CHECK ((version > 0));
alter table idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (actor, key);
alter table inbox_erased add constraint inbox_erased_pkey PRIMARY KEY (subscription, stream);
alter table inbox_events add constraint inbox_events_pkey PRIMARY KEY (subscription, event_id);
alter table inbox_failed add constraint inbox_failed_pkey PRIMARY KEY (subscription, stream, version, event_id);
alter table inbox_parked add constraint inbox_parked_pkey PRIMARY KEY (subscription, stream, version);
alter table inbox_streams add constraint inbox_streams_pkey PRIMARY KEY (subscription, stream);
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table ops_audit add constraint ops_audit_pkey PRIMARY KEY (id);
alter table orders add constraint orders_pkey PRIMARY KEY (order_id);
alter table products add constraint products_pkey PRIMARY KEY (sku);
alter table projection_rebuilds add constraint projection_rebuilds_pkey PRIMARY KEY (projection);
alter table projections_built add constraint projections_built_pkey PRIMARY KEY (projection);
alter table relay_parked add constraint relay_parked_pkey PRIMARY KEY (relay, "position");
alter table relay_refused add constraint relay_refused_pkey PRIMARY KEY (relay, "position");
alter table relays add constraint relays_pkey PRIMARY KEY (name);
alter table user_profiles add constraint user_profiles_pkey PRIMARY KEY (user_id);
CREATE INDEX events_in_log_order ON public.events USING btree (xid, "position");
CREATE INDEX orders_by_currency ON public.orders USING btree (currency, order_id DESC);
CREATE INDEX orders_by_status ON public.orders USING btree (status, order_id DESC);
CREATE INDEX orders_by_total ON public.orders USING btree (total_amount, order_id DESC);
CREATE INDEX orders_of_user ON public.orders USING btree (user_id, order_id DESC);
CREATE INDEX relay_refused_due ON public.relay_refused USING btree (relay, next_at, "position");
select setval('events_position_seq', 12);
