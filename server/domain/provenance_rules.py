"""The rule of acceptance as it was when something was published, and what it comes to."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import campaigns
from server.domain.acceptance import Acceptance, Counts
from server.domain.campaigns import Campaign
from server.i18n import _
from server.index import histories
from server.patches import DATASETS, Patch

_LOOKED_AT = 200  # changes of a campaign


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the rule's: what it asks for, what there is, and whether that is enough."""

    words: str
    wanted: str
    found: str
    met: bool


def at(desk: Desk, campaign: Campaign, seq: int) -> Acceptance:
    """As the campaign said at an entry of the journal: what was changed since is taken back."""
    me, graph = desk.names.campaign(campaign.slug), desk.names.graph("campaign", campaign.slug)
    marks = histories.of_subject(desk.index.read(), me.value, _LOOKED_AT)
    since = [mark.seq for mark in marks if mark.seq > seq]
    if not since or len(since) == _LOOKED_AT:
        return campaign.acceptance
    said = {(quad.subject, quad.predicate, quad.object)
            for quad in campaigns.quads(desk.names, campaign)}  # fmt: skip
    entries = desk.journal.find_some(since)
    for number in since:
        patch = Patch.from_json(entries[number].patch)
        for change in (patch.change(dataset) for dataset in DATASETS):
            said -= _triples(change.add, graph)
            said |= _triples(change.remove, graph)
    try:
        return campaigns.from_statements(desk.names, campaign.slug, list(said)).acceptance
    except (KeyError, IndexError, ValueError):  # it was another kind of campaign then
        return campaign.acceptance


def _triples(quads: Any, graph: NamedNode) -> set[tuple[Any, Any, Any]]:
    return {
        (quad.subject, quad.predicate, quad.object) for quad in quads if quad.graph_name == graph
    }


def conditions(rule: Acceptance, counts: Counts) -> list[Condition]:
    """With the figures by now."""
    found = [_at_least(_("people approve"), rule.minimum_approvals, counts.approvals)]
    if rule.signed_in_approvals:
        words = _("of them are signed in")
        found.append(_at_least(words, rule.signed_in_approvals, counts.signed_in))
    if rule.minimum_score is not None and rule.minimum_score > 0:
        more = counts.approvals - counts.rejections
        found.append(_at_least(_("more approve than reject"), rule.minimum_score, more))
    if rule.minimum_share is not None:
        wanted, share = f"{rule.minimum_share:.0%}", f"{counts.share:.0%}"
        enough = counts.share >= rule.minimum_share
        found.append(Condition(_("of the votes say yes"), wanted, share, enough))
    return found


def _at_least(words: str, wanted: int, found: int) -> Condition:
    return Condition(words, str(wanted), str(found), found >= wanted)
