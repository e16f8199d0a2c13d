"""What the search box shows: terms that fit what was typed, or what an empty box opens with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from server.commit import Desk
from server.domain import blindness, participation, term_scopes, term_views, texts
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.term_views import SuggestionView
from server.i18n import _
from server.index import labels
from server.index.labels import Scope, Suggestion
from server.index.recent_suggestions import Recent
from server.viewers import Viewer

MOST = 50
WHOLE = 200  # terms that an empty box shows at once
#: How well a label fits, the best first.
_MATCHES = ("identifier", "exact", "prefix", "words", "substring", "note", "typo")


@dataclass(frozen=True, slots=True)
class Section:
    """Suggestions under a heading; `guesses` were not typed so, and are never chosen unasked."""

    heading: str
    suggestions: list[SuggestionView]
    guesses: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and how to answer: the reader's language, then those of their browser.

    `campaign` (a slug) is the one whose use of the terms counts; `standing` tells to count
    proposals that are not published, for people who take part.
    """

    text: str
    language: str
    fallbacks: tuple[str, ...] = ()
    limit: int = 10
    campaign: str = ""
    standing: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of terms: number 0 and no label where it is the only one."""

    number: int
    label: str
    scopes: Sequence[Scope]


def in_scopes(desk: Desk, viewer: Viewer, asked: Asked, scopes: Sequence[Scope]) -> list[Section]:
    """Of these scopes, or of every vocabulary that the viewer may see."""
    return _sections(desk, viewer, asked, [_Group(0, "", scopes)])


def for_task(
    desk: Desk, viewer: Viewer, asked: Asked, campaign: Campaign, task: Task,
    person: Person | None, number: int = 0,
) -> list[Section]:  # fmt: skip
    """Terms that may answer a task, by its groups, or of the group of that number only."""
    chosen = [task.group(number)] if number else task.term_groups
    groups = [
        _Group(each.number, texts.choose(each.label, asked.language) if len(chosen) > 1 else "",
               term_scopes.of_group(desk, each))
        for each in chosen
    ]  # fmt: skip
    return _sections(desk, viewer, in_campaign(desk, asked, campaign, person), groups)


def in_campaign(desk: Desk, asked: Asked, campaign: Campaign, person: Person | None) -> Asked:
    """Asked by somebody in a campaign: what is not published counts for those who take part.

    In a blind campaign it counts for nobody whom that binds: it would tell what others said.
    """
    standing = participation.agreed(desk, campaign, person)
    standing = standing and not blindness.binds(campaign, person)
    return replace(asked, campaign=campaign.slug, standing=standing)


def flat(sections: Iterable[Section]) -> list[SuggestionView]:
    return [each for section in sections for each in section.suggestions]


def _sections(desk: Desk, viewer: Viewer, asked: Asked, groups: Sequence[_Group]) -> list[Section]:
    if not asked.is_empty:
        return _fitting(desk, viewer, asked, groups)
    used = _used(desk, viewer, asked, groups) if asked.campaign else Section("", [])
    rest = _whole(desk, viewer, asked, groups, {each.iri for each in used.suggestions})
    return [section for section in (used, *rest) if section.suggestions]


def _fitting(desk: Desk, viewer: Viewer, asked: Asked, groups: Sequence[_Group]) -> list[Section]:
    """By group, the one with the best match first; what looks like a typing error last."""
    found = [(group, _suggest(desk, viewer, asked, group)) for group in groups]
    sure = [(group, [hit for hit in hits if hit.match != "typo"]) for group, hits in found]
    typos = [(group, [hit for hit in hits if hit.match == "typo"]) for group, hits in found]
    shown: set[str] = set()
    sections = _shared(sure, asked.limit, shown)
    room = asked.limit - len(shown)
    guesses = flat(_shared(typos, room, shown))
    return [*sections, *([Section(_("Did you mean"), guesses, guesses=True)] if guesses else [])]


def _shared(
    found: Sequence[tuple[_Group, list[Suggestion]]], limit: int, shown: set[str]
) -> list[Section]:
    """The lists of groups cut to the limit in turns, so that each group has its best."""
    best = sorted((each for each in found if each[1]), key=lambda each: _quality(each[1][0]))
    sections = [
        Section(group.label, _fresh(group, hits[:share], shown))
        for (group, hits), share in zip(
            best, _shares([len(hits) for _group, hits in best], limit), strict=True
        )
    ]
    return [section for section in sections if section.suggestions]


def _shares(sizes: Sequence[int], limit: int) -> list[int]:
    """How many of each list are shown: one of each in turn, until the limit or the end of all.

    >>> _shares([5, 1, 9], 8)
    [4, 1, 3]
    """
    shares = [0] * len(sizes)
    while sum(shares) < min(limit, sum(sizes)):
        for place, size in enumerate(sizes):
            if shares[place] < size and sum(shares) < limit:
                shares[place] += 1
    return shares


def _suggest(desk: Desk, viewer: Viewer, asked: Asked, group: _Group) -> list[Suggestion]:
    return labels.suggest(
        viewer, desk.index, asked.text, scopes=group.scopes, lang=asked.language,
        fallbacks=asked.fallbacks, limit=asked.limit, campaign=asked.campaign,
        standing=asked.standing,
    )  # fmt: skip


def _quality(hit: Suggestion) -> int:
    return _MATCHES.index(hit.match) if hit.match in _MATCHES else len(_MATCHES)


def _fresh(group: _Group, hits: Sequence[Suggestion], shown: set[str]) -> list[SuggestionView]:
    """As views, without those that stand further up."""
    fresh = [hit for hit in hits if hit.iri not in shown]
    shown.update(hit.iri for hit in fresh)
    return [term_views.suggestion(hit, group.number) for hit in fresh]


def _used(desk: Desk, viewer: Viewer, asked: Asked, groups: Sequence[_Group]) -> Section:
    """What the campaign uses most."""
    shown: set[str] = set()
    found = [
        each
        for group in groups
        for each in _fresh(
            group,
            labels.most_used(
                viewer, desk.index, asked.campaign, group.scopes, asked.language, asked.limit,
                asked.standing,
            ),
            shown,
        )
    ]  # fmt: skip
    best = sorted(found, key=lambda each: -each.used)[: asked.limit]
    return Section(_("Used most here"), best, guesses=True)


def _whole(
    desk: Desk, viewer: Viewer, asked: Asked, groups: Sequence[_Group], shown: set[str]
) -> list[Section]:
    """All other terms where they are few enough: of every group, or of none."""
    found: list[tuple[_Group, tuple[Suggestion, ...]]] = []
    for group in groups:
        every = _every(desk, viewer, group.scopes, asked.language) if group.scopes else None
        if every is None:
            return []
        found.append((group, every))
        if sum(len(terms) for _group, terms in found) > WHOLE:
            return []
    others = _("All others") if shown else _("All terms")
    return [
        Section(group.label or others, _fresh(group, terms, shown), guesses=True)
        for group, terms in found
    ]


def _every(
    desk: Desk, viewer: Viewer, scopes: Sequence[Scope], language: str
) -> tuple[Suggestion, ...] | None:
    """All terms of the scopes, remembered for as long as nothing changes in them."""
    slugs = dict.fromkeys(scope.vocabulary for scope in scopes)
    key = (*scopes, language, *term_scopes.states(desk, viewer, slugs))
    known = _known.get(key)
    if known is None:
        found = labels.whole(viewer, desk.index, scopes, language)
        known = (None if found is None else tuple(found),)
        _known.put(key, known)
    return known[0]


#: By scopes, language and states of the vocabularies; a list has some 50 KB.
_known: Recent[tuple[tuple[Suggestion, ...] | None]] = Recent(100)
