"""How the answers to a question become published values: a rule per question, as campaign data.

The vocabulary is small and closed (`ch:PublicationRule` in `shapes/campaign.ttl`). Without a rule
all that is accepted is published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.domain.campaign_nodes import About, Statements, integer, value, values
from server.i18n import _, ngettext
from server.names import CH, RDF, XSD


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """`most` values for each object (0: any number): those with the most votes.

    A value needs at least `least_share` (0..1) of the votes for answers to the question about the
    object. Of values with equally many votes the one with the IRI `beats_ties` comes first, such as
    "multi-coloured". `ratings`: the mean of people's ratings is published, with their number.
    """

    most: int = 0
    least_share: float | None = None
    beats_ties: str = ""
    ratings: bool = False

    @property
    def chooses(self) -> bool:
        """Whether something that was accepted may be left out."""
        return self.most > 0 or self.least_share is not None


EVERYTHING = PublicationRule()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An accepted answer about an object; `seen` is the mean share of the picture that those who
    gave it saw it cover, 0..100."""

    iri: str
    body: str
    approvals: int
    rejections: int = 0
    seen: float = 0.0
    created: str = ""


def chosen(rule: PublicationRule, candidates: Iterable[Candidate], approvals: int) -> set[str]:
    """The IRIs of those that are published; `approvals` counts those of all answers that stand."""
    found = [each for each in candidates if _has_share(rule, each, approvals)]
    ranked = sorted(found, key=lambda each: _rank(rule, each))
    return {each.iri for each in (ranked[: rule.most] if rule.most else ranked)}


def _has_share(rule: PublicationRule, candidate: Candidate, approvals: int) -> bool:
    share = candidate.approvals / approvals if approvals else 1.0
    return rule.least_share is None or share >= rule.least_share


def _rank(rule: PublicationRule, candidate: Candidate) -> tuple[object, ...]:
    loses_ties = bool(rule.beats_ties) and candidate.body != rule.beats_ties
    return (
        -candidate.approvals, loses_ties, candidate.rejections, -candidate.seen,
        candidate.created, candidate.iri,
    )  # fmt: skip


def mean(ratings: Sequence[int]) -> Literal:
    """The mean as a decimal of two places."""
    return Literal(f"{sum(ratings) / len(ratings):.2f}", datatype=XSD.decimal)


# --- as RDF ----------------------------------------------------------------------------------


def read(about: Mapping[str, About], task: About) -> PublicationRule:
    """The rule of a question, from what its shape has checked."""
    nodes = values(task, CH.publication)
    if not nodes:
        return EVERYTHING
    me = about[nodes[0].value]
    share = value(me, CH.leastShare)
    return PublicationRule(
        most=int(value(me, CH.valuesAtMost, "0")),
        least_share=float(share) if share is not None else None,
        beats_ties=value(me, CH.beatsTies, "") or "",
        ratings=value(me, CH.withRatings, "false") in ("true", "1"),
    )


def statements(task: NamedNode, rule: PublicationRule) -> Statements:
    """What stands in the campaign's graph for it; nothing where everything is published."""
    if rule == EVERYTHING:
        return []
    node = NamedNode(f"{task.value}-publication")
    found: Statements = [(task, CH.publication, node), (node, RDF.type, CH.PublicationRule)]
    if rule.most:
        found.append((node, CH.valuesAtMost, integer(rule.most)))
    if rule.least_share is not None:
        share = Literal(f"{rule.least_share:.4f}".rstrip("0").rstrip("."), datatype=XSD.decimal)
        found.append((node, CH.leastShare, share))
    if rule.beats_ties:
        found.append((node, CH.beatsTies, NamedNode(rule.beats_ties)))
    if rule.ratings:
        found.append((node, CH.withRatings, Literal(True)))
    return found


# --- in words --------------------------------------------------------------------------------


def sentence(rule: PublicationRule, tie_breaker: str) -> str:
    """The rule in words, "" where everything is published; `tie_breaker` is the term's name."""
    return " ".join(_sentences(rule, tie_breaker))


def _sentences(rule: PublicationRule, tie_breaker: str) -> Iterable[str]:
    if rule.most:
        yield ngettext(
            "Of each object the answer with the most votes is published.",
            "Of each object the {count} answers with the most votes are published.",
            rule.most,
        )
    if rule.least_share is not None:
        share = round(rule.least_share * 100)
        yield _("An answer needs {share}% of the votes for answers to the question.", share=share)
    if rule.beats_ties:
        yield _("Where answers have equally many votes, “{term}” comes first.", term=tie_breaker)
    if rule.ratings:
        yield _("The mean of the ratings is published, with the number of people.")
