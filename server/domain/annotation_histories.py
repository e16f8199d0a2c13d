"""The history of an annotation: who did what and when, from the journal, as somebody may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.commit import Desk
from server.domain import (
    accounts,
    annotation_bodies,
    entry_readings,
    happening_words,
    makers,
    participation,
    permissions,
)
from server.domain.accounts import Person
from server.domain.annotation_parts import Claim, Decision, Reopening, Vote
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.entry_readings import Action, Happening
from server.domain.widgets import Showing
from server.i18n import _
from server.index import histories
from server.journal.entries import Entry
from server.viewers import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `sign` says who did it: you, people, software or organiser.

    `details` are sentences: reasons, comments, what somebody says for themselves. `data` is the
    same for programs; `undo` marks what took something back at once; `other` is the `{id}` of the
    annotation that an edit led to or came from, `load` the path of a vocabulary's load.
    """

    seq: int
    when: datetime
    action: Action
    sign: str
    who: str
    text: str
    details: tuple[str, ...]
    data: dict[str, Any]
    undo: bool = False
    other: str = ""
    load: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A page, newest first; `following` is the number of the entry before which the next begins."""

    events: list[Event]
    following: int | None = None


def read(
    desk: Desk, viewer: Viewer, campaign: Campaign, annotation: Annotation, person: Person | None,
    language: str, *, limit: int = PAGE, before: int = histories.NEWEST,
) -> History:  # fmt: skip
    """A page of `limit` entries of the journal. Whether this person may see the annotation at all
    is for the caller to ask."""
    marks = histories.of_subject(desk.index.read(), annotation.iri, limit + 1, before)
    entries = desk.journal.find_some([mark.seq for mark in marks[:limit]])
    told = [
        (entry, happening)
        for mark in marks[:limit]
        if (entry := entries.get(mark.seq)) is not None
        for happening in reversed(entry_readings.read(entry, annotation.iri, mark.action))
    ]
    telling = _Telling(
        desk, Showing(desk, viewer, language, annotation.iri, annotation.item), annotation, person,
        _names(desk, (happening.agent for _entry, happening in told)),
        _hears_words(desk, campaign, person),
    )  # fmt: skip
    following = marks[limit - 1].seq if len(marks) > limit else None
    return History([telling.event(*each) for each in told], following)


def _names(desk: Desk, agents: Iterable[str]) -> dict[str, str]:
    """The names of those who let theirs be shown, by their agent."""
    ids = {agent: desk.names.local(agent, "agent") or "" for agent in set(agents)}
    shown = accounts.shown_names(desk, [each for each in ids.values() if each])
    return {agent: shown[each] for agent, each in ids.items() if each in shown}


def _hears_words(desk: Desk, campaign: Campaign, person: Person | None) -> bool:
    """Reasons and comments are for those who take part, not for strangers."""
    moderates = permissions.may(person, "moderate", campaign)
    return moderates or participation.agreed(desk, campaign, person)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who is told of which annotation."""

    desk: Desk
    showing: Showing
    annotation: Annotation
    person: Person | None
    names: dict[str, str]
    hears_words: bool

    def event(self, entry: Entry, each: Happening) -> Event:
        sign, who = self._who(each)
        verdict = getattr(each.part, "verdict", "")
        details = self._details(each) if self.hears_words or self._is_me(each.agent) else []
        return Event(
            seq=entry.seq,
            when=datetime.fromisoformat(entry.at),
            action=each.action,
            sign=sign,
            who=who,
            text=happening_words.text(each, verdict),
            details=tuple([*details, *self._reopened(each)]),
            data=self._data(each, verdict),
            undo=entry.action == "undo",
            other=self.desk.names.local(each.other, "annotation") or "",
            load=self._load(each),
        )

    def _is_me(self, agent: str) -> bool:
        return self.person is not None and self.person.agent.value == agent

    def _who(self, each: Happening) -> tuple[str, str]:
        claim = each.part or each.former
        if isinstance(claim, Claim) and claim.confidence is not None:
            alone = replace(self.annotation, claims=(claim,))
            (made,) = makers.of(self.desk, alone, "")
            return "software", f"{made.words}, {made.sure}" if made.sure else made.words
        if self._is_me(each.agent):
            return "you", _("You")
        if each.agent == self.desk.names.agent(accounts.SYSTEM).value:
            return "organiser", _("Whoever runs this server")
        if each.action in ("decided", "undecided", "reopened", "published", "unpublished"):
            return "organiser", self.names.get(each.agent) or _("An organiser")
        guest = isinstance(claim, Claim | Vote) and claim.guest
        return "people", self.names.get(each.agent) or (_("A guest") if guest else _("Somebody"))

    def _details(self, each: Happening) -> list[str]:
        part = each.part
        if isinstance(part, Claim):
            shown = annotation_bodies.details(self.showing, self.annotation, part.content)
            return [f"{one.label}: {one.words}" for one in shown if one.words]
        if isinstance(part, Vote):
            rating = "" if part.rating is None else _("{number} of 100", number=part.rating)
            return [words for words in (rating, part.reason, part.comment) if words]
        return [part.reason] if isinstance(part, Decision) and part.reason else []

    def _reopened(self, each: Happening) -> list[str]:
        if not isinstance(each.part, Reopening):
            return []
        return happening_words.change(each.part.reason)

    def _load(self, each: Happening) -> str:
        """Organisers see what was loaded."""
        if not isinstance(each.part, Reopening) or not self.showing.viewer.sees_work:
            return ""
        vocabulary, _hash, name = each.part.load.partition("#load-")
        slug = self.desk.names.local(vocabulary, "vocabulary")
        return f"/vocabularies/{slug}/loads/{name}" if slug and name else ""

    def _data(self, each: Happening, verdict: str) -> dict[str, Any]:
        found: dict[str, Any] = {"verdict": verdict} if verdict else {}
        if isinstance(each.former, Vote | Decision) and each.part:
            found["former_verdict"] = each.former.verdict
        claim = each.part or each.former
        if isinstance(claim, Claim) and claim.confidence is not None:
            found["confidence"] = claim.confidence
        if isinstance(each.part, Vote) and each.part.rating is not None and self.hears_words:
            found["rating"] = each.part.rating
        if isinstance(each.part, Reopening):
            found["change"] = each.part.reason
        return found
