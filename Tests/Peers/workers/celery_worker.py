"""Celery and psycopg: a chain of tasks, a queue a stage; late acknowledgements, confirmed publishes, no results.

`celery_worker.py emit` publishes one chain, for the harness to copy.
"""

import json
import sys

import psycopg
from celery import Celery, chain
from kombu import Exchange, Queue
from settings import AMQP_URL, DATABASE_URL, PREFETCH, PREFIX, QUEUES, STAGES, TEMPLATE, UPSERT_PSYCOPG

app = Celery("peers", broker=AMQP_URL)
exchange = Exchange(PREFIX, type="direct", durable=True)
app.conf.update(
    task_queues=[
        Queue(name, exchange, routing_key=name, durable=True, queue_arguments={"x-queue-type": "quorum"})
        for name in QUEUES
    ],
    task_default_queue=QUEUES[0],
    task_default_exchange=PREFIX,
    task_default_routing_key=QUEUES[0],
    task_acks_late=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_publish_retry=False,
    task_send_sent_event=False,
    task_serializer="json",
    accept_content=["json"],
    result_backend=None,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    worker_send_task_events=False,
    worker_prefetch_multiplier=PREFETCH,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
)
connection = None


def task(number):
    @app.task(name=f"stage{number}", queue=QUEUES[number - 1])
    def run(asset):
        global connection
        if DATABASE_URL:
            if connection is None:
                connection = psycopg.connect(DATABASE_URL, autocommit=True)
            connection.execute(UPSERT_PSYCOPG, (asset["asset_id"], number, asset["rev"], json.dumps(asset)))
        return asset

    return run


# The last task's queue is not consumed: it collects.
tasks = [task(number) for number in range(1, STAGES + 2)]

if __name__ == "__main__" and sys.argv[1:] == ["emit"]:
    chain(tasks[0].s(TEMPLATE), *[each.s() for each in tasks[1:]]).apply_async()
