"""The broker as the harness uses it: to fill queues, to look at their depths, to clean up."""

import json
import re
import subprocess
import time

UUID_HEAD = re.compile(r"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def peer_body(number):
    """The peers' message: 220 bytes of JSON."""
    start = f'{{"asset_id": {number}, "rev": 1, "kind": "image", "uri": "s3://bucket/assets/{number:08d}.jpg", "pad": "'
    return start + "x" * (218 - len(start)) + '"}'


class Broker:
    """A connection. Depths come from passive declares: for quorum queues other ways lag behind."""

    def __init__(self, url):
        import pika  # here, because the report is written without the peers' packages

        parameters = pika.URLParameters(url)
        parameters.heartbeat = 0
        self.connection = pika.BlockingConnection(parameters)
        self.channel = self.connection.channel()
        self.persistent = pika.BasicProperties(delivery_mode=2, content_type="application/json")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def declare(self, queues):
        for queue in queues:
            self.channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})

    def delete(self, queues):
        """Frameworks' queues for delayed and dead messages go too."""
        for queue in queues:
            for suffix in ("", ".DQ", ".XQ"):
                self.channel.queue_delete(queue + suffix)

    def depth(self, queue):
        """Messages that are ready; those that were delivered and not acknowledged are not among them."""
        return self.channel.queue_declare(queue, passive=True).method.message_count

    def take(self, queue):
        """The first message: its properties and its body."""
        found = []

        def look():
            method, properties, body = self.channel.basic_get(queue, auto_ack=True)
            if method:
                found.append((properties, body))
            return bool(found)

        wait_until(look, 10, 0.05, f"no message came to {queue}")
        return found[0]

    def copy(self, template, queue, count):
        """Publishes copies of a framework's message, each with an asset and ids of its own."""
        properties, body = template
        text = body.decode()
        headers = json.dumps(properties.headers) if properties.headers else None
        properties.delivery_mode = 2
        for number in range(count):
            head = f"{number:08x}"
            own = re.sub(r'("asset_id": ?)\d+', rf"\g<1>{number}", text)
            if headers:
                properties.headers = json.loads(UUID_HEAD.sub(head, headers))
                properties.correlation_id = properties.headers.get("id", properties.correlation_id)
            self.channel.basic_publish("", queue, UUID_HEAD.sub(head, own).encode(), properties)
        wait_until(lambda: self.depth(queue) >= count, 60, 0.02, f"{queue} was not filled")


def fill(publisher, url, queue, lines):
    """Publishes lines with the C program `publish`, confirmed. Returns what it measured."""
    output = subprocess.run(
        [publisher, url, queue, "256"], input="".join(f"{line}\n" for line in lines), text=True,
        capture_output=True, timeout=300,
    )  # fmt: skip
    if output.returncode != 0:
        raise RuntimeError(f"publish: {output.stderr.strip()}")
    return json.loads(output.stdout)


def wait_until(condition, limit, every, failure, processes=()):
    """Looks until something holds; fails when a process ends first, or the limit of seconds is over."""
    end = time.monotonic() + limit
    while not condition():
        for process in processes:
            if process.poll() is not None:
                raise RuntimeError(f"{failure}: a worker ended with {process.returncode}")
        if time.monotonic() > end:
            raise RuntimeError(f"{failure} within {limit} s")
        time.sleep(every)
