#!/bin/sh
# One database and one role a service, which nobody else may enter; runs once, when the volume is new.
# `npm start` gives the roles other passwords (infra/local/databases.ts does the same on any server).
set -eu
for name in users inventory orders payments shipping notifications analytics recommendations bridge gateway; do
  psql --username "$POSTGRES_USER" -v ON_ERROR_STOP=1 -v name="$name" <<'SQL'
    create role :"name" login password :'name';
    create database :"name" owner :"name";
    comment on database :"name" is 'Sagaworks';
    revoke all on database :"name" from public;
SQL
done
