#!/bin/sh
# Writes secrets.env with passwords and keys, for `kubectl apply -k infra/kubernetes`. Keep it: it is not in Git.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets.env ] || { echo 'secrets.env is there already' >&2; exit 1; }
umask 077
# Not echo, which in some shells makes two characters of every backslash.
line() { printf '%s\n' "$1"; }
password() { openssl rand -hex 24; }
postgres=$(password)
rabbitmq=$(password)
{
  line "postgresPassword=$postgres"
  line "rabbitmqPassword=$rabbitmq"
  line "DATABASE_URL=postgres://postgres:$postgres@sagaworks-postgres:5432/postgres"
  line "RABBITMQ_URL=amqp://sagaworks:$rabbitmq@sagaworks-rabbitmq:5672"
  line "RABBITMQ_MANAGEMENT_URL=http://sagaworks:$rabbitmq@sagaworks-rabbitmq:15672"
  line "SMTP_URL=smtp://sagaworks-mail:1025?ignoreTLS=true"
  line "CARRIER_WEBHOOK_SECRET=$(password)"
  line "ORDER_DETAILS_KEYS=1:$(openssl rand -base64 32)"
  line "EMAIL_CHANGE_KEYS=1:$(openssl rand -base64 32)"
  # One line, as a variable has it.
  line "TOKEN_SIGNING_KEYS=$(openssl genpkey -algorithm ed25519 | awk '{ printf "%s\\n", $0 }')"
  while read -r name; do
    upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
    line "${upper}_DATABASE_URL=postgres://$name:$(password)@sagaworks-postgres:5432/$name"
    line "${upper}_DATABASE_OWNER_URL=postgres://${name}_owner:$(password)@sagaworks-postgres:5432/$name"
    line "${upper}_RABBITMQ_LOGIN=sagaworks-$name:$(password)"
  done <../postgres/databases.txt
} >secrets.env
echo 'Written: infra/kubernetes/secrets.env'
