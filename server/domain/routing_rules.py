"""The rules by which a campaign hands out its items and proposals: a value, its RDF, its words.

The vocabulary is small and closed (`ch:Routing` in `shapes/campaign.ttl`): numbers and yes or no,
never text of a query.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.domain.campaign_nodes import About, Statements, integer, slugs, value, values
from server.i18n import _, ngettext
from server.names import CH, RDF, SH, XSD, Names


@dataclass(frozen=True, slots=True)
class Priority:
    """What comes before other items where `level` is above 0 (-100..100), or after them below it.

    Of `collections` (slugs) and `items` (IRIs); an item's own goes before its collection's.
    """

    level: int
    collections: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldStep:
    """Until somebody has finished `until` items (0: from then on), one item in `one_in` is gold."""

    until: int
    one_in: float


#: Two in the first five, then fewer and fewer.
GOLD = (GoldStep(5, 2.5), GoldStep(25, 10), GoldStep(100, 20), GoldStep(0, 50))


@dataclass(frozen=True, slots=True)
class Routing:
    """How many people's answers an item needs, and votes a proposal; 0: as many as there are.

    While people disagree more are asked, up to `answers_at_most` and `votes_at_most` (0: not more).
    They disagree on an item where one of its proposals is contested by the acceptance rule, or
    where the most frequent answer to a question has a smaller share than `agreement` (0..1).
    """

    answers_needed: int = 0
    answers_at_most: int = 0
    votes_needed: int = 0
    votes_at_most: int = 0
    agreement: float = 0.6
    lock_minutes: int = 10
    exercise: bool = False
    browsing: bool = True
    disputed_first: bool = False
    priorities: tuple[Priority, ...] = ()
    gold: tuple[GoldStep, ...] = GOLD

    @property
    def locks(self) -> bool:
        """Whether an item that somebody has open is kept for them."""
        return self.lock_minutes > 0 and not self.exercise

    def most_answers(self, disputed: bool) -> int:
        """How many people may answer an item; 0 for any number."""
        if self.exercise:
            return 0
        most = max(self.answers_needed, self.answers_at_most) if self.answers_needed else 0
        return most if disputed else self.answers_needed

    def most_votes(self, contested: bool) -> int:
        """How many people may vote on a proposal; 0 for any number."""
        if self.exercise:
            return 0
        most = max(self.votes_needed, self.votes_at_most) if self.votes_needed else 0
        return most if contested else self.votes_needed

    def gold_odds(self, finished: int) -> float:
        """How likely the next item of somebody who has finished so many is a gold one: 0..1."""
        for step in sorted(self.gold, key=lambda step: step.until or float("inf")):
            if not step.until or finished < step.until:
                return 1 / max(step.one_in, 1)
        return 0.0


# --- as RDF ----------------------------------------------------------------------------------


def read(names: Names, about: Mapping[str, About], node: NamedNode) -> Routing:
    """The rules that a node is, from what its shape has checked."""
    me, default = about[node.value], Routing()
    return Routing(
        answers_needed=int(value(me, CH.answersNeeded, "0")),
        answers_at_most=int(value(me, CH.answersAtMost, "0")),
        votes_needed=int(value(me, CH.votesNeeded, "0")),
        votes_at_most=int(value(me, CH.votesAtMost, "0")),
        agreement=float(value(me, CH.agreementShare, str(default.agreement))),
        lock_minutes=int(value(me, CH.lockMinutes, str(default.lock_minutes))),
        exercise=_flag(me, CH.exercise, default.exercise),
        browsing=_flag(me, CH.browsing, default.browsing),
        disputed_first=_flag(me, CH.disputedFirst, default.disputed_first),
        priorities=tuple(_priorities(names, about, values(me, CH.priority))),
        gold=tuple(_gold(about, values(me, CH.goldStep))) or GOLD,
    )


def _flag(about: About, property_: NamedNode, default: bool) -> bool:
    return bool(value(about, property_, str(default).lower()) in ("true", "1"))


def _priorities(
    names: Names, about: Mapping[str, About], nodes: Iterable[NamedNode]
) -> Iterable[Priority]:
    for node in _ordered(about, nodes):
        me = about[node.value]
        items = tuple(sorted(item.value for item in values(me, CH.item)))
        collections = slugs(names, "collection", values(me, CH.collection))
        yield Priority(int(value(me, CH.level, "0")), collections, items)


def _gold(about: Mapping[str, About], nodes: Iterable[NamedNode]) -> Iterable[GoldStep]:
    for node in _ordered(about, nodes):
        me = about[node.value]
        yield GoldStep(int(value(me, CH.until, "0")), float(value(me, CH.oneIn, "1")))


def _ordered(about: Mapping[str, About], nodes: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: (int(value(about[node.value], SH.order, "0")), str(node)))


def statements(names: Names, campaign: NamedNode, routing: Routing) -> Statements:
    """The rules as they stand in their campaign's graph; nothing for what is so anyway."""
    default, node = Routing(), NamedNode(f"{campaign.value}#routing")
    if routing == default:
        return []
    found: Statements = [(campaign, CH.routing, node), (node, RDF.type, CH.Routing)]
    for property_, given, usual in (
        (CH.answersNeeded, routing.answers_needed, default.answers_needed),
        (CH.answersAtMost, routing.answers_at_most, default.answers_at_most),
        (CH.votesNeeded, routing.votes_needed, default.votes_needed),
        (CH.votesAtMost, routing.votes_at_most, default.votes_at_most),
        (CH.lockMinutes, routing.lock_minutes, default.lock_minutes),
    ):
        if given != usual:
            found.append((node, property_, integer(given)))
    for property_, said, unsaid in (
        (CH.exercise, routing.exercise, default.exercise),
        (CH.browsing, routing.browsing, default.browsing),
        (CH.disputedFirst, routing.disputed_first, default.disputed_first),
    ):
        if said != unsaid:
            found.append((node, property_, Literal(said)))
    if routing.agreement != default.agreement:
        found.append((node, CH.agreementShare, _decimal(routing.agreement)))
    return [*found, *_priority_statements(names, node, routing), *_gold_statements(node, routing)]


def _priority_statements(names: Names, rules: NamedNode, routing: Routing) -> Statements:
    found: Statements = []
    for number, each in enumerate(routing.priorities, 1):
        node = NamedNode(f"{rules.value}-priority-{number}")
        found += [
            (rules, CH.priority, node),
            (node, RDF.type, CH.Priority),
            (node, SH.order, integer(number)),
            (node, CH.level, integer(each.level)),
            *((node, CH.collection, names.collection(slug)) for slug in each.collections),
            *((node, CH.item, NamedNode(item)) for item in each.items),
        ]
    return found


def _gold_statements(rules: NamedNode, routing: Routing) -> Statements:
    found: Statements = []
    for number, step in enumerate(routing.gold if routing.gold != GOLD else (), 1):
        node = NamedNode(f"{rules.value}-gold-{number}")
        found += [
            (rules, CH.goldStep, node),
            (node, RDF.type, CH.GoldStep),
            (node, SH.order, integer(number)),
            (node, CH.oneIn, _decimal(step.one_in)),
            *([(node, CH.until, integer(step.until))] if step.until else []),
        ]
    return found


def _decimal(number: float) -> Literal:
    return Literal(f"{number:f}".rstrip("0").rstrip("."), datatype=XSD.decimal)


# --- in words --------------------------------------------------------------------------------


def sentence(routing: Routing) -> str:
    """The rules in words, for everybody: one sentence after the other."""
    parts = [_exercise()] if routing.exercise else [*_needs(routing), *_lock(routing)]
    if not routing.browsing:
        parts.append(_("You answer what you are given; other items can be looked at only."))
    if routing.priorities:
        parts.append(_("Some items come before others."))
    if routing.disputed_first and not routing.exercise:
        parts.append(_("What people disagree on comes first."))
    return " ".join(parts)


def _exercise() -> str:
    return _("A class exercise: everybody gets every item, however many have answered it.")


def _needs(routing: Routing) -> Iterable[str]:
    if needed := routing.answers_needed:
        yield ngettext(
            "Each item needs the answers of one person.",
            "Each item needs the answers of {count} people.",
            needed,
        )  # fmt: skip
        if (most := routing.most_answers(disputed=True)) > needed:
            yield _("Where they disagree, up to {most} are asked.", most=most)
    if needed := routing.votes_needed:
        yield ngettext(
            "Each proposal is put to one person.",
            "Each proposal is put to {count} people.",
            needed,
        )  # fmt: skip
        if (most := routing.most_votes(contested=True)) > needed:
            yield _("A contested one is put to up to {most}.", most=most)


def _lock(routing: Routing) -> Iterable[str]:
    if routing.locks:
        yield ngettext(
            "An item is kept for you until you leave it, or for one minute without activity.",
            "An item is kept for you until you leave it, or for {count} minutes without activity.",
            routing.lock_minutes,
        )
