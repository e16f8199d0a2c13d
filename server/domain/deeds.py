"""What one did in this visit, in words, each with whether it can be taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import annotation_bodies, annotations, entry_readings, undoing
from server.domain.accounts import Person
from server.domain.entry_readings import Happening
from server.errors import NotFound
from server.i18n import _, ngettext
from server.index import histories, items
from server.journal.entries import Entry
from server.names import CH, value_of
from server.patches import Patch
from server.viewers import Viewer

PAGE = 30


@dataclass(frozen=True, slots=True)
class Deed:
    """`seq` is the number of its entry, `text` a sentence; `why_not` says why it cannot be taken
    back, "" where it can. `path` is the item's page in its campaign, `title` the item's."""

    seq: int
    when: datetime
    text: str
    why_not: str
    path: str = ""
    title: str = ""


def of_visit(
    desk: Desk, viewer: Viewer, person: Person, now: datetime, language: str,
    before: int = histories.NEWEST,
) -> tuple[list[Deed], int | None]:  # fmt: skip
    """A page, newest first, and the number of the entry before which the next one begins."""
    marks = undoing.visit(desk, person, now, PAGE + 1, before)
    entries = desk.journal.find_some([mark.seq for mark in marks[:PAGE]])
    found: list[Deed] = []
    batches: set[str] = set()
    for entry in (entries[mark.seq] for mark in marks[:PAGE] if mark.seq in entries):
        batch = undoing.batch_of(entry)
        deed = _deed(desk, viewer, person, entry, now, language)
        if deed and not (batch and batch in batches):  # its pages are taken back together
            found.append(deed)
        batches.add(batch)
    return found, marks[PAGE - 1].seq if len(marks) > PAGE else None


def find(
    desk: Desk, viewer: Viewer, person: Person, seq: int, now: datetime, language: str
) -> Deed | None:
    """One's own entry of that number, if it is one."""
    try:
        entry = undoing.get_own(desk, person, seq)
    except NotFound:
        return None
    if entry.action not in undoing.ACTIONS:
        return None
    return _deed(desk, viewer, person, entry, now, language)


def _deed(
    desk: Desk, viewer: Viewer, person: Person, entry: Entry, now: datetime, language: str
) -> Deed | None:
    """None for what was not in their own words, such as what they put down for software."""
    text, slug, item = _told(desk, viewer, person, entry, language)
    if not text:
        return None
    row = items.find_item_by_iri(viewer, desk.index.read(), item) if item else None
    return Deed(
        seq=entry.seq,
        when=datetime.fromisoformat(entry.at),
        text=text,
        why_not=undoing.why_not(desk, entry, now),
        path=f"/campaigns/{slug}/items/{row.id}" if row and slug else "",
        title=row.title(language) if row else "",
    )


def _told(
    desk: Desk, viewer: Viewer, person: Person, entry: Entry, language: str
) -> tuple[str, str, str]:
    """(a sentence, the campaign, the item's IRI), "" for none"""
    if undoing.batch_of(entry):
        return _at_once(entry), "", ""
    if entry.action in ("finished", "skipped"):
        return _left(desk, viewer, entry, language)
    for iri, happening in _happenings(desk, person, entry):
        annotation = annotations.find(desk, iri)
        if annotation is not None:
            label = annotation_bodies.view(desk, viewer, annotation, language).label
            item = items.current_item(desk.index.read(), annotation.item)
            return _sentence(happening, label), annotation.campaign, item
    return "", "", ""


def _happenings(desk: Desk, person: Person, entry: Entry) -> Iterator[tuple[str, Happening]]:
    """What came before what went: of an edit the new answer."""
    work = entry.patch.get("work", {})
    lines = (*work.get("add", ()), *work.get("remove", ()))
    subjects = (line.partition(">")[0][1:].partition("#")[0] for line in lines)
    for iri in dict.fromkeys(subjects):
        if desk.names.local(iri, "annotation"):
            for each in reversed(entry_readings.read(entry, iri)):
                if each.agent == person.agent.value:
                    yield iri, each


def _at_once(entry: Entry) -> str:
    added = entry.patch.get("work", {}).get("add", ())
    votes = sum(f" {CH.verdict} " in line and "#vote-" in line for line in added)
    if votes:
        return ngettext(
            "You answered one proposal at once.", "You answered {count} proposals at once.", votes
        )
    return _("You took back what you had answered at once.")


def _left(desk: Desk, viewer: Viewer, entry: Entry, language: str) -> tuple[str, str, str]:
    said = Patch.from_json(entry.patch).work.add
    item = next((value_of(quad.object) for quad in said if quad.predicate == CH.item), "")
    campaign = next((quad.object for quad in said if quad.predicate == CH.campaign), None)
    slug = desk.names.local(campaign.value, "campaign") if isinstance(campaign, NamedNode) else ""
    item = items.current_item(desk.index.read(), item)
    row = items.find_item_by_iri(viewer, desk.index.read(), item)
    title = row.title(language) if row else item
    if entry.action == "finished":
        return _("You are done with “{title}”.", title=title), slug or "", item
    return _("You put “{title}” off.", title=title), slug or "", item


def voted(verdict: str | None, label: str) -> str:
    """The sentence that tells of a vote; None for one that was taken back."""
    return {
        "approve": _("You said yes to “{label}”.", label=label),
        "reject": _("You said no to “{label}”.", label=label),
        "unsure": _("You were not sure about “{label}”.", label=label),
    }.get(verdict or "") or _("You took your answer to “{label}” back.", label=label)


def _sentence(happening: Happening, label: str) -> str:
    verdict = getattr(happening.part, "verdict", "")
    if happening.action in ("voted", "unvoted"):
        return voted(verdict if happening.action == "voted" else None, label)
    if happening.action == "decided":
        if verdict == "accept":
            return _("You accepted “{label}”.", label=label)
        return _("You rejected “{label}”.", label=label)
    if happening.other and happening.action != "withdrew":
        return _("You changed your answer to “{label}”.", label=label)
    return {
        "revised": _("You changed what you say with “{label}”.", label=label),
        "withdrew": _("You took “{label}” back.", label=label),
        "undecided": _("You took your decision on “{label}” back.", label=label),
    }.get(happening.action) or _("You added “{label}”.", label=label)
