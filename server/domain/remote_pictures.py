"""Fetching a picture from another server, without being led into networks that are not public.

Each address is resolved once, every result is checked, and the connection goes to a checked one
by its number (with the name as Host and SNI): so a name cannot mean something else meanwhile.
"""

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from server.errors import Unavailable
from server.i18n import _
from server.names import is_safe_iri

MAX_BYTES = 20_000_000
MAX_REDIRECTS = 3
SECONDS = 15.0  # for all of it: names, redirects, headers and body
_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "CrowdHeritage"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Unavailable):
    """The picture cannot be had from where it is."""


class Late(Unreachable):
    """It did not come in time."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The hosts that the administrator allows although their networks are private."""

    hosts: frozenset[str]

    @staticmethod
    def parse(text: str) -> "Listed":
        """From `host` or `host:port`, comma-separated; without a port it means all of its ports."""
        return Listed(frozenset(part.strip().lower() for part in text.split(",") if part.strip()))

    def __contains__(self, url: httpx.URL) -> bool:
        return _name(url) in self.hosts or f"{_name(url)}:{_port(url)}" in self.hosts


async def fetch(address: str, listed: Listed) -> bytes:
    """The body found at an http or https address. Raises Unreachable or Late."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _follow(address, listed)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Late(_("The picture's server did not answer in time.")) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
        raise Unreachable(_("The picture cannot be fetched from its server.")) from error


async def _follow(address: str, listed: Listed) -> bytes:
    # No proxies or certificates from the environment: the connection is to what was checked.
    async with httpx.AsyncClient(
        trust_env=False, timeout=SECONDS, verify=_certificates()
    ) as client:
        url = _checked_url(address)
        for _hop in range(MAX_REDIRECTS + 1):
            found = await _get(client, url, listed)
            if isinstance(found, bytes):
                return found
            url = _checked_url(str(url.join(found)))
    raise Unreachable(_("The picture's address leads on too often."))


def _checked_url(address: str) -> httpx.URL:
    url = httpx.URL(address)
    if not is_safe_iri(address) or url.scheme not in ("http", "https") or not url.host:
        raise Unreachable(_("The picture has no address on the web."))
    if url.userinfo:
        raise Unreachable(_("The picture's address asks for a password."))
    return url


async def _get(client: httpx.AsyncClient, url: httpx.URL, listed: Listed) -> bytes | str:
    """The body, or where it leads on to."""
    failure: Exception | None = None
    for number in await _resolve(url, listed):
        request = client.build_request(
            "GET", url.copy_with(host=number), headers={**_HEADERS, "Host": _host(url)},
            extensions={"sni_hostname": _name(url)},
        )  # fmt: skip
        try:
            response = await client.send(request, stream=True)
        except httpx.ConnectError as error:
            failure = error
            continue
        try:
            return await _read(response)
        finally:
            await response.aclose()
    raise Unreachable(_("The picture cannot be fetched from its server.")) from failure


async def _read(response: httpx.Response) -> bytes | str:
    if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
        return response.headers["location"]
    if response.status_code != 200:
        message = _("The picture's server answers {status}.", status=response.status_code)
        raise Unreachable(message)
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unreachable(_("The picture came packed, which was not asked for."))
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_BYTES:
            size = MAX_BYTES // 1_000_000
            raise Unreachable(_("The picture is larger than {size} MB.", size=size))
    return bytes(data)


async def _resolve(url: httpx.URL, listed: Listed) -> list[str]:
    """The numbers of a host, IPv4 first; Unreachable where one of them is not public."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(_name(url), _port(url), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
    if url not in listed and not all(_is_public(address) for address in addresses):
        raise Unreachable(_("The picture's address is not on the public web."))
    return [str(address) for address in sorted(addresses, key=lambda each: each.version)]


def _is_public(address: Address) -> bool:
    """Also what an IPv6 address carries within it must be public (RFC 4291, 3056, 4380, 6052)."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or address.is_site_local:
            return False
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not _is_public(each) for each in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not (address.is_multicast or address.is_reserved)


@cache
def _certificates() -> ssl.SSLContext:
    """Reading them takes longer than most pictures."""
    return httpx.create_ssl_context(trust_env=False)


def _name(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")
