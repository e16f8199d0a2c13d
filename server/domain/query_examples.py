"""The example queries in `queries/examples`: each answers a question that somebody has.

The head of a file: `# Title`, `# What it answers.`, `# for: museums`, then what to change in it.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from server.commit import Desk
from server.i18n import _
from server.resources import folder

#: For whom, in the order of the page.
GROUPS = ("museums", "researchers", "teachers", "software makers")
_HEAD = re.compile(r"# (?P<title>.+)\n# (?P<text>.+)\n# for: (?P<group>.+)\n")


@dataclass(frozen=True, slots=True)
class Example:
    """`query` has the title and what it answers as its first lines, in the reader's language."""

    key: str
    title: str
    text: str
    group: str
    query: str


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    title: str
    text: str
    group: str
    rest: str


def examples(desk: Desk) -> list[Example]:
    """All of them, by their numbers; addresses of this instance in place of the example's."""
    return [_example(desk, each) for each in _files()]


def grouped(desk: Desk) -> list[tuple[str, list[Example]]]:
    """(for whom, their examples)"""
    titles = dict(
        zip(
            GROUPS,
            (_("For museums"), _("For researchers"), _("For teachers"), _("For software makers")),
            strict=True,
        )
    )
    found = examples(desk)
    return [(titles[name], [each for each in found if each.group == name]) for name in GROUPS]


def _example(desk: Desk, file: _File) -> Example:
    title, text = _(file.title), _(file.text)
    rest = file.rest.replace("http://localhost:8000/", desk.names.base)
    return Example(file.key, title, text, file.group, f"# {title}\n# {text}\n{rest}")


@cache
def _files() -> list[_File]:
    found = sorted((folder("queries") / "examples").glob("*.rq"), key=_number)
    return [_read(path) for path in found]


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _read(path: Path) -> _File:
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    assert head is not None, f"{path.name} has no head"
    return _File(
        path.stem.partition("-")[2], head["title"], head["text"], head["group"],
        text[head.end() :].strip(),
    )  # fmt: skip
