"""Which addresses FDC may call: a base URL is checked when it is saved, when it is used, and when a socket is opened.

A person with a project may point an endpoint anywhere, and the server would go there with its own network's rights. So
public addresses are open over HTTPS; this machine and private networks only where the installation says so; and what
hands out cloud credentials, never. Names are resolved once, every address they lead to is checked, and the connection
is made to a checked address.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 networks whose last four bytes are the IPv4 address that is meant: NAT64, and the old compatible form."""
_NEVER = tuple(
    ipaddress.ip_network(each)
    for each in ("0.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "224.0.0.0/4", "240.0.0.0/4",
                 "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128")
)  # fmt: skip
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "64:ff9b:1::/48", "100::/64", "2001:2::/48", "3fff::/20", "5f00::/16")
)  # fmt: skip
"""Special networks that `is_global` of some supported Python versions still takes for public."""
_NETLOC = re.compile(r"(\[[^\[\]]+\]|[^\[\]:]+)(:[0-9]{1,5})?")
_ODD_HOST = re.compile(r"^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?$", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_TAILS = ("/chat/completions", "/completions", "/models", "/services/aigc/text-generation/generation")
_BARE = re.compile(
    r"[\w.-]+\.[a-z]{2,}(:\d{1,5})?(/|$)|(localhost|(\d{1,3}\.){3}\d{1,3})(:\d{1,5})?(/|$)", re.IGNORECASE
)
_OLLAMA = re.compile(r"(https?://[^/]+:11434)(/api(/\w+)?)?", re.IGNORECASE)


class AddressRefusedError(ValueError):
    """FDC does not call this address. `code` says why and names nothing that was found out about the network."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Policy:
    """`loopback`: this machine may be called, except on `own_ports`. `allow`: what an installation's administrator
    opened, as "host:port" or "network/bits:port", with "*" for any port."""

    loopback: bool = False
    own_ports: frozenset[int] = field(default_factory=frozenset)
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed base URL."""

    scheme: str
    host: str
    port: int
    url: str


def normalise(base_url: str) -> str:
    """The address as it is stored: without blanks, trailing slashes, and the path of a single operation.

    Ollama's own interface becomes the compatible one.
    """
    url = base_url.strip().rstrip("/")
    for tail in _TAILS:
        url = url.removesuffix(tail).rstrip("/")
    if found := _OLLAMA.fullmatch(url):
        return f"{found[1]}/v1"
    return url


def completed(base_url: str) -> str:
    """What somebody typed, with the scheme that a bare host lacks: plain HTTP on this machine, HTTPS elsewhere."""
    url = base_url.strip()
    if not _BARE.match(url):
        return url
    return f"{'http' if url.lower().startswith(('localhost', '127.')) else 'https'}://{url}"


def parse(base_url: str) -> Target:
    """The address taken apart; `AddressRefusedError` for anything that could be read in two ways."""
    url = normalise(base_url)
    if _UNSAFE.search(url):
        raise AddressRefusedError("unreadable")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        raise AddressRefusedError("unreadable") from None
    if parts.scheme not in ("http", "https") or not host:
        raise AddressRefusedError("scheme")
    if "@" in parts.netloc:
        raise AddressRefusedError("credentials")
    if parts.fragment or parts.query or "#" in url or "?" in url:
        raise AddressRefusedError("unreadable")
    if not _NETLOC.fullmatch(parts.netloc):
        raise AddressRefusedError("unreadable")
    if _ODD_HOST.match(host) and not _literal(host):
        raise AddressRefusedError("odd_host")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), url)


def check(base_url: str, policy: Policy, *, resolve: Callable[[str, int], Iterable[str]] | None = None) -> Target:
    """The address, when every place that it leads to may be called; `AddressRefusedError` otherwise."""
    target = parse(base_url)
    literal = _literal(target.host)
    if literal is not None:
        check_ip(literal, target, policy)
        return target
    try:
        found = list((resolve or _resolve)(target.host, target.port))
    except OSError:
        raise AddressRefusedError("unknown_host") from None
    if not found:
        raise AddressRefusedError("unknown_host")
    for address in found:
        check_ip(ipaddress.ip_address(address.partition("%")[0]), target, policy)
    return target


def check_ip(address: IPAddress, target: Target, policy: Policy) -> None:
    """`AddressRefusedError` unless a connection for `target` may go to this IP address."""
    real = _unwrapped(address)
    if _within(real, _NEVER):
        raise AddressRefusedError("forbidden")
    if real.is_loopback and target.port in policy.own_ports:
        raise AddressRefusedError("own_port")
    if _allowed(real, target, policy) or (real.is_loopback and policy.loopback):
        return
    if not real.is_global or _within(real, _NOT_PUBLIC):
        raise AddressRefusedError("private")
    if target.scheme != "https":
        raise AddressRefusedError("not_https")


def _unwrapped(address: IPAddress) -> IPAddress:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if _within(address, _EMBEDDING) and int(address) > 0xFFFF:  # "::" and "::1" mean themselves
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address


def _within(address: IPAddress, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _allowed(address: IPAddress, target: Target, policy: Policy) -> bool:
    for entry in policy.allow:
        place, _, port = entry.strip().rpartition(":")
        if port not in ("*", str(target.port)):
            continue
        if place.strip("[]").lower() == target.host:
            return True
        try:
            network = ipaddress.ip_network(place.strip("[]"), strict=False)
        except ValueError:
            continue
        if network.version == address.version and address in network:
            return True
    return False


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
