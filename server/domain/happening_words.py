"""What happened to an annotation, in words."""

from collections.abc import Callable

from server.domain.annotation_parts import Vote
from server.domain.entry_readings import Action, Happening
from server.i18n import _

_TOLD: dict[Action, Callable[[], str]] = {
    "proposed": lambda: _("Proposed"),
    "joined": lambda: _("Proposed as well"),
    "revised": lambda: _("Own proposal changed"),
    "withdrew": lambda: _("Own proposal taken back"),
    "unvoted": lambda: _("Vote taken back"),
    "undecided": lambda: _("Decision taken back"),
    "reopened": lambda: _("Reopened, since its term changed in the vocabulary"),
    "published": lambda: _("Published"),
    "unpublished": lambda: _("Taken out of the public data"),
}
_VOTED = {
    "approve": lambda: _("Voted: yes"),
    "reject": lambda: _("Voted: no"),
    "unsure": lambda: _("Voted: not sure"),
}
_FORMER = {
    "approve": lambda: _("yes"),
    "reject": lambda: _("no"),
    "unsure": lambda: _("not sure"),
}
_DECIDED = {
    "accept": lambda: _("Decided: accepted"),
    "reject": lambda: _("Decided: rejected"),
}
_CHANGED = {
    "merged": lambda: _("The term was merged into another."),
    "deprecated": lambda: _("The term is no longer recommended."),
    "gone": lambda: _("The term is no longer in the vocabulary."),
    "relabelled": lambda: _("The term has another name."),
    "moved": lambda: _("The term stands elsewhere in the hierarchy."),
}


def text(each: Happening, verdict: str) -> str:
    """What was done; `verdict` is that of a vote or a decision."""
    if each.action in ("voted", "decided"):
        told = (_VOTED if each.action == "voted" else _DECIDED)[verdict]()
        if isinstance(each.former, Vote) and each.former.verdict != verdict:
            return _("{what} (before: {former})", what=told, former=_FORMER[each.former.verdict]())
        return told
    if each.other:
        came = each.action != "withdrew"
        return _("Written in place of an earlier answer") if came else _("Replaced by a new answer")
    return _TOLD[each.action]()


def change(kind: str) -> list[str]:
    """Why it was reopened: a sentence, or none for a change of another kind."""
    return [_CHANGED[kind]()] if kind in _CHANGED else []
