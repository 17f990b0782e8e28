"""Where FDC may connect to: a corpus of addresses that try to lead it elsewhere, and those that must stay open."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import cycle

import pytest

from generation.providers import addresses
from generation.providers.addresses import AddressRefusedError, Policy, check, check_ip, parse
from generation.providers.model_list import ModelListError, list_models
from tests.hostile.corpus import data

NETWORK = Policy()
"""An installation that others reach: nothing but public addresses over HTTPS."""
OWN_MACHINE = Policy(loopback=True, own_ports=frozenset({8000, 5432}))
"""The embedded mode."""
OPENED = Policy(allow=("models.lan:8001", "10.1.2.0/24:443", "[fd00::5]:*", "127.0.0.1:11434"))

PRIVATE, NEVER, UNREADABLE = (data("addresses")[name] for name in ("private", "never", "unreadable"))
POLICIES = {"network": NETWORK, "own_machine": OWN_MACHINE, "opened": OPENED}
OPEN = [(POLICIES[name], url) for name, urls in data("addresses")["open"].items() for url in urls]
NAMES = {"localhost": ["127.0.0.1", "::1"], "example.org": ["93.184.216.34"], "models.lan": ["10.9.9.9"]}
NAMES["xn--bcher-kva.example"] = NAMES["example.org"]


def resolve(host: str, port: int) -> list[str]:
    """A name server of our own."""
    if host not in NAMES:
        raise socket.gaierror
    return NAMES[host]


def refusal(url: str, policy: Policy) -> str:
    """Why the address is refused, "" when it is not."""
    try:
        check(url, policy, resolve=resolve)
    except AddressRefusedError as error:
        return error.code
    return ""


def test_the_corpus_has_at_least_120_addresses():
    assert len({*PRIVATE, *NEVER, *UNREADABLE}) >= 110
    assert len({*PRIVATE, *NEVER, *UNREADABLE, *(url for _, url in OPEN)}) >= 120


@pytest.mark.parametrize("url", PRIVATE)
def test_private_places_are_closed_unless_the_installation_opens_them(url):
    assert refusal(url, NETWORK) in ("private", "not_https", "odd_host")


@pytest.mark.parametrize("url", NEVER)
@pytest.mark.parametrize("policy", [NETWORK, OWN_MACHINE, Policy(loopback=True, allow=("0.0.0.0/0:*", "::/0:*"))])
def test_what_hands_out_credentials_is_never_called(url, policy):
    assert refusal(url, policy) == "forbidden"


@pytest.mark.parametrize("url", UNREADABLE)
@pytest.mark.parametrize("policy", [NETWORK, OWN_MACHINE, Policy(loopback=True, allow=("0.0.0.0/0:*",))])
def test_what_could_be_read_in_two_ways_is_not_read_at_all(url, policy):
    with pytest.raises(AddressRefusedError) as refused:
        parse(url)
    assert refused.value.code in ("unreadable", "scheme", "credentials", "odd_host")


@pytest.mark.parametrize(("policy", "url"), OPEN)
def test_the_addresses_that_people_need_stay_open(policy, url):
    assert refusal(url, policy) == ""


@pytest.mark.parametrize("place", ["127.0.0.1:8000", "localhost:5432/v1", "[::1]:8000", "[::ffff:127.0.0.1]:8000"])
def test_fdcs_own_ports_are_closed_even_where_this_machine_is_open(place):
    assert refusal(f"http://{place}", OWN_MACHINE) == "own_port"


@pytest.mark.parametrize(
    "found",
    [
        ["93.184.216.34", "10.0.0.1"],
        ["10.0.0.1", "93.184.216.34"],
        ["2606:4700::1", "::1"],
        ["::ffff:169.254.169.254"],
        [],
    ],
)
def test_a_name_with_one_bad_address_among_good_ones_is_closed(found):
    with pytest.raises(AddressRefusedError):
        check("https://mixed.example", NETWORK, resolve=lambda host, port: found)


def test_a_name_that_changes_its_answer_meets_the_check_again_at_every_look():
    answers: Iterator[list[str]] = cycle([["93.184.216.34"], ["127.0.0.1"]])
    target = check("https://rebinding.example", NETWORK, resolve=lambda host, port: next(answers))
    with pytest.raises(AddressRefusedError):
        check("https://rebinding.example", NETWORK, resolve=lambda host, port: next(answers))
    with pytest.raises(AddressRefusedError):
        check_ip(addresses.ipaddress.ip_address("127.0.0.1"), target, NETWORK)


def test_the_connection_goes_to_the_place_that_was_checked(monkeypatch):
    """A second look-up would be a second chance for the name to change its answer."""
    asked: list[str] = []

    def once(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.1" if asked[1:] else "93.184.216.34", port))]

    def refuse(place, timeout):
        assert place[0] == "93.184.216.34"
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", once)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(ModelListError, match="unreachable"):
        list_models("https://rebinding.example/v1", policy=NETWORK)
    assert asked == ["rebinding.example"]


def test_a_refusal_says_nothing_about_the_network():
    with pytest.raises(AddressRefusedError) as refused:
        check("https://inside.example", NETWORK, resolve=lambda host, port: ["10.20.30.40"])
    assert "10.20" not in str(refused.value)
