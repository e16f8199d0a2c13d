"""Asking other servers, without being led into networks that are not public.

Each address is resolved once, every result is checked, and the connection goes to a checked one
by its number (with the name as Host and SNI): so a name cannot mean something else meanwhile.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx

from server import __version__
from server.errors import Unavailable
from server.i18n import _
from server.names import is_safe_iri

MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Unavailable):
    """It cannot be had from where it is."""


class Late(Unreachable):
    """It did not come in time."""


class Refused(Unreachable):
    """We do not go to this address."""


class Oversized(Unreachable):
    """There is more than was to be taken."""


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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an address; `content` goes by POST, again where it is led on to.

    What carries a secret does not follow: it would be told to whoever it is led on to.
    """

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    method: str = ""
    follows: bool = True


def agent(base_iri: str = "") -> str:
    """How we call ourselves to other servers: a name, and where its people are found."""
    return f"CrowdHeritage/{__version__}" + (f" (+{base_iri})" if base_iri else "")


@asynccontextmanager
async def answered(
    question: Question, listed: Listed, *, seconds: float
) -> AsyncIterator[httpx.Response]:
    """The answer of an http or https address, whatever its status, its body unread.

    `seconds` are for all of it: names, redirects, headers and what is done within the context.
    Raises Unreachable or Late.
    """
    try:
        # No proxies or certificates from the environment: the connection is to what was checked.
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(trust_env=False, timeout=seconds, verify=_certificates()) as client,
        ):
            response = await _follow(client, question, listed)
            try:
                yield response
            finally:
                await response.aclose()
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Late(_("The server of this address did not answer in time.")) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unreachable(_("Nothing can be fetched from this address.")) from error


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that an answer asks to wait: a number or a date (RFC 9110, 10.2.3); None without."""
    text = headers.get("retry-after", "").strip()
    try:
        if text.isdecimal():
            return float(text[:12])
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds()) if text else None
    except (ValueError, TypeError):
        return None


async def chunks(response: httpx.Response, most: int) -> AsyncIterator[bytes]:
    """The body as it comes, not unpacked; Unreachable where there is more of it."""
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > most:
            megabytes = f"{most / 1_000_000:g}"
            raise Oversized(_("What is at this address is larger than {size} MB.", size=megabytes))
        yield chunk


async def body(response: httpx.Response, most: int) -> bytes:
    """All of the body. Unreachable where it is packed, which was not asked for, or too large."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unreachable(_("The answer came packed, which was not asked for."))
    data = bytearray()
    async for chunk in chunks(response, most):
        data += chunk
    return bytes(data)


def check_status(response: httpx.Response) -> None:
    """Unreachable unless it is 200."""
    if response.status_code != 200:
        message = _("The server of this address answers {status}.", status=response.status_code)
        raise Unreachable(message)


async def _follow(client: httpx.AsyncClient, question: Question, listed: Listed) -> httpx.Response:
    url = _checked_url(question.address)
    for _hop in range(MAX_REDIRECTS + 1):
        response = await _ask(client, url, question, listed)
        led_on = response.status_code in _REDIRECTS and "location" in response.headers
        if not led_on or not question.follows:
            return response
        await response.aclose()
        url = _checked_url(str(url.join(response.headers["location"])))
    raise Refused(_("This address leads on too often."))


def _checked_url(address: str) -> httpx.URL:
    if not is_safe_iri(address):
        raise Refused(_("This is no address on the web."))
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(_("This is no address on the web."))
    if url.userinfo:
        raise Refused(_("This address asks for a password."))
    return url


async def _ask(
    client: httpx.AsyncClient, url: httpx.URL, question: Question, listed: Listed
) -> httpx.Response:
    failure: Exception | None = None
    headers = {"Accept-Encoding": "identity", "User-Agent": agent(), **question.headers}
    for number in await _resolve(url, listed):
        request = client.build_request(
            question.method or ("GET" if question.content is None else "POST"),
            url.copy_with(host=number),
            headers={**headers, "Host": _host(url)}, content=question.content,
            extensions={"sni_hostname": _name(url)},
        )  # fmt: skip
        try:
            return await client.send(request, stream=True)
        except httpx.ConnectError as error:
            failure = error
    raise Unreachable(_("Nothing can be fetched from this address.")) from failure


async def _resolve(url: httpx.URL, listed: Listed) -> list[str]:
    """The numbers of a host, IPv4 first; Unreachable where one of them is not public."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(_name(url), _port(url), type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
    except (OSError, UnicodeError, ValueError) as error:
        raise Unreachable(_("Nothing can be fetched from this address.")) from error
    if url not in listed and not all(_is_public(address) for address in addresses):
        raise Refused(_("This address is not on the public web."))
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
    """Reading them takes longer than most answers."""
    return httpx.create_ssl_context(trust_env=False)


def _name(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")
