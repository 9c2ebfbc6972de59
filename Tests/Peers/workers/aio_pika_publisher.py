"""aio-pika: publishes each line of its input, awaits every confirm, at most WINDOW at a time. Prints a line of JSON.

usage: aio_pika_publisher.py URL QUEUE WINDOW < lines
"""

import asyncio
import json
import resource
import sys
import time

import aio_pika
import uvloop


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main(url, queue, window):
    lines = sys.stdin.buffer.read().splitlines()
    connection = await aio_pika.connect(url)
    channel = await connection.channel(publisher_confirms=True)
    waiting = iter(lines)

    async def publish():
        for line in waiting:
            await channel.default_exchange.publish(
                aio_pika.Message(
                    line, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, content_type="application/json"
                ),
                routing_key=queue,
            )

    start, cpu_at_start = time.monotonic(), cpu()
    await asyncio.gather(*(publish() for _ in range(window)))
    seconds = time.monotonic() - start
    print(json.dumps({"count": len(lines), "seconds": seconds, "cpu": cpu() - cpu_at_start}))
    await connection.close()


uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
