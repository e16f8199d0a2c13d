"""The options of a campaign in its form: who sees what, and how the work is shared."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from server.domain import texts
from server.domain.campaign_options import FEEDBACK, LAYOUTS, PURPOSES
from server.domain.campaigns import Campaign
from server.domain.publication_options import Embargoes
from server.domain.routing_rules import Routing
from server.domain.texts import Texts
from server.i18n import _
from server.names import is_safe_iri
from server.web.campaign_numbers import number_in, wrong
from server.web.campaign_task_values import said
from server.web.forms import Form

_NUMBERS = ("answers_needed", "answers_at_most", "votes_needed", "votes_at_most", "lock_minutes")
_FLAGS = ("blind", "random_order", "sensitive", "publish_rejections")
_ROUTING_FLAGS = ("exercise", "browsing", "disputed_first")
_CHOICES = {"layout": LAYOUTS, "feedback": FEEDBACK, "purpose": PURPOSES}
_MOST_REASONS = 40


@dataclass(frozen=True, slots=True)
class OptionsForm:
    """As text; an empty number is no limit. `reasons` are in lines, and `embargoes`: each a day
    and the IRI of an item."""

    purpose: str = "both"
    layout: str = "image"
    feedback: str = "vote"
    blind: bool = False
    random_order: bool = False
    sensitive: bool = False
    reasons: str = ""
    answers_needed: str = ""
    answers_at_most: str = ""
    votes_needed: str = ""
    votes_at_most: str = ""
    lock_minutes: str = "10"
    exercise: bool = False
    browsing: bool = True
    disputed_first: bool = False
    publish_rejections: bool = False
    embargoes: str = ""


def entered(form: Form) -> OptionsForm:
    """What was sent."""
    found: dict[str, Any] = {
        **{name: form.get(name) or next(iter(choices)) for name, choices in _CHOICES.items()},
        **{name: form.flag(name) for name in (*_FLAGS, *_ROUTING_FLAGS)},
        **{name: form.get(name).strip() for name in _NUMBERS},
    }
    for name in ("reasons", "embargoes"):
        found[name] = form.get(name).strip()
    return OptionsForm(**found)


def meant(values: OptionsForm, kept: Campaign, tag: str) -> dict[str, Any]:
    """The fields of the campaign. Raises Invalid for what is no choice or number."""
    found: dict[str, Any] = {name: getattr(values, name) for name in _FLAGS}
    for name, choices in _CHOICES.items():
        found[name] = getattr(values, name)
        if found[name] not in choices:
            raise wrong(name, _("Please choose one from the list."))
    return found | {
        "routing": _routing(values, kept),
        "reasons": _reasons(values, kept, tag),
        "embargoes": _embargoes(values),
    }


def _routing(values: OptionsForm, kept: Campaign) -> Routing:
    """What the form does not show stays as it was."""
    changed: dict[str, Any] = {name: getattr(values, name) for name in _ROUTING_FLAGS}
    for name in _NUMBERS:
        changed[name] = number_in(name, getattr(values, name) or "0", 0)
    return replace(kept.routing, **changed)


def _embargoes(values: OptionsForm) -> Embargoes:
    """Raises Invalid for a line that is not a day and an IRI."""
    found = {}
    for line in values.embargoes.splitlines():
        day, _space, item = line.strip().partition(" ")
        if not line.strip():
            continue
        try:
            found[item.strip()] = date.fromisoformat(day)
        except ValueError:
            found[""] = date.min
        if not is_safe_iri(item.strip()):
            message = _("Write a day and the address of an object in each line.")
            raise wrong("embargoes", message)
    if "" in found:
        raise wrong("embargoes", _("This must be a date, such as 2026-11-22."))
    return tuple(sorted(found.items()))


def _reasons(values: OptionsForm, kept: Campaign, tag: str) -> tuple[Texts, ...]:
    """One for each line; one that stands keeps its words in other languages."""
    known = {texts.choose(each, tag): each for each in kept.reasons}
    lines = [line.strip() for line in values.reasons.splitlines() if line.strip()]
    return tuple(known.get(line) or said({}, tag, line) for line in lines[:_MOST_REASONS])


def filled(campaign: Campaign, tag: str) -> OptionsForm:
    """The values of a campaign that stands."""
    rules = campaign.routing
    found: dict[str, Any] = {
        **{name: getattr(campaign, name) for name in (*_CHOICES, *_FLAGS)},
        **{name: getattr(rules, name) for name in _ROUTING_FLAGS},
        **{name: str(getattr(rules, name) or "") for name in _NUMBERS},
    }
    lines = "\n".join(texts.choose(each, tag) for each in campaign.reasons)
    embargoes = "\n".join(f"{day.isoformat()} {item}" for item, day in campaign.embargoes)
    return OptionsForm(reasons=lines, embargoes=embargoes, **found)
