"""The filters by which annotations are looked up, from the parameters of an address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from server.commit import Desk
from server.domain import kinds, permissions
from server.domain.accounts import Person
from server.errors import Malformed
from server.formats import annotations_jsonld
from server.formats.webanno_context import ANNO_TERMS, OUR_TERMS
from server.i18n import _
from server.index import published_annotations
from server.index.folding import fold
from server.names import is_safe_iri, is_slug, timestamp

FILTERS = (
    "target", "body", "creator", "generator", "campaign", "status", "field", "motivation", "kind",
    "from", "to", "q",
)  # fmt: skip
STATUSES = ("published", "pending", "accepted", "contested", "rejected")
_MOST_WORDS = 8
_LONGEST = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Search:
    """The filters, each by its name with its value as it is compared; `scope` is the facet of the
    container that is searched."""

    filters: tuple[tuple[str, str], ...] = ()
    scope: str = published_annotations.EVERY

    @property
    def status(self) -> str:
        return dict(self.filters).get("status", "published")

    @property
    def public(self) -> bool:
        return self.status == "published"

    def get(self, name: str) -> str:
        return dict(self.filters).get(name, "")


def read(desk: Desk, person: Person | None, given: Mapping[str, str]) -> Search:
    """From the parameters of an address; those without a value do not count.

    Raises Malformed, and NotSignedIn where one asks for what is not public.
    """
    found = []
    for name, text in given.items():
        if name not in FILTERS:
            raise Malformed(_("There is no filter “{name}”.", name=name[:80]))
        if text.strip():
            found.append((name, _READERS.get(name, _iri)(desk, person, text.strip())))
    search = Search(tuple(found))
    if not search.public:
        permissions.require_somebody(person)
    return search


def within(search: Search, scope: str) -> Search:
    return replace(search, scope=scope)


def _iri(_desk: Desk, _person: Person | None, text: str) -> str:
    found = annotations_jsonld.expand(text)
    if not is_safe_iri(found):
        raise Malformed(_("“{text}” is no address.", text=text[:80]))
    return found


def _agent(desk: Desk, person: Person | None, text: str) -> str:
    if text == "me":
        return permissions.require_somebody(person).agent.value
    return _iri(desk, person, text) if ":" in text else desk.names.agent(_name(text)).value


def _campaign(desk: Desk, _person: Person | None, text: str) -> str:
    return _name(desk.names.local(text, "campaign") or text)


def _name(text: str) -> str:
    if not is_slug(text):
        raise Malformed(_("“{text}” is no short name.", text=text[:80]))
    return text


def _status(_desk: Desk, _person: Person | None, text: str) -> str:
    if text not in STATUSES:
        raise Malformed(_("A status is one of {names}.", names=", ".join(STATUSES)))
    return text


def _motivation(desk: Desk, person: Person | None, text: str) -> str:
    term = OUR_TERMS.get(text) or ANNO_TERMS.get(text)
    return _iri(desk, person, term if isinstance(term, str) else text)


def _kind(desk: Desk, person: Person | None, text: str) -> str:
    named = next((each.iri for each in kinds.every(desk) if each.name == text), text)
    return _iri(desk, person, named)


def _first(_desk: Desk, _person: Person | None, text: str) -> str:
    return text if _is_day(text) else _moment(text)


def _last(_desk: Desk, _person: Person | None, text: str) -> str:
    """Until the end of the day, or of the millisecond."""
    return f"{text}~" if _is_day(text) else _moment(text)


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and bool(_moment(text))


def _moment(text: str) -> str:
    """A time as the index has it; a plus sign of its zone may have become a blank."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return timestamp(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise Malformed(_("“{text}” is no time, such as 2026-11-22.", text=text[:80])) from error


def _words(_desk: Desk, _person: Person | None, text: str) -> str:
    return " ".join(fold(text[:_LONGEST]).split()[:_MOST_WORDS])


_READERS: dict[str, Callable[[Desk, Person | None, str], str]] = {
    "creator": _agent, "generator": _agent, "campaign": _campaign, "status": _status,
    "motivation": _motivation, "kind": _kind, "from": _first, "to": _last, "q": _words,
}  # fmt: skip
