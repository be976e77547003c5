#!/bin/sh
# One database and one role for each service, closed to all other roles; runs once, when the volume is new.
# The names are in databases.txt, which `npm run databases:generate` writes from services/*/module.ts.
# `npm start` gives the roles other passwords (infra/local/databases.ts does the same on any server).
set -eu
while read -r name; do
  psql --username "$POSTGRES_USER" -v ON_ERROR_STOP=1 -v name="$name" <<'SQL'
    create role :"name" login password :'name';
    create database :"name" owner :"name";
    comment on database :"name" is 'Sagaworks';
    revoke all on database :"name" from public;
SQL
done </databases.txt
