"""Who makes an annotation, in words: you, other people, programs by their name and version."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from babel.numbers import format_percent
from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain.annotation_parts import Claim
from server.domain.annotations import Annotation
from server.i18n import _, language, ngettext

#: From which confidence on a program is how sure.
_SURE: tuple[tuple[float, Callable[[str], str]], ...] = (
    (0.9, lambda share: _("very sure ({share})", share=share)),
    (0.7, lambda share: _("fairly sure ({share})", share=share)),
    (0.4, lambda share: _("not very sure ({share})", share=share)),
    (0.0, lambda share: _("unsure ({share})", share=share)),
)
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Maker:
    """`sign` is you, people or software; `sure` says how sure a program is."""

    sign: str
    words: str
    sure: str = ""


#: The names of programs by the IRI of their agent, once they are known.
_named: WeakKeyDictionary[Desk, dict[str, str]] = WeakKeyDictionary()


def remember(desk: Desk, annotations: Iterable[Annotation]) -> None:
    """Look the names of all these programs up at once."""
    known = _named.setdefault(desk, {})
    agents = {
        claim.agent for each in annotations for claim in each.claims
        if claim.confidence is not None and claim.agent not in known
    }  # fmt: skip
    if not agents:
        return
    nodes = [NamedNode(agent) for agent in sorted(agents)]
    for row in desk.select("agent_names", agents=nodes):
        version = f" {row['version'].value}" if row["version"] else ""
        known[row["agent"].value] = row["name"].value + version


def forget(desk: Desk, agent: str) -> None:
    """A program may call itself otherwise by now, or have another version."""
    _named.get(desk, {}).pop(agent, None)


def of(desk: Desk, annotation: Annotation, agent: str) -> list[Maker]:
    """You first; other people are never named."""
    people = [claim for claim in annotation.claims if claim.confidence is None]
    programs = [claim for claim in annotation.claims if claim.confidence is not None]
    others = [claim for claim in people if claim.agent != agent]
    found = []
    if len(others) < len(people):
        found.append(Maker("you", _("you")))
    if others:
        found.append(Maker("people", ngettext("one person", "{count} people", len(others))))
    return found + _programs(desk, annotation, programs)


def made_by(desk: Desk, annotation: Annotation, agent: str) -> str:
    """The same in one line."""
    found = of(desk, annotation, agent)
    words = [f"{each.words}, {each.sure}" if each.sure else each.words for each in found]
    return _("by {who}", who=_(" and ").join(words)) if words else _("withdrawn")


def _programs(desk: Desk, annotation: Annotation, claims: list[Claim]) -> list[Maker]:
    remember(desk, [annotation])
    names = _named[desk]
    found = [
        Maker("software", names.get(claim.agent) or _("software"), _sure(claim.confidence or 0))
        for claim in claims[:_MOST_NAMED]
    ]
    more = len(claims) - len(found)
    if more:
        found.append(Maker("software", ngettext("{count} more", "{count} more", more)))
    return found


def _sure(confidence: float) -> str:
    share = format_percent(confidence, locale=language.get())
    return next(words(share) for least, words in _SURE if confidence >= least)
