"""Comparing renderings of an image, two at a time: which are shown to whom, and who wins.

Nobody is told who made which before they answer: pairs are named by tokens, sides by left and
right, and both follow from who is asked, so that the same person sees the same again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import campaigns, comparison_strengths, media, permissions, texts
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.comparison_strengths import Strengths
from server.domain.media import Medium
from server.errors import Forbidden, NotFound
from server.i18n import _
from server.index import comparisons
from server.index.comparisons import Tally
from server.index.items import ItemRow
from server.names import CH, is_safe_iri, short_hash
from server.viewers import Viewer

MOST = 6  # renderings of one image
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two renderings, as somebody sees them; `token` names the pair for them alone."""

    token: str
    left: Medium
    right: Medium

    @property
    def images(self) -> tuple[str, str]:
        """In the order that tells nothing."""
        one, other = sorted((self.left.iri, self.right.iri))
        return one, other

    def side(self, name: str) -> Medium:
        """Raises NotFound for neither left nor right."""
        if name not in SIDES:
            raise NotFound(_("There is no such picture."))
        return self.left if name == "left" else self.right


# --- which are shown ------------------------------------------------------------------------------


def renderings(found: Iterable[Medium], task: Task) -> list[Medium]:
    """One image of each maker that the question names; of each maker where it names none."""
    named = {name for choice in task.choices for name in (choice.iri, *choice.label.values())}
    kept: dict[str, Medium] = {}
    for medium in found:
        known = not named or medium.maker in named or medium.maker_label in named
        if medium.kind == "image" and medium.maker and known:
            kept.setdefault(medium.maker, medium)
    return list(kept.values())[:MOST]


def pairs(
    desk: Desk, viewer: Viewer, campaign: Campaign, task: Task, row: ItemRow, agent: str
) -> list[Pair]:
    """All pairs of an item in the order of this person (an agent's IRI, or nobody's: "")."""
    about = (agent, campaign.slug, str(task.number), row.iri)
    found = renderings(media.of_item(desk, viewer, row), task)
    made = [_pair(about, *two) for two in combinations(found, 2)]
    return sorted(made, key=lambda pair: _draw("order", *about, *pair.images))


def _pair(about: Sequence[str], one: Medium, other: Medium) -> Pair:
    one, other = sorted((one, other), key=lambda medium: medium.iri)
    token = short_hash("\n".join((*about, one.iri, other.iri)))[:16]
    turned = _draw("side", *about, one.iri, other.iri)[0] & 1
    return Pair(token, *((other, one) if turned else (one, other)))


def _draw(*about: str) -> bytes:
    """As good as chance, and the same again for the same."""
    return hashlib.sha256("\n".join(about).encode()).digest()


def get_pair(found: Iterable[Pair], token: str) -> Pair:
    """Raises NotFound."""
    for pair in found:
        if pair.token == token:
            return pair
    raise NotFound(_("These pictures are not compared here."))


def answered(
    desk: Desk, campaign: Campaign, task: Task, row: ItemRow, agent: str
) -> dict[tuple[str, ...], str]:
    """The pairs of images that somebody compared already, with their annotations."""
    return comparisons.answered(desk.index.read(), campaign.slug, task.number, row.iri, agent)


def maker_term(maker: str) -> NamedNode | Literal:
    return NamedNode(maker) if is_safe_iri(maker) else Literal(maker)


# --- who wins -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Results:
    """Of one question: `wins[i][j]` is how often i was preferred to j, a tie half a win for both;
    `ties` counts answers of no difference, `apart` names groups that have not met."""

    question: str
    makers: list[str]
    labels: list[str]
    wins: list[list[float]]
    ties: int
    answers: int
    strengths: Strengths
    apart: list[list[str]]

    @property
    def ranked(self) -> list[int]:
        """Places in `makers`, the strongest first."""
        return sorted(range(len(self.makers)), key=lambda i: -self.strengths.shares[i])


def may_see(person: Person | None, campaign: Campaign) -> bool:
    """Organisers at any time, everybody once the campaign is closed: it would sway answers."""
    return campaign.state == "closed" or permissions.may(person, "moderate", campaign)


def page(
    desk: Desk, viewer: Viewer, person: Person | None, slug: str, language: str
) -> tuple[Campaign, list[Results]]:
    """The results of each question that compares. Raises NotFound, Forbidden."""
    campaign = campaigns.get_campaign(desk, viewer, slug)
    asked = [task for task in campaign.tasks if task.kind == CH.Comparison.value]
    if not asked:
        raise NotFound(_("This campaign compares no images."))
    if not may_see(person, campaign):
        raise Forbidden(_("The results are shown when the campaign is closed."))
    return campaign, [results(desk, campaign, task, language) for task in asked]


def results(desk: Desk, campaign: Campaign, task: Task, language: str = "en") -> Results:
    """From the tallies of the index, however many answers there are."""
    found = comparisons.tallies(desk.index.read(), campaign.slug, task.number)
    makers = _makers(task, found)
    place = {maker: i for i, maker in enumerate(makers)}
    wins = [[0.0] * len(makers) for _maker in makers]
    for tally in found:
        i, j = place[tally.first], place[tally.second]
        for_first = {tally.first: 1.0, "": 0.5}.get(tally.preferred, 0.0)
        wins[i][j] += for_first * tally.answers
        wins[j][i] += (1 - for_first) * tally.answers
    labels = [_label(task, maker, language) for maker in makers]
    groups = comparison_strengths.apart(wins)
    return Results(
        question=texts.choose(task.question, language),
        makers=makers,
        labels=labels,
        wins=wins,
        ties=sum(tally.answers for tally in found if not tally.preferred),
        answers=sum(tally.answers for tally in found),
        strengths=comparison_strengths.estimate(wins),
        apart=[[labels[i] for i in group] for group in groups] if len(groups) > 1 else [],
    )


def _makers(task: Task, found: Iterable[Tally]) -> list[str]:
    """Who was compared: in the order of the question's choices, then by name."""
    compared = {maker for tally in found for maker in (tally.first, tally.second)}
    order = [name for choice in task.choices for name in (choice.iri, *choice.label.values())]
    known = [maker for maker in dict.fromkeys(order) if maker in compared]
    return known + sorted(compared - set(known))


def _label(task: Task, maker: str, language: str) -> str:
    for choice in task.choices:
        if maker == choice.iri or maker in choice.label.values():
            return texts.choose(choice.label, language, maker)
    return maker.rstrip("/").rpartition("/")[2] or maker if is_safe_iri(maker) else maker
