#!/bin/sh
# For each service a database, a role that owns it and one that works in it, closed to all other roles; runs once, when the
# volume is new.
# The names are in databases.txt, which `npm run databases:generate` writes from services/*/module.ts.
# `npm start` gives the roles other passwords (infra/local/databases.ts does the same on any server).
set -eu
while read -r name; do
  psql --username "$POSTGRES_USER" -v ON_ERROR_STOP=1 -v name="$name" -v owner="${name}_owner" <<'SQL'
    create role :"name" login password :'name';
    create role :"owner" login password :'owner';
    create database :"name" owner :"owner";
    comment on database :"name" is 'Sagaworks';
    revoke all on database :"name" from public;
    grant connect, temporary on database :"name" to :"name";
SQL
done </databases.txt
