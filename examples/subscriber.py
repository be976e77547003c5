"""A subscriber that owns everything it needs: queue, retries, dead letters, memory of what it has seen.

pip install pika
RABBITMQ_URL=amqp://guest:guest@127.0.0.1:5672 python3 examples/subscriber.py [--fail-on order.cancelled]
"""

import json
import os
import sys

import pika

QUEUE = "example-python-order-events"
ATTEMPTS = 3
# The data versions that this code was written for: 1 where nothing is said.
WRITTEN = {"order.created": 3}
FAIL_ON = sys.argv[sys.argv.index("--fail-on") + 1] if "--fail-on" in sys.argv else None


class Unreadable(Exception):
    """Another attempt makes no sense: only newer code can read it."""


def must_be_readable(kind, headers):
    """Takes older versions, and newer ones that say that this code can read them; what it does not know it leaves out."""
    version = headers["cloudEvents:dataversion"]
    compatible = headers.get("cloudEvents:compatibleversion", version)
    if min(version, compatible) > WRITTEN.get(kind, 1):
        raise Unreadable(f"{kind} version {version} is newer than this code")


def handle(kind, data, version):
    """Your own work. Do it in the transaction that also remembers the event's id."""
    if kind == FAIL_ON:
        raise ValueError(f"{kind} is not wanted here")
    print(json.dumps({"handled": kind, "orderId": data["orderId"], "version": version}), flush=True)


def main():
    url = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672")
    channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
    channel.confirm_delivery()
    quorum = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
    # What waits here comes back to the queue after a second, by the default exchange.
    # It leaves there only once it is safe in the queue again.
    back = {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": QUEUE,
        "x-dead-letter-strategy": "at-least-once",
        "x-message-ttl": 1_000,
    }
    channel.queue_declare(QUEUE, durable=True, arguments=quorum)
    channel.queue_declare(f"{QUEUE}-dead", durable=True, arguments=quorum)
    channel.queue_declare(f"{QUEUE}-retry", durable=True, arguments={**quorum, **back})
    channel.queue_bind(QUEUE, "order-events", "order.#")
    channel.basic_qos(prefetch_count=20)

    seen = set()  # In a real subscriber this is a table, kept longer than messages can come back.

    def on_message(_, delivery, properties, body):
        headers = dict(properties.headers or {})
        try:
            event_id = headers["cloudEvents:id"]
            if event_id not in seen:
                must_be_readable(headers["cloudEvents:type"], headers)
                handle(headers["cloudEvents:type"], json.loads(body), headers["cloudEvents:sequence"])
                seen.add(event_id)
        except Exception as error:  # Whatever went wrong: another attempt, or the dead letters.
            failed = int(headers.get("example-attempts", 0)) + 1
            headers.update({"example-attempts": failed, "example-error": str(error)})
            properties.headers = headers
            properties.delivery_mode = 2
            again = failed < ATTEMPTS and not isinstance(error, Unreadable)
            to = f"{QUEUE}-retry" if again else f"{QUEUE}-dead"
            # Confirmed before it is acknowledged: never lost in between.
            channel.basic_publish("", to, body, properties, mandatory=True)
        channel.basic_ack(delivery.delivery_tag)

    channel.basic_consume(QUEUE, on_message)
    print('{"ready": true}', flush=True)
    channel.start_consuming()


if __name__ == "__main__":
    main()
