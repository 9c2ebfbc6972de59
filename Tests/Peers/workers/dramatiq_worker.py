"""Dramatiq and psycopg: a pipeline of actors, a queue a stage, confirmed publishes, the default middleware.

`dramatiq_worker.py emit` publishes one pipeline, for the harness to copy.
"""

import json
import sys
import threading

import dramatiq
import psycopg
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from settings import AMQP_URL, DATABASE_URL, QUEUES, STAGES, TEMPLATE, UPSERT_PSYCOPG


class QuorumBroker(RabbitmqBroker):
    """Dramatiq has no setting for the type of a queue."""

    def _build_queue_arguments(self, queue_name):
        return {**super()._build_queue_arguments(queue_name), "x-queue-type": "quorum"}


dramatiq.set_broker(QuorumBroker(url=AMQP_URL, confirm_delivery=True))
local = threading.local()


def actor(number):
    @dramatiq.actor(actor_name=f"stage{number}", queue_name=QUEUES[number - 1])
    def run(asset):
        if DATABASE_URL:
            if not hasattr(local, "connection"):
                local.connection = psycopg.connect(DATABASE_URL, autocommit=True)
            local.connection.execute(
                UPSERT_PSYCOPG, (asset["asset_id"], number, asset["rev"], json.dumps(asset))
            )
        return asset

    return run


# The last actor's queue is not consumed: it collects.
actors = [actor(number) for number in range(1, STAGES + 2)]

if __name__ == "__main__" and sys.argv[1:] == ["emit"]:
    for name in QUEUES:
        dramatiq.get_broker().declare_queue(name, ensure=True)
    dramatiq.pipeline([actors[0].message(TEMPLATE)] + [each.message() for each in actors[1:]]).run()
