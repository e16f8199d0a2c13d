"""Requests to Europeana's APIs: keys, pace, retries, and what an answer means.

Keys go in headers (`X-Api-Key`, `Authorization: Bearer`), never in addresses, which are logged;
what carries them is not led on to other addresses, and answers that repeat them are cleaned.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from server.domain.europeana_tokens import Tokens, require_safe
from server.domain.remote_addresses import (
    Listed,
    Question,
    Refused,
    Unreachable,
    agent,
    answered,
    body,
    retry_after,
)
from server.errors import CrowdHeritageError, Invalid, Unavailable
from server.formats import europeana_answers
from server.i18n import _
from server.settings import Settings

TRIES = 4
_MOST_BYTES = 5_000_000
_USUAL_WAIT, _LONGEST_WAIT = 60.0, 30 * 86_400.0
_JSON = "application/ld+json"


class Rejected(CrowdHeritageError):
    """The API refuses this annotation; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Vanished(Rejected):
    """There is no such annotation over there (any more)."""


class Changed(Rejected):
    """It is not as it was when it was last seen (412)."""


class Barred(Unavailable):
    """The key or token is refused: nothing will go through."""


class Limited(Unavailable):
    """Too many requests; `seconds` to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            _("Europeana takes no more at the moment. It can be gone on with in {count} seconds.",
              count=round(seconds))
        )  # fmt: skip
        self.seconds = seconds


class Unanswered(Unavailable):
    """No answer, or none that says whether it was done."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`wait` is how many seconds it asks for, None where it does not."""

    status: int
    data: bytes
    etag: str
    wait: float | None


class Requests:
    """Asks one after the other; made anew for each run. `stop` and `pause` come from the run."""

    def __init__(
        self, settings: Settings, *, base_iri: str = "",
        pause: Callable[[float], None] = time.sleep, stop: Callable[[], bool] = lambda: False,
        seconds: float = 30.0,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._listed = Listed.parse(settings.remote_hosts)
        self._agent = agent(base_iri)
        self._pause, self._stop, self._seconds = pause, stop, seconds
        self._tokens = Tokens(settings, self._listed, seconds)
        self._next = 0.0

    def require_key(self) -> None:
        """Raises Invalid."""
        if not self._settings.europeana_key:
            raise Invalid(_("The settings name no key of Europeana (CROWDHERITAGE_EUROPEANA_KEY)."))

    def require_access(self) -> None:
        """Raises Invalid or Unavailable where nothing could be written."""
        self.require_key()
        require_safe(self._settings.europeana_annotations, self._listed)
        self._tokens.current()

    def rest(self, turn: int) -> None:
        """Before the next try."""
        self._pause(2.0**turn)

    def clean(self, text: str) -> str:
        """A stranger's words without our keys, on one line."""
        return europeana_answers.clean(self._tokens.without_secrets(text))

    def write(
        self, method: str, address: str, content: bytes | None, *, etag: str = "",
        tries: int = TRIES,
    ) -> Reply:  # fmt: skip
        """With the right to write. Raises as `ask` does."""
        headers = {"Content-Type": _JSON, **({"If-Match": etag} if etag else {})}
        headers["Authorization"] = f"Bearer {self._tokens.current()}"
        try:
            return self.ask(method, address, content, headers, tries)
        except Barred:
            if not self._tokens.renew():
                raise
        headers["Authorization"] = f"Bearer {self._tokens.current()}"
        return self.ask(method, address, content, headers, tries)

    def ask(
        self, method: str, address: str, content: bytes | None, headers: dict[str, str],
        tries: int = TRIES,
    ) -> Reply:  # fmt: skip
        """The answer of what was done. Raises Rejected, Barred, Limited or Unanswered."""
        given = {
            "X-Api-Key": self._settings.europeana_key, "Accept": f"{_JSON}, application/json",
            "User-Agent": self._agent, **headers,
        }  # fmt: skip
        question = Question(address, given, content, method, follows=False)
        for turn in range(tries):
            self._wait_for_turn()
            try:
                return self._checked(self._fetch(question), method)
            except Unanswered:
                if turn == tries - 1:
                    raise
            self.rest(turn)
        raise AssertionError

    def _wait_for_turn(self) -> None:
        if self._stop():
            raise Unavailable(_("The work was stopped."))
        now = time.monotonic()
        if self._next > now:
            self._pause(self._next - now)
        self._next = max(now, self._next) + 1 / max(self._settings.europeana_rate, 0.001)

    def _fetch(self, question: Question) -> Reply:
        require_safe(question.address, self._listed)
        try:
            return asyncio.run(_answer(question, self._listed, self._seconds, _MOST_BYTES))
        except Refused:
            raise
        except Unreachable as error:
            raise Unanswered(_("Europeana cannot be reached: {reason}", reason=error)) from error

    def _checked(self, reply: Reply, method: str) -> Reply:
        """Raises what a status means; only what was done comes back."""
        status = reply.status
        if 200 <= status < 300:
            return reply
        said = self.clean(europeana_answers.reason(reply.data))
        words = said or _("The server of this address answers {status}.", status=status)
        if status == 429 or (status == 503 and reply.wait is not None):
            wait = _USUAL_WAIT if reply.wait is None else reply.wait
            raise Limited(min(max(wait, 1.0), _LONGEST_WAIT))
        if status >= 500 or status == 408:
            raise Unanswered(_("Europeana cannot be reached: {reason}", reason=words))
        if status == 401 or (status == 403 and method in ("POST", "GET")):
            raise Barred(_("Europeana refuses the key: {reason}", reason=words))
        if status < 400:
            raise Rejected(status, _("The address of Europeana leads elsewhere."))
        raise {404: Vanished, 410: Vanished, 412: Changed}.get(status, Rejected)(status, words)


async def _answer(question: Question, listed: Listed, seconds: float, most: int) -> Reply:
    async with answered(question, listed, seconds=seconds) as response:
        headers = response.headers
        return Reply(
            response.status_code, await body(response, most), headers.get("etag", ""),
            retry_after(headers, datetime.now(UTC)),
        )  # fmt: skip
