"""Background work of the running server: in threads, with progress, and a way to stop it."""

import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from server import i18n
from server.commit import Desk
from server.errors import CrowdHeritageError, Invalid, NotFound, TooMany
from server.i18n import _
from server.names import new_id

logger = logging.getLogger(__name__)
State = Literal["waiting", "running", "done", "failed"]
_UNDERWAY = ("waiting", "running")
_AT_ONCE = 2  # each may have a child process with gigabytes
_OF_ONE, _OF_ALL = 2, 50  # unfinished ones of one person, and of all who are no importers
_KEPT = 100  # finished jobs that can still be looked at


@dataclass(slots=True)
class Job:
    """`done` and `total` (0: unknown) are counts of what the work says; `rate` is per second.

    `in_bytes` says that they are bytes, while `what` is none of `add` and `remove` (statements).
    `again` is where to begin anew after a failure, `by` whose it is, where that is no importer.
    """

    title: str
    id: str = field(default_factory=new_id)
    state: State = "waiting"
    what: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    lines: list[str] = field(default_factory=list)
    href: str | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    may_stop: bool = True
    again: str = "/collections/import"
    by: str = ""
    in_bytes: bool = False
    _began: float = field(default_factory=monotonic)

    @property
    def rate(self) -> float:
        seconds = monotonic() - self._began
        return self.done / seconds if seconds > 0.1 else 0.0

    @property
    def seconds_left(self) -> int | None:
        """As far as is known."""
        if not self.total or not self.rate or self.done > self.total:
            return None
        return round((self.total - self.done) / self.rate)

    @property
    def counts_bytes(self) -> bool:
        return self.in_bytes and self.what not in ("add", "remove")

    def tell(self, what: str, done: int, total: int) -> None:
        """Progress, as use cases report it."""
        if what != self.what:
            self.what, self._began = what, monotonic()
        self.done, self.total = done, total


#: Says where to go on, and may raise an error of the domain.
Work = Callable[[Job], str]


class Jobs:
    """The jobs of one open instance; they end with the process, and what they did is journalled."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(_AT_ONCE)

    def start(self, job: Job, work: Work) -> Job:
        """Raises TooMany where much of theirs is under way."""
        with self._lock:
            self._require_room(job)
            finished = [one.id for one in self._jobs.values() if one.state in ("done", "failed")]
            for old in finished[:-_KEPT]:
                del self._jobs[old]
            self._jobs[job.id] = job
        language = i18n.language.get()
        # A daemon: the process does not wait for it, and nothing that it leaves is half done.
        threading.Thread(target=self._run, args=(job, work, language), daemon=True).start()
        return job

    def _require_room(self, job: Job) -> None:
        """Each that waits is a thread."""
        of_all = [one.by for one in self._jobs.values() if one.by and one.state in _UNDERWAY]
        if job.by and (of_all.count(job.by) >= _OF_ONE or len(of_all) >= _OF_ALL):
            raise TooMany(_("A lot is under way already. Please wait until it is done."), 10)

    def find(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def get(self, job_id: str) -> Job:
        """Raises NotFound."""
        job = self.find(job_id)
        if job is None:
            raise NotFound(_("There is no such work; perhaps the server was started anew."))
        return job

    def stop(self, job_id: str) -> Job:
        """Ask a job to stop where it can; nothing that it did becomes visible then."""
        job = self.get(job_id)
        if job.may_stop:
            job.stopping.set()
        return job

    def _run(self, job: Job, work: Work, language: str) -> None:
        i18n.language.set(language)
        try:
            with self._turns:
                job.state = "running"
                job.href = work(job)
            job.state = "done"
        except CrowdHeritageError as error:
            job.message = _("It was stopped.") if job.stopping.is_set() else str(error)
            if isinstance(error, Invalid):
                job.lines = [problem.message for problem in error.problems]
            job.state = "failed"
        except Exception:
            logger.exception("job %s", job.id)
            job.message = _("Something went wrong on our side. Nothing was changed.")
            job.state = "failed"


_of: "weakref.WeakKeyDictionary[Desk, Jobs]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(desk: Desk) -> Jobs:
    """The jobs of an open instance."""
    with _guard:
        return _of.setdefault(desk, Jobs())
