"""Only public addresses may be connected to, checked in the resolver: for every hop and every spelling.

``http://127.1``, ``http://2130706433`` and names that resolve to a private address all end in the resolver,
so that redirects and DNS rebinding cannot get around it. The address that is checked is the one connected to.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver, dnscache
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Global by Python's reading, but they carry or reach other addresses: NAT64, 6to4, Teredo.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class AddressGuard:
    """Decides which hosts may be connected to. ``allowed``: hosts, host:port, addresses or networks."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._hosts: set[str] = set()
        self._ports: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for entry in allowed:
            if "/" in entry:
                self._networks.append(ipaddress.ip_network(entry, strict=False))
            elif entry.rpartition(":")[2].isdecimal() and entry.count(":") == 1:
                self._ports.add(entry.lower())
            else:
                self._hosts.add(entry.lower().strip("[]"))

    def lists_ports_of(self, host: str) -> bool:
        """Whether some port of this host is listed."""
        return any(entry.rpartition(":")[0] == host.lower() for entry in self._ports)

    def permits(self, host: str, address: str, port: int | None = None) -> bool:
        """Whether ``host``, resolved to ``address``, may be connected to. Without a port, any listed port will do."""
        name = host.lower().strip("[]")
        if name in self._hosts or address in self._hosts:
            return True
        listed = {p.rpartition(":")[2] for p in self._ports if p.rpartition(":")[0] in (name, address)}
        if listed and (port is None or str(port) in listed):
            return True
        try:
            ip: _Address = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        if any(ip in network for network in self._networks):
            return True
        return (
            ip.is_global
            and not ip.is_multicast
            and not any(ip in n for n in _NOT_PUBLIC if n.version == ip.version)
        )


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which refuses what the guard does not permit."""

    guard = AddressGuard()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.guard = AddressGuard(crawler.settings.getlist("GONGKAI_ALLOW_PRIVATE"))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """As Scrapy's; an address that is refused is none."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        found.addCallback(self._checked, name)
        return found

    def _checked(self, address: str, name: str) -> Any:
        return address if self.guard.permits(name, address) else fail(DNSLookupError(name))


class AddressGuardMiddleware:
    """Refuses schemes other than http and https, and ports of private hosts that are not listed; says what was refused."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(AddressGuard(crawler.settings.getlist("GONGKAI_ALLOW_PRIVATE")))

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest with the reason."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise IgnoreRequest(f"refused: only http and https are fetched, not {parts.scheme}")
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            ipaddress.ip_address(parts.hostname or "")
        except ValueError:
            if self._guard.lists_ports_of(parts.hostname or "") and not self._guard.permits(
                parts.hostname or "", "", port
            ):
                raise IgnoreRequest(
                    f"refused: {parts.hostname}:{port} is not the port that is allowed"
                ) from None
            return  # a name: the resolver decides
        if not self._guard.permits(parts.hostname or "", parts.hostname or "", port):
            raise IgnoreRequest(f"refused: {parts.hostname}:{port} is no public address")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises IgnoreRequest for a name that the resolver refused; of it, too, Twisted says that nothing was found."""
        host = urlsplit(request.url).hostname or ""
        address = dnscache.get(host) if isinstance(exception, CannotResolveHostError) else None
        if address is not None and not self._guard.permits(host, address):
            raise IgnoreRequest(f"refused: {host} is {address}, which is no public address")
