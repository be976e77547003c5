create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null
);
insert into kysely_migration (name, "timestamp") overriding system value select name, "timestamp" from json_populate_recordset(null::kysely_migration, '[
{"name":"gateway_0001_operations","timestamp":"2026-11-30T06:34:44.439Z"}
]');
create table kysely_migration_lock (
  id character varying(255) not null,
  is_locked integer default 0 not null
);
insert into kysely_migration_lock (id, is_locked) overriding system value select id, is_locked from json_populate_recordset(null::kysely_migration_lock, '[
{"id":"migration_lock","is_locked":0}
]');
create table operations (
  key text not null,
  kind text not null,
  authorization_key text not null,
  token text,
  amount bigint not null,
  currency text,
  outcome text not null,
  reason text,
  flagged boolean default false not null,
  calls integer default 1 not null,
  "time" timestamp with time zone default clock_timestamp() not null
);
insert into operations (key, kind, authorization_key, token, amount, currency, outcome, reason, flagged, calls, "time") overriding system value select key, kind, authorization_key, token, amount, currency, outcome, reason, flagged, calls, "time" from json_populate_recordset(null::operations, '[
{"key":"order/01a22b2a-2651-7430-83e9-8a0e800e5db9/authorize","kind":"authorization","authorization_key":"order/01a22b2a-2651-7430-83e9-8a0e800e5db9/authorize","token":"tok_declined","amount":1250,"currency":"EUR","outcome":"refused","reason":"The card was declined","flagged":false,"calls":1,"time":"2026-11-30T06:35:15.733223+00:00"},
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/authorize","kind":"authorization","authorization_key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/authorize","token":"tok_ok","amount":4300,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:35:15.784612+00:00"},
{"key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/capture","kind":"capture","authorization_key":"order/01a22b2a-27cf-72e9-9863-483e117c9aff/authorize","token":"tok_ok","amount":4300,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:35:18.338136+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/authorize","kind":"authorization","authorization_key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/authorize","token":"tok_ok","amount":1250,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:35:20.072246+00:00"},
{"key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/capture","kind":"capture","authorization_key":"order/01a22b2a-408f-7432-8168-41fac33b5d4b/authorize","token":"tok_ok","amount":1250,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:35:21.118427+00:00"},
{"key":"order/01a22b2b-42ef-74e8-986b-7f116ebc49cd/authorize","kind":"authorization","authorization_key":"order/01a22b2b-42ef-74e8-986b-7f116ebc49cd/authorize","token":"tok_ok","amount":101250,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:36:25.363004+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/authorize","kind":"authorization","authorization_key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/authorize","token":"tok_ok","amount":1800,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:36:34.508844+00:00"},
{"key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/capture","kind":"capture","authorization_key":"order/01a22b2b-6591-765b-8a6d-0d5129acaf62/authorize","token":"tok_ok","amount":1800,"currency":"EUR","outcome":"approved","reason":null,"flagged":false,"calls":1,"time":"2026-11-30T06:36:34.601849+00:00"}
]');
alter table kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);
alter table kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);
alter table operations add constraint operations_kind_check CHECK ((kind = ANY (ARRAY['authorization'::text, 'capture'::text])));
alter table operations add constraint operations_outcome_check CHECK ((outcome = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text, 'undone'::text])));
alter table operations add constraint operations_pkey PRIMARY KEY (key);
CREATE UNIQUE INDEX charged_once ON public.operations USING btree (authorization_key) WHERE ((kind = 'capture'::text) AND (outcome = 'approved'::text));
