"""FastStream and asyncpg: what a handler returns is published with an awaited confirm, then the message is acknowledged."""

import json

import asyncpg
import uvloop
from faststream import FastStream
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue
from settings import AMQP_URL, CONNECTIONS, DATABASE_URL, PREFETCH, QUEUES, STAGES, UPSERT_ASYNCPG

broker = RabbitBroker(
    AMQP_URL, default_channel=Channel(prefetch_count=PREFETCH, publisher_confirms=True), logger=None
)
app = FastStream(broker, logger=None)
pool = None


def queue(number):
    return RabbitQueue(QUEUES[number], durable=True, queue_type=QueueType.QUORUM)


def declare(stage):
    @broker.publisher(queue(stage), persist=True)
    @broker.subscriber(queue(stage - 1), channel=Channel(prefetch_count=PREFETCH))
    async def run(asset: dict) -> dict:
        if pool:
            await pool.execute(UPSERT_ASYNCPG, asset["asset_id"], stage, asset["rev"], json.dumps(asset))
        return asset


for number in range(1, STAGES + 1):
    declare(number)


@app.on_startup
async def open_pool():
    global pool
    if DATABASE_URL:
        pool = await asyncpg.create_pool(DATABASE_URL, min_size=CONNECTIONS, max_size=CONNECTIONS)


if __name__ == "__main__":
    uvloop.run(app.run())
