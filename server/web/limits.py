"""What a client may send: how large a body, how many writes, how many attempts to sign in."""

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable, Collection

from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import TooLarge, TooMany
from server.i18n import _
from server.settings import Settings
from server.web.counters import Counters
from server.web.forms import Form, read_form

__all__ = ["BodyLimit", "Form", "LoginAttempts", "WriteRate", "client_address", "read_form"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class BodyLimit:
    """Refuses bodies over the limit, counted as they arrive, whatever Content-Length says."""

    def __init__(
        self, app: ASGIApp, settings: Settings, is_upload: Callable[[Scope], bool] = lambda _: False
    ) -> None:
        self.app = app
        self.settings = settings
        self.is_upload = is_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            upload = self.is_upload(scope)
            limit = self.settings.max_upload if upload else self.settings.max_body
            declared = Request(scope).headers.get("Content-Length", "0")
            if declared.isdecimal() and int(declared) > limit:
                raise _too_large(limit)
            receive = limited(receive, limit)
        await self.app(scope, receive, send)


def limited(receive: Receive, limit: int) -> Receive:
    """The same stream, that raises TooLarge once more than `limit` bytes have come."""
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > limit:
            raise _too_large(limit)
        return message

    return counted


class WriteRate:
    """At most `settings.rate` writing requests of a client in a minute.

    Keeps the attempts to sign in as well, as `request.state.attempts`.
    """

    def __init__(self, app: ASGIApp, settings: Settings, exempt: Collection[str] = ()) -> None:
        self.app = app
        self.settings = settings
        self.exempt = exempt
        self.attempts = LoginAttempts(settings.login_attempts)
        self._counts = _Counts(settings.rate, minutes=1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["attempts"] = self.attempts
            if scope["method"] not in SAFE_METHODS and scope["path"] not in self.exempt:
                client = client_address(scope, self.settings.trusted_proxies)
                state, key = scope["state"], ("write", network(client))
                try:
                    self._counts.take(*key)
                except TooMany:
                    state["rate"] = self._counts.headers(*key)
                    raise
                # Told to programs: in a class behind one address people would see others write.
                if Request(scope).headers.get("Authorization"):
                    state["rate"] = self._counts.headers(*key)
                    send = _with_headers(send, state["rate"])
        await self.app(scope, receive, send)


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return sending


class LoginAttempts:
    """Attempts in five minutes, per address and per account; what succeeds is given back."""

    def __init__(self, amount: int) -> None:
        self._counts = _Counts(amount, minutes=5)
        self._registrations = _Counts(amount * 10, minutes=5)

    def take(self, address: str, account: str) -> None:
        """Raises TooMany."""
        self._counts.take("address", network(address))
        self._counts.take("account", _short(account))

    def succeeded(self, address: str, account: str) -> None:
        """A class behind one address signs in without hindrance."""
        self._counts.give_back("address", network(address))
        self._counts.clear("account", _short(account))

    def register(self, address: str) -> None:
        """Raises TooMany."""
        self._registrations.take("register", network(address))


class _Counts:
    def __init__(self, amount: int, minutes: int) -> None:
        self._item = RateLimitItemPerMinute(amount, minutes)
        self._storage = Counters()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def take(self, *key: str) -> None:
        if not self._limiter.hit(self._item, *key):
            reset = self._limiter.get_window_stats(self._item, *key).reset_time
            seconds = max(1, round(reset - time.time()))
            raise TooMany(_("Too many attempts. Please wait a little."), seconds)

    def headers(self, *key: str) -> dict[str, str]:
        """The quota and what is left of it (draft-ietf-httpapi-ratelimit-headers-10)."""
        stats, name = self._limiter.get_window_stats(self._item, *key), f'"{key[0]}"'
        window = self._item.get_expiry()
        seconds = min(window, max(0, math.ceil(stats.reset_time - time.time())))
        return {
            "RateLimit-Policy": f"{name};q={self._item.amount};w={window}",
            "RateLimit": f"{name};r={max(0, stats.remaining)};t={seconds}",
        }

    def give_back(self, *key: str) -> None:
        self._storage.decr(self._item.key_for(*key))

    def clear(self, *key: str) -> None:
        self._limiter.clear(self._item, *key)


def client_address(scope: Scope, trusted_proxies: str) -> str:
    """Who sent it: the last address of X-Forwarded-For that is not a proxy we trust."""
    address: str = (scope.get("client") or ("local", 0))[0]
    forwarded = ",".join(Request(scope).headers.getlist("X-Forwarded-For")).split(",")
    while _is_trusted(address, trusted_proxies) and forwarded:
        claimed = forwarded.pop().strip()
        if not _is_address(claimed):
            break
        address = claimed
    return address


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 one is chosen from."""
    if not _is_address(address) or ipaddress.ip_address(address).version == 4:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


def _is_trusted(address: str, proxies: str) -> bool:
    listed = [proxy.strip() for proxy in proxies.split(",") if proxy.strip()]
    if not _is_address(address):
        return address in listed
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(proxy, strict=False) for proxy in listed)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _short(account: str) -> str:
    return hashlib.sha256(account.strip().casefold().encode()).hexdigest()


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("This is too large: at most {size:,} bytes are taken here.", size=limit))
