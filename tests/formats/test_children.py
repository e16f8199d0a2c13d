import pytest

from server.errors import CrowdHeritageError, Malformed, TooLarge, Unavailable
from server.formats.children import run_child


def run(do: str, seconds: float = 60, stop_after: int | None = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    count = run_child(
        "tests.formats.child_jobs",
        {"do": do},
        memory=1_000_000_000,
        seconds=seconds,
        on_message=found.append,
        stop=lambda: stop_after is not None and len(found) >= stop_after,
    )
    assert count == len(found)
    return found


def test_a_job_sends_its_messages_in_order():
    assert run("nothing") == [{"started": "nothing"}, {"done": True}]


@pytest.mark.parametrize(
    ("do", "error"),
    [
        ("memory", TooLarge),
        ("overflow", Malformed),
        ("exit", Malformed),
        ("error", Malformed),
        ("complain", TooLarge),
        ("connect", Malformed),
        ("program", TooLarge),
    ],
)
def test_a_child_that_dies_or_complains_says_why(do: str, error: type[CrowdHeritageError]):
    with pytest.raises(error) as caught:
        run(do)
    assert str(caught.value).endswith((".", "no network", "no programs"))


def test_a_child_ends_at_its_deadline_and_when_it_is_stopped():
    with pytest.raises(Unavailable, match="too long"):
        run("forever", seconds=1)
    with pytest.raises(Unavailable, match="stopped"):
        run("forever", stop_after=1)
