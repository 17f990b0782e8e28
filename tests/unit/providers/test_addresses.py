"""Where FDC may connect, and where it never does. SEC-03."""

from __future__ import annotations

import pytest

from generation.providers.addresses import AddressRefusedError, Policy, check, normalise

LOCAL = Policy(loopback=True, own_ports=frozenset({8000, 5432, 6379}))
STRICT = Policy()
OPENED = Policy(allow=("10.0.0.0/8:8000", "models.example:*", "127.0.0.1:11434", "169.254.169.254:80"))
NAMES = {
    "api.example": ["93.184.216.34"],
    "inside.example": ["10.1.2.3"],
    "models.example": ["192.168.7.7"],
    "mixed.example": ["93.184.216.34", "169.254.169.254"],
    "rebound.example": ["127.0.0.1"],
    "v6.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "metadata.example": ["169.254.169.254"],
}


def resolve(host: str, port: int) -> list[str]:
    if host not in NAMES:
        raise OSError("no such host")
    return NAMES[host]


def verdict(url: str, policy: Policy) -> str:
    try:
        check(url, policy, resolve=resolve)
    except AddressRefusedError as refused:
        return refused.code
    return "open"


@pytest.mark.parametrize(
    ("url", "policy", "expected"),
    [
        ("https://api.example/v1", STRICT, "open"),
        ("https://v6.example/v1", STRICT, "open"),
        ("https://93.184.216.34/v1", STRICT, "open"),
        ("http://api.example/v1", STRICT, "not_https"),
        ("http://127.0.0.1:11434/v1", LOCAL, "open"),
        ("http://[::1]:11434/v1", LOCAL, "open"),
        ("http://127.0.0.1:11434/v1", STRICT, "private"),
        ("http://127.0.0.1:11434/v1", OPENED, "open"),
        ("http://127.0.0.1:8000/v1", LOCAL, "own_port"),
        ("http://127.9.9.9:6379", LOCAL, "own_port"),
        ("http://[::ffff:127.0.0.1]:5432", LOCAL, "own_port"),
        ("https://rebound.example/v1", STRICT, "private"),
        ("https://inside.example/v1", STRICT, "private"),
        ("http://10.9.9.9:8000/v1", OPENED, "open"),
        ("http://10.9.9.9:8001/v1", OPENED, "private"),
        ("http://models.example:1234/v1", OPENED, "open"),
        ("http://192.168.1.1/v1", LOCAL, "private"),
        ("http://[fd12::1]/v1", LOCAL, "private"),
        ("https://mixed.example/v1", STRICT, "forbidden"),
        ("https://metadata.example/", OPENED, "forbidden"),
        ("http://169.254.169.254/latest/meta-data", OPENED, "forbidden"),
        ("http://[::ffff:169.254.169.254]/", OPENED, "forbidden"),
        ("http://[64:ff9b::a9fe:a9fe]/", OPENED, "forbidden"),
        ("http://[2002:a9fe:a9fe::1]/", OPENED, "forbidden"),
        ("http://[fd00:ec2::254]/", OPENED, "forbidden"),
        ("http://100.100.100.200/", OPENED, "forbidden"),
        ("http://[fe80::1]/", LOCAL, "forbidden"),
        ("http://0.0.0.0:11434/", LOCAL, "forbidden"),
        ("http://[::]/", LOCAL, "forbidden"),
        ("https://224.0.0.1/", STRICT, "forbidden"),
        ("https://255.255.255.255/", STRICT, "forbidden"),
        ("http://2130706433/", LOCAL, "odd_host"),
        ("http://0x7f000001/", LOCAL, "odd_host"),
        ("http://0177.0.0.1/", LOCAL, "odd_host"),
        ("http://127.1/", LOCAL, "odd_host"),
        ("https://user:secret@api.example/v1", STRICT, "credentials"),
        ("https://api.example@169.254.169.254/", STRICT, "credentials"),
        ("https://api.example/v1#x", STRICT, "unreadable"),
        ("https://api.example/v1?x=1", STRICT, "unreadable"),
        ("https://api.example\\@10.0.0.1/", STRICT, "unreadable"),
        ("https://api.exa\tmple/", STRICT, "unreadable"),
        ("https://api.example:99999/", STRICT, "unreadable"),
        ("ftp://api.example/", STRICT, "scheme"),
        ("file:///etc/passwd", STRICT, "scheme"),
        ("javascript:alert(1)", STRICT, "scheme"),
        ("api.example/v1", STRICT, "scheme"),
        ("", STRICT, "scheme"),
        ("https://nowhere.example/", STRICT, "unknown_host"),
    ],
)
def test_an_address_is(url: str, policy: Policy, expected: str) -> None:
    assert verdict(url, policy) == expected


@pytest.mark.parametrize(
    "written",
    [
        "https://api.example/v1",
        " https://api.example/v1/ ",
        "https://api.example/v1/chat/completions",
        "https://api.example/v1/chat/completions/",
    ],
)
def test_an_address_is_stored_in_one_form(written: str) -> None:
    assert normalise(written) == "https://api.example/v1"


def test_digits_of_other_scripts_are_no_way_round() -> None:
    assert verdict("http://①②⑦.⓪.⓪.①/", STRICT) != "open"
    assert verdict("http://１２７.0.0.1:9000/", STRICT) == "private"


def test_a_trailing_dot_changes_nothing() -> None:
    assert verdict("https://rebound.example./v1", STRICT) == "private"
