"""A server that is told to stop finishes what it accepted, and loses nothing of it."""

import signal
import threading
import time
from pathlib import Path

import httpx

from server.domain import annotations, opening
from server.settings import Settings
from tests import sites, worlds
from tests.web.visitors import Visitor

CLIENTS = 4
ENOUGH = 80  # votes that were acknowledged before the server is told to stop
SECONDS = 30


def test_sigterm_under_load_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = worlds.create(data)
    proposals = furnish(settings)
    acknowledged: dict[str, set[str]] = {}
    enough = threading.Event()
    with sites.serving_process(data, rate="1000000") as (address, process):
        threads = [
            threading.Thread(target=keep_voting, args=(address, proposals, acknowledged, enough))
            for _ in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert process.wait(SECONDS) in (0, -signal.SIGTERM)
        assert time.monotonic() - told < SECONDS
        for thread in threads:
            thread.join(SECONDS)
    assert sum(map(len, acknowledged.values())) >= ENOUGH
    with opening.opened(settings) as desk:
        assert desk.journal.set_aside_entries() == []
        for agent, voted in acknowledged.items():
            for iri in voted:
                vote = annotations.get(desk, iri).vote_of(agent)
                assert vote is not None and vote.verdict == "approve", iri


def furnish(settings: Settings) -> list[str]:
    """Many proposals to vote on."""
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk, items=6, terms=25)
        return [
            world.propose(world.organiser, worlds.item(item), worlds.term(term))
            for item in range(6)
            for term in range(25)
        ]


def keep_voting(
    address: str, proposals: list[str], acknowledged: dict[str, set[str]], enough: threading.Event
) -> None:
    """Approve one after the other until the server hangs up; remember what it confirmed."""
    with Visitor(address) as guest:
        guest.start("subjects")
        mine = acknowledged.setdefault(guest.agent(), set())
        for iri in proposals:
            try:
                answer = guest.vote(iri.rpartition("/")[2], "approve")
            except httpx.TransportError:
                return
            if answer.status_code < 400:
                mine.add(iri)
            if sum(map(len, acknowledged.copy().values())) >= ENOUGH:
                enough.set()
