"""What a session ran on: the machine, and the versions of what took part."""

import importlib.metadata
import os
import platform
import subprocess

import psycopg

PEERS = ("aio-pika", "asyncpg", "celery", "dramatiq", "faststream", "psycopg", "uvloop")


def _read(path, key):
    with open(path) as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return "unknown"


def _said(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    return run.stdout.strip()


def machine():
    with open("/etc/os-release") as file:
        system = dict(line.rstrip().split("=", 1) for line in file if "=" in line)["PRETTY_NAME"].strip('"')
    kilobytes = int(_read("/proc/meminfo", "MemTotal").split()[0])
    return {
        "processor": _read("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": f"{round(kilobytes / 2**20)} GB",
        "system": f"{system}, Linux {platform.release()}",
    }


def versions(amqp, database):
    import pika

    connection = pika.BlockingConnection(pika.URLParameters(amqp))
    # pika keeps what the broker said of itself, and has no accessor for it.
    broker = connection._impl.server_properties["version"]
    connection.close()
    with psycopg.connect(database) as connection:
        server = connection.execute("show server_version").fetchone()[0]
    return {
        "Swift": _said("swift", "--version").split("Swift version ")[-1].split(" ")[0],
        "RabbitMQ": broker,
        "PostgreSQL": server,
        "librabbitmq": _said("pkg-config", "--modversion", "librabbitmq"),
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PEERS},
    }
