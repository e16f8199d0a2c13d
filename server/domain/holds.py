"""Which items people have before them right now, in memory: a restart may forget it."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import RLock
from weakref import WeakKeyDictionary

from server.commit import Desk

#: For how long, and how many things of one person, it is known what somebody was given.
_REMEMBERED = timedelta(days=1)
_MOST_GIVEN = 50
_MOST_PEOPLE = 20_000
_MOST_PUT_OFF = 500

Key = tuple[str, str]
"""(queue, agent), or (queue, thing)."""


class Holds:
    """What is kept for whom, until when; take `lock` around looking and keeping."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._began = datetime.now(UTC)
        self._holders: dict[Key, dict[str, datetime]] = {}
        self._given: OrderedDict[Key, OrderedDict[str, datetime]] = OrderedDict()
        self._held: dict[Key, str] = {}
        self._turns: dict[Key, int] = {}
        self._later: OrderedDict[Key, OrderedDict[str, None]] = OrderedDict()

    def keep(self, queue: str, agent: str, thing: str, now: datetime, idle: timedelta) -> None:
        """Give it to them, or renew it; what they had of this queue before is free again."""
        with self.lock:
            before = self._held.get((queue, agent))
            if before is not None and before != thing:
                self._free(queue, agent, before)
            self._remember(queue, agent, thing, now)
            self._held[queue, agent] = thing
            self._turns[queue, agent] = self.turn(queue, agent) + 1
            self._holders.setdefault((queue, thing), {})[agent] = now + idle

    def note(self, queue: str, agent: str, thing: str, now: datetime) -> None:
        """Remember that they were given it, without keeping it for them."""
        with self.lock:
            self._remember(queue, agent, thing, now)

    def turn(self, queue: str, agent: str) -> int:
        """How often something was kept for them: tells an old page that is left from a new one."""
        return self._turns.get((queue, agent), 0)

    def release(self, queue: str, agent: str, thing: str, turn: int | None = None) -> None:
        """They left it; of a turn that is over, nothing changes."""
        with self.lock:
            if turn is not None and turn != self.turn(queue, agent):
                return
            self._free(queue, agent, thing)
            if self._held.get((queue, agent)) == thing:
                del self._held[queue, agent]

    def current(self, queue: str, agent: str) -> str | None:
        """What they were given last and have not left, however long ago."""
        return self._held.get((queue, agent))

    def others(self, queue: str, agent: str, thing: str, now: datetime) -> int:
        """How many other people have it before them."""
        with self.lock:
            holders = self._holders.get((queue, thing), {})
            for each in [each for each, until in holders.items() if until <= now]:
                del holders[each]
            if not holders:
                self._holders.pop((queue, thing), None)
            return len(holders) - (agent in holders)

    def holds(self, queue: str, agent: str, thing: str, now: datetime) -> bool:
        """Whether it is kept for them."""
        holders: dict[str, datetime] = self._holders.get((queue, thing), {})
        until = holders.get(agent)
        return until is not None and until > now

    def was_given(self, queue: str, agent: str, thing: str, now: datetime) -> bool:
        """Whether they had it before them lately, though it may be kept no longer."""
        mine: dict[str, datetime] = self._given.get((queue, agent), OrderedDict())
        given = mine.get(thing)
        return given is not None and given > now - _REMEMBERED

    def is_young(self, now: datetime, than: timedelta) -> bool:
        """Whether somebody may still have what was given before the server started."""
        return timedelta(0) <= now - self._began < than

    def put_off(self, queue: str, agent: str, thing: str) -> None:
        with self.lock:
            mine = self._later.setdefault((queue, agent), OrderedDict())
            self._later.move_to_end((queue, agent))
            mine[thing] = None
            mine.move_to_end(thing)
            if len(mine) > _MOST_PUT_OFF:
                mine.popitem(last=False)
            if len(self._later) > _MOST_PEOPLE:
                self._later.popitem(last=False)

    def later(self, queue: str, agent: str) -> list[str]:
        """What they put off, the longest ago first."""
        with self.lock:
            return list(self._later.get((queue, agent), ()))

    def _free(self, queue: str, agent: str, thing: str) -> None:
        holders = self._holders.get((queue, thing), {})
        holders.pop(agent, None)
        if not holders:
            self._holders.pop((queue, thing), None)

    def _remember(self, queue: str, agent: str, thing: str, now: datetime) -> None:
        mine = self._given.setdefault((queue, agent), OrderedDict())
        self._given.move_to_end((queue, agent))
        mine[thing] = now
        mine.move_to_end(thing)
        if len(mine) > _MOST_GIVEN:
            mine.popitem(last=False)
        if len(self._given) > _MOST_PEOPLE:
            (queue, agent), _things = self._given.popitem(last=False)
            self._turns.pop((queue, agent), None)
            if (left := self._held.pop((queue, agent), None)) is not None:
                self._free(queue, agent, left)


_of: WeakKeyDictionary[Desk, Holds] = WeakKeyDictionary()
_making = RLock()


def of(desk: Desk) -> Holds:
    """Those of this desk."""
    with _making:
        return _of.setdefault(desk, Holds())
