"""Searching at sources elsewhere while somebody types: in little time, few at once, remembered."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from server.commit import Desk
from server.domain.live_sources import Source
from server.domain.remote_addresses import (
    Listed,
    Question,
    agent,
    answered,
    body,
    check_status,
    retry_after,
)
from server.errors import CrowdHeritageError
from server.formats.live_answers import Hit

SECONDS = 2.0  # for a search, with all that belongs to it
AT_ONCE = 3  # requests to one source
EACH_MINUTE = 100  # requests to one source
_LONGEST, _SHORTEST = 100, 2  # letters of what is looked up
_MOST_BYTES = 1_000_000
_KEPT, _KEPT_FAILURE, _REST = 300.0, 20.0, 60.0  # seconds
_LONGEST_REST = 86_400.0
_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a source gave for one of our vocabularies (a slug)."""

    source: str
    vocabulary: str
    hits: tuple[Hit, ...]


@dataclass(slots=True)
class _Traffic:
    """How much one source is asked, and until when it is left alone."""

    running: int = 0
    recent: deque[float] = field(default_factory=deque)
    rests_until: float = 0.0

    def is_free(self, now: float) -> bool:
        while self.recent and self.recent[0] < now - 60:
            self.recent.popleft()
        busy = self.running >= AT_ONCE or len(self.recent) >= EACH_MINUTE
        return not busy and now >= self.rests_until


class LiveLookup:
    """One for all requests: it remembers answers for some minutes, failures for some seconds."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._listed = Listed.parse(desk.settings.remote_hosts)
        self._agent = agent(desk.names.base)
        self._clock = clock
        self._known: OrderedDict[tuple[str, ...], tuple[float, tuple[Hit, ...]]] = OrderedDict()
        self._traffic: dict[str, _Traffic] = {}

    async def search(
        self, wanted: Sequence[tuple[str, Source]], text: str, lang: str
    ) -> list[Found]:
        """What each source has, by (slug, source): nothing from those that are late or fail."""
        text, lang = " ".join(text.split())[:_LONGEST], lang.lower().partition("-")[0]
        if len(text) < _SHORTEST:
            return []
        hits = await asyncio.gather(
            *(self._hits(slug, source, text, lang) for slug, source in wanted)
        )
        return [
            Found(source.name, slug, each)
            for (slug, source), each in zip(wanted, hits, strict=True)
            if each
        ]

    async def _hits(self, slug: str, source: Source, text: str, lang: str) -> tuple[Hit, ...]:
        key, now = (source.name, source.iris.pattern, text.casefold(), lang), self._clock()
        known = self._known.get(key)
        if known is not None and now < known[0]:
            self._known.move_to_end(key)
            return known[1]
        traffic = self._traffic.setdefault(source.name, _Traffic())
        if not traffic.is_free(now):
            return ()
        traffic.running += 1
        traffic.recent.append(now)
        try:
            found = await self._ask(source, traffic, text, lang)
            self._keep(key, _KEPT, found)
        except CrowdHeritageError:
            found = ()
            self._keep(key, _KEPT_FAILURE, found)
        finally:
            traffic.running -= 1
        return found

    async def _ask(
        self, source: Source, traffic: _Traffic, text: str, lang: str
    ) -> tuple[Hit, ...]:
        question = named(source.search(text, lang), self._agent)
        async with answered(question, self._listed, seconds=SECONDS) as response:
            if response.status_code in (429, 503):
                wait = retry_after(response.headers, datetime.now(UTC))
                wait = _REST if wait is None else min(wait, _LONGEST_REST)
                traffic.rests_until = self._clock() + wait
            check_status(response)
            data = await body(response, _MOST_BYTES)
        hits = source.hits(data, lang)
        return tuple(hit for hit in hits if source.iris.fullmatch(hit.iri))

    def _keep(self, key: tuple[str, ...], seconds: float, found: tuple[Hit, ...]) -> None:
        self._known[key] = (self._clock() + seconds, found)
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)


def named(question: Question, name: str) -> Question:
    """The same question, saying who asks."""
    return replace(question, headers={**question.headers, "User-Agent": name})
