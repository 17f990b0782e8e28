"""The embedded broker."""

from __future__ import annotations

import time

import pytest
from kombu import Connection, Queue
from kombu.transport import TRANSPORT_ALIASES

from fdc_project import broker


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setitem(TRANSPORT_ALIASES, "memory", TRANSPORT_ALIASES["memory"])
    broker.install()
    return Connection("memory://localhost//", transport_options={"polling_interval": 0.01})


def test_it_does_not_wait_for_long_when_nothing_comes(connection: Connection) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=2.0)
    assert time.monotonic() - begun < 1.0


def test_it_brings_what_was_sent(connection: Connection) -> None:
    queue, got = Queue("gen"), []
    with (
        connection.Producer() as producer,
        connection.Consumer(queue, callbacks=[lambda body, message: got.append(body)]),
    ):
        producer.publish({"id": 7}, routing_key="gen", declare=[queue])
        connection.drain_events(timeout=1.0)
    assert got == [{"id": 7}]
