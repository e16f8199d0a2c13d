"""What runs in a vocabulary's child process (`python -m server.domain.vocabulary_child`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from server import i18n
from server.domain import vocabulary_sources
from server.domain.vocabulary_building import build, seldom
from server.domain.vocabulary_forks import in_words
from server.domain.vocabulary_sorting import Place
from server.formats import children
from server.formats.vocabularies import Reading

Job = dict[str, Any]
Send = Callable[[Job], None]


def main(job: Job, send: Send) -> None:
    i18n.language.set(job["language"])
    try:
        send({"done": load(job, send)})
    except OSError as error:
        raise in_words(error) from error


def load(job: Job, send: Send) -> Job:
    """Everything that a load needs to know, in files of its folder."""
    tell = seldom(lambda what, done, total: send({"told": [what, done, total]}))
    place = Place(
        Path(job["folder"]), job["graph"], job["base"], job["vocabulary"], _path(job["old"]),
        _path(job["used"]), job["language"], job["spare"], forks=True,
    )  # fmt: skip
    reading = Reading(place.folder, lambda done, total: tell("read", done, total))
    paths = [Path(path) for path in job["paths"]]
    data = vocabulary_sources.read(job["source"], paths, job["options"], reading)
    send({"scheme": data.scheme or ""})
    return build(data, reading, place, tell)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


if __name__ == "__main__":
    children.serve(main)
