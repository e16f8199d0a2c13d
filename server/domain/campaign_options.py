"""The options of a campaign that stand beside its tasks and rules; also as RDF."""

from collections.abc import Mapping
from typing import Any, Literal

import pyoxigraph as ox
from pyoxigraph import NamedNode

from server.domain import publication_options, texts
from server.domain.campaign_nodes import About, Statements, integer, value, values
from server.domain.texts import Texts
from server.names import CH, RDF, RDFS, SH

Layout = Literal["image", "metadata"]
Feedback = Literal["vote", "rating"]
Purpose = Literal["annotate", "validate", "both"]
#: Each choice with its individuals; the first one is what a campaign without a word has.
LAYOUTS: dict[str, NamedNode] = {"image": CH.ImageFirst, "metadata": CH.MetadataFirst}
FEEDBACK: dict[str, NamedNode] = {"vote": CH.FeedbackByVote, "rating": CH.FeedbackByRating}
PURPOSES: dict[str, NamedNode] = {
    "both": CH.AnnotateAndValidate, "annotate": CH.Annotate, "validate": CH.Validate,
}  # fmt: skip
_FLAGS = {
    "blind": CH.blind, "random_order": CH.randomOrder, "sensitive": CH.sensitive,
    "publish_rejections": CH.publishRejections, "to_europeana": CH.toEuropeana,
}  # fmt: skip
_CHOICES = {
    "layout": (CH.layout, LAYOUTS),
    "feedback": (CH.feedback, FEEDBACK),
    "purpose": (CH.purpose, PURPOSES),
}


def read(about: Mapping[str, About], campaign: About) -> dict[str, Any]:
    """The options as fields of a campaign, from what its shape has checked."""
    found: dict[str, Any] = {
        name: value(campaign, property_, "false") in ("true", "1")
        for name, property_ in _FLAGS.items()
    }
    for name, (property_, choices) in _CHOICES.items():
        chosen = value(campaign, property_)
        names = [key for key, node in choices.items() if node.value == chosen]
        found[name] = names[0] if names else next(iter(choices))
    reasons = _reasons(about, values(campaign, CH.rejectionReason))
    return found | {"reasons": reasons} | publication_options.read(about, campaign)


def _reasons(about: Mapping[str, About], nodes: Any) -> tuple[Texts, ...]:
    ordered = sorted(
        nodes, key=lambda node: (int(value(about[node.value], SH.order, "0")), str(node))
    )
    return tuple(texts.collect(values(about[node.value], RDFS.label)) for node in ordered)


def statements(campaign: NamedNode, options: Any) -> Statements:
    """What stands in the campaign's graph for these; nothing for what is so anyway."""
    found: Statements = [
        (campaign, property_, ox.Literal(True))
        for name, property_ in _FLAGS.items()
        if getattr(options, name)
    ]
    for name, (property_, choices) in _CHOICES.items():
        if (chosen := getattr(options, name)) != next(iter(choices)):
            found.append((campaign, property_, choices[chosen]))
    for number, reason in enumerate(options.reasons, 1):
        node = NamedNode(f"{campaign.value}#reason-{number}")
        found += [
            (campaign, CH.rejectionReason, node),
            (node, RDF.type, CH.RejectionReason),
            (node, SH.order, integer(number)),
            *((node, RDFS.label, text) for text in texts.literals(reason)),
        ]
    return found + publication_options.statements(campaign, options)
