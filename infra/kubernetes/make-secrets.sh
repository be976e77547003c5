#!/bin/sh
# Writes secrets.env with passwords and keys, for `kubectl apply -k infra/kubernetes`. Keep it: it is not in Git.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets.env ] || { echo 'secrets.env is there already' >&2; exit 1; }
umask 077
password() { openssl rand -hex 24; }
postgres=$(password)
rabbitmq=$(password)
{
  echo "postgresPassword=$postgres"
  echo "rabbitmqPassword=$rabbitmq"
  echo "DATABASE_URL=postgres://postgres:$postgres@sagaworks-postgres:5432/postgres"
  echo "RABBITMQ_URL=amqp://sagaworks:$rabbitmq@sagaworks-rabbitmq:5672"
  echo "RABBITMQ_MANAGEMENT_URL=http://sagaworks:$rabbitmq@sagaworks-rabbitmq:15672"
  echo "SMTP_URL=smtp://sagaworks-mail:1025?ignoreTLS=true"
  echo "CARRIER_WEBHOOK_SECRET=$(password)"
  echo "ORDER_DETAILS_KEYS=1:$(openssl rand -base64 32)"
  # One line, as a variable has it.
  echo "TOKEN_SIGNING_KEYS=$(openssl genpkey -algorithm ed25519 | awk '{ printf "%s\\n", $0 }')"
  while read -r name; do
    upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
    echo "${upper}_DATABASE_URL=postgres://$name:$(password)@sagaworks-postgres:5432/$name"
    echo "${upper}_DATABASE_OWNER_URL=postgres://${name}_owner:$(password)@sagaworks-postgres:5432/$name"
    echo "${upper}_RABBITMQ_LOGIN=sagaworks-$name:$(password)"
  done <../postgres/databases.txt
} >secrets.env
echo 'Written: infra/kubernetes/secrets.env'
