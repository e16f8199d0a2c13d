"""Background work: whose it is, and how much of it one person may begin."""

import threading
import time
from collections.abc import Iterator

import pytest

from server.domain.jobs import Job, Jobs
from server.errors import NotFound, TooMany


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Until it is set, all that was begun goes on."""
    made = threading.Event()
    yield made
    made.set()


def begin(jobs: Jobs, gate: threading.Event, by: str) -> Job:
    def work(_job: Job) -> str:
        gate.wait(60)
        return "/"

    return jobs.start(Job("Answering", by=by), work)


def test_one_person_begins_only_so_much_at_a_time(gate: threading.Event) -> None:
    jobs = Jobs()
    begun = [begin(jobs, gate, "ada"), begin(jobs, gate, "ada")]
    with pytest.raises(TooMany):
        begin(jobs, gate, "ada")
    begun += [begin(jobs, gate, "ben"), begin(jobs, gate, "")]
    gate.set()
    while any(job.state != "done" for job in begun):
        time.sleep(0.01)
    assert begin(jobs, gate, "ada").by == "ada"


def test_those_who_are_no_importers_leave_room_for_those_who_are(gate: threading.Event) -> None:
    jobs = Jobs()
    for number in range(50):
        begin(jobs, gate, f"guest-{number}")
    with pytest.raises(TooMany):
        begin(jobs, gate, "one more")
    assert begin(jobs, gate, "").state in ("waiting", "running")


def test_a_job_that_is_not_there_is_not_found() -> None:
    assert Jobs().find("nothing") is None
    with pytest.raises(NotFound):
        Jobs().get("nothing")
