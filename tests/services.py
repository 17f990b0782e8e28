"""PostgreSQL and Redis for the tests that are marked `services`."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql


@dataclass(frozen=True)
class Services:
    """The addresses, as DATABASE_URL and REDIS_URL take them."""

    database_url: str
    redis_url: str

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a process that shall use them."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@contextmanager
def fresh_services() -> Iterator[Services]:
    """A new database beside the one that FDC_TEST_DATABASE_URL names, dropped at the end; Redis is emptied before and
    after."""
    given, redis_url = os.environ["FDC_TEST_DATABASE_URL"], _redis_of_this_process()
    name = f"fdc_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as connection, redis.Redis.from_url(redis_url) as store:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        store.flushdb()
        try:
            yield Services(urlsplit(given)._replace(path=f"/{name}").geturl(), redis_url)
        finally:
            store.flushdb()
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _redis_of_this_process() -> str:
    """The given Redis database; each further process of the tests takes the next one, not to empty another's."""
    address = urlsplit(os.environ["FDC_TEST_REDIS_URL"])
    number = int(address.path.strip("/") or 0) + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    return address._replace(path=f"/{number}").geturl()
