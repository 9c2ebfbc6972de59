"""The database as the harness uses it: a fresh one for each run, and its rows counted."""

from contextlib import contextmanager
from urllib.parse import urlparse, urlunparse

STAGE_RESULT = """
create table stage_result (
  asset bigint, stage int, revision bigint not null, payload jsonb not null, primary key (asset, stage)
)
"""


def named(url, name):
    return urlunparse(urlparse(url)._replace(path=f"/{name}"))


def connect(url):
    import psycopg  # here, because the report is written without the peers' packages

    return psycopg.connect(url, autocommit=True)


def execute(url, *statements):
    with connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def count(url, query):
    with connect(url) as connection:
        return connection.execute(query).fetchone()[0]


@contextmanager
def fresh(url, name="bench"):
    """The URL of a database that is a copy of the one named, which nobody uses; dropped at the end."""
    template = urlparse(url).path[1:]
    admin = named(url, "postgres")
    drop = f'drop database if exists "{name}" with (force)'
    execute(admin, drop, f'create database "{name}" template "{template}"')
    try:
        yield named(url, name)
    finally:
        execute(admin, drop)


def settle(url):
    """Statistics of what was filled in, and a checkpoint, so that none is due while a run is measured."""
    execute(url, "vacuum analyze", "checkpoint")
