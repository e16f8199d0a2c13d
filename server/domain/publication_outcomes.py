"""What the last publication of each campaign came to, and which edition of it people look at."""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain.publication_plans import Figures
from server.domain.publication_selections import Deed
from server.domain.publication_writing import Job
from server.i18n import _, ngettext
from server.index import queues
from server.names import new_id, timestamp


@dataclass(frozen=True, slots=True)
class Outcome:
    """`by` is an agent's IRI; `failed` says in words why a scheduled one came to nothing."""

    when: datetime
    by: str
    deed: Deed
    figures: Figures
    failed: str = ""

    def sentence(self) -> str:
        """What happened, as people say it."""
        return self.failed or sentence(self.deed, self.figures)


def note(desk: Desk, slug: str, deed: Deed, figures: Figures, job: Job) -> None:
    """Remember it, beside the journal; nothing where it changed nothing."""
    if figures.changes_something:
        _put(desk, slug, Outcome(job.now, job.by, deed, figures))
        with _guard:
            _editions.setdefault(desk, {})[slug] = new_id()


def note_failure(desk: Desk, slug: str, why: str, by: str, now: datetime) -> None:
    """Of a scheduled one."""
    _put(desk, slug, Outcome(now, by, "publish", Figures(), why))


def last(desk: Desk, slug: str) -> Outcome | None:
    text = desk.journal.fact(f"publication/{slug}")
    if text is None:
        return None
    said: dict[str, Any] = json.loads(text)
    when, figures = datetime.fromisoformat(said.pop("when")), Figures(**said.pop("figures"))
    return Outcome(when=when, figures=figures, **said)


def _put(desk: Desk, slug: str, outcome: Outcome) -> None:
    said = asdict(outcome) | {"when": timestamp(outcome.when)}
    desk.journal.set_fact(f"publication/{slug}", json.dumps(said))


#: By slug, a name of the state that a campaign's publication is in; another after a restart.
_editions: "WeakKeyDictionary[Desk, dict[str, str]]" = WeakKeyDictionary()
_guard = threading.Lock()


def edition(desk: Desk, slug: str) -> str:
    """Another one after something was published or taken back, and after the campaign was changed:
    what somebody saw before does not hold any more."""
    with _guard:
        publication = _editions.setdefault(desk, {}).setdefault(slug, new_id())
    return f"{publication}-{queues.last_entry(desk.index.read(), desk.names.campaign(slug).value)}"


def sentence(deed: Deed, figures: Figures) -> str:
    """`55 statements on 40 objects published.`"""
    said = []
    if deed == "publish" and figures.added:
        said.append(_of(figures, figures.added, deed))
    if figures.changed:
        said.append(ngettext(
            "{count} published statement brought up to date.",
            "{count} published statements brought up to date.", figures.changed,
        ))  # fmt: skip
    if figures.removed:
        said.append(
            _of(figures, figures.removed, deed) if deed == "withdraw" else ngettext(
                "{count} statement taken back.", "{count} statements taken back.", figures.removed
            )
        )  # fmt: skip
    if figures.rejections:
        said.append(ngettext(
            "{count} rejection published.", "{count} rejections published.", figures.rejections
        ))  # fmt: skip
    if figures.rejections_gone:
        said.append(ngettext(
            "{count} rejection taken back.", "{count} rejections taken back.",
            figures.rejections_gone,
        ))  # fmt: skip
    return " ".join(said) or _("Nothing changed.")


def _of(figures: Figures, number: int, deed: Deed) -> str:
    statements = ngettext("{count} statement", "{count} statements", number)
    objects = ngettext("{count} object", "{count} objects", figures.items)
    if deed == "publish":
        return _("{statements} on {objects} published.", statements=statements, objects=objects)
    return _("{statements} on {objects} taken back.", statements=statements, objects=objects)
