"""Dumps for download: made when they are asked for, kept until what they hold has changed."""

import logging
import shutil
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server import i18n
from server.commit import Desk
from server.domain import dump_child, dump_kept, dump_offers, dump_plans, dump_snapshots
from server.domain.dump_kept import Dump
from server.domain.dump_offers import Offer
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import folder
from server.errors import Malformed, StorageFull, TooLarge, TooMany, Unavailable
from server.formats import children
from server.i18n import _
from server.index import items
from server.names import timestamp
from server.viewers import PUBLIC

logger = logging.getLogger(__name__)
#: One that took longer than this is given out a while after the data moved: ten times as long.
QUICK_SECONDS = 2.0
_LONGEST_SECONDS = 600.0
_WAITING, _OF_CLIENT = 40, 12  # to be made, at most: of all, and of one client


@dataclass(slots=True)
class _Job:
    """One that is being made, or waits: for whom, and how far it is (done, of how many or 0)."""

    made: Future[Dump]
    client: str
    told: tuple[int, int] = (0, 0)


class DumpFiles:
    """Makes one dump at a time, in a process of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._folder = folder(desk.settings.data)
        self._lock = threading.Lock()
        self._jobs: dict[Offer, _Job] = {}
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="dumps")
        dump_kept.remove_partial(self._folder)

    def current(self, offer: Offer) -> Dump | None:
        """The file that may be given out now, if there is one."""
        found = dump_kept.newest(self._desk, offer)
        if found is None:
            return None
        fresh = found.sequence == dump_offers.sequence(self._desk, offer)
        return found if fresh or self._may_lag(found) else None

    def make(self, offer: Offer, client: str = "") -> Future[Dump]:
        """The dump of now, soon; whoever asks while it is being made waits for the same.

        Raises Unavailable where too many wait to be made, TooMany where this client began many.
        """
        with self._lock:
            job = self._jobs.get(offer)
            if job is None:
                if len(self._jobs) >= _WAITING:
                    raise Unavailable(_("Many dumps wait to be made. Please try again later."))
                its = [each for each in self._jobs.values() if each.client == client]
                if client and len(its) >= _OF_CLIENT:
                    raise TooMany(
                        _("Many dumps that you asked for are being made. Please wait a little."), 5
                    )
                made = self._builder.submit(self._make, offer, i18n.language.get())
                job = self._jobs[offer] = _Job(made, client)
            return job.made

    def progress(self, offer: Offer) -> tuple[int, int] | None:
        """(records or bytes done, of how many or 0) while it is made or waits, else None."""
        job = self._jobs.get(offer)
        return job.told if job else None

    def _may_lag(self, dump: Dump) -> bool:
        """What takes long may be a while behind; but no collection that is public no more."""
        if dump.seconds <= QUICK_SECONDS:
            return False
        age = (datetime.now(UTC) - dump.at).total_seconds() - dump.seconds
        return (
            age < min(_LONGEST_SECONDS, 10 * dump.seconds)
            and dump.collections <= _collections(self._desk)
        )  # fmt: skip

    def _make(self, offer: Offer, language: str) -> Dump:
        i18n.language.set(language)
        try:
            return self.current(offer) or self._made(offer)
        finally:
            with self._lock:
                self._jobs.pop(offer, None)

    def _made(self, offer: Offer) -> Dump:
        """Written beside, then moved to its name; with its description it is there."""
        free = shutil.disk_usage(self._folder).free
        if free < 2 * self._desk.settings.min_free:
            raise StorageFull(_("There is no room for a dump on the disk."))
        started = time.monotonic()
        # Read before the copy is made: what comes between is in the file, and makes another.
        sequence = dump_offers.sequence(self._desk, offer)
        collections = _collections(self._desk)
        place = dump_kept.place(self._desk, offer.scope)
        place.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{sequence}.{offer.name}"
        try:
            said = self._write(offer, part)
            path = place / f"{sequence:012d}.{offer.name}"
            said |= {"at": timestamp(datetime.now(UTC)), "collections": sorted(collections)}
            said["seconds"] = time.monotonic() - started
            part.replace(path)
            dump_kept.describe(path, said)
        finally:
            part.unlink(missing_ok=True)
        dump_kept.prune(self._desk, offer)
        made = dump_kept.newest(self._desk, offer)
        if made is None:
            raise Unavailable(_("The dump was removed before it was read."))
        return made

    def _write(self, offer: Offer, target: Path) -> dict[str, Any]:
        """Its size, checksum and number of records."""
        desk, done = self._desk, dict[str, Any]()

        def told(message: dict[str, Any]) -> None:
            done.update(message.get("done", {}))
            if "told" in message and (job := self._jobs.get(offer)):
                job.told = tuple(message["told"])

        names = (offer.scope.name,) if offer.scope.name else ()
        plan = Plan(offer.form, offer.content, offer.scope.kind, names, offer.name)
        with dump_snapshots.copied(desk) as copy:
            plan = dump_plans.listing(desk, plan, copy)
            job = {
                "plan": plan.to_json(), "snapshot": str(copy), "target": str(target),
                "base": desk.names.base, "language": i18n.language.get(),
            }  # fmt: skip
            try:
                children.run_child(
                    dump_child.__name__, job, memory=desk.settings.dump_memory,
                    seconds=desk.settings.dump_seconds, on_message=told,
                    stop=desk.stopping.is_set,
                )  # fmt: skip
            except (Malformed, TooLarge) as error:  # its process ended: not the reader's fault
                logger.exception("the dump %s", offer.path)
                raise Unavailable(_("This dump could not be made. Please try later.")) from error
        return done


def _collections(desk: Desk) -> frozenset[str]:
    return frozenset(row.slug for row in items.collections(PUBLIC, desk.index.read()))
