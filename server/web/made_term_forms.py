"""The form of a term: its rows of texts and mappings, and what is wrong beside them."""

import re
from dataclasses import replace

from server.domain.made_term_values import MAPPINGS, MadeTerm, Texts
from server.errors import Invalid
from server.i18n import _
from server.web.forms import Form

_MOST_ROWS = 100
_ROW = re.compile(r"(label|other|note|mapping)-([0-9]{1,3})-")
#: What the shape calls a field, and what the form does.
_FORM_NAMES = {
    "prefLabel": "label-1-text", "altLabel": "other-1-text", "lat": "latitude",
    "long": "longitude",
}  # fmt: skip


def entered(form: Form) -> MadeTerm:
    """What was sent, with empty rows left where they are."""
    return MadeTerm(
        labels=_texts(form, "label"),
        others=_texts(form, "other"),
        notes=_texts(form, "note"),
        broader=_once([*form.all("broader"), *form.get("pasted").split()]),
        mappings=tuple(
            (form.get(f"mapping-{n}-kind"), form.get(f"mapping-{n}-iri").strip())
            for n in _numbers(form, "mapping")
        ),
        hex=form.get("hex").strip(),
        latitude=form.get("latitude").strip(),
        longitude=form.get("longitude").strip(),
    )


def acted(term: MadeTerm, action: str) -> MadeTerm:
    """The form with one more row; nothing is stored."""
    row = ("", "")
    if action == "add-label":
        return replace(term, labels=(*term.labels, row)[:_MOST_ROWS])
    if action == "add-other":
        return replace(term, others=(*term.others, row)[:_MOST_ROWS])
    if action == "add-note":
        return replace(term, notes=(*term.notes, row)[:_MOST_ROWS])
    if action == "add-mapping":
        return replace(term, mappings=(*term.mappings, ("exactMatch", ""))[:_MOST_ROWS])
    return term


def padded(term: MadeTerm) -> MadeTerm:
    """With at least one row of each kind to write in."""
    return replace(
        term,
        labels=term.labels or (("", ""),),
        others=term.others or (("", ""),),
        notes=term.notes or (("", ""),),
        mappings=term.mappings or (("exactMatch", ""),),
    )


def kinds() -> list[tuple[str, str]]:
    names = {
        "exactMatch": _("The same"), "closeMatch": _("Nearly the same"),
        "broadMatch": _("More general"), "narrowMatch": _("More exact"),
        "relatedMatch": _("Related"),
    }  # fmt: skip
    return [(kind, names[kind]) for kind in MAPPINGS]


def errors_of(error: Invalid) -> dict[str, str]:
    found = {_FORM_NAMES.get(one.field, one.field): one.message for one in error.problems}
    return found or {"": str(error)}


def _texts(form: Form, name: str) -> Texts:
    return tuple(
        (form.get(f"{name}-{number}-language").strip(), form.get(f"{name}-{number}-text").strip())
        for number in _numbers(form, name)
    )


def _numbers(form: Form, name: str) -> list[int]:
    found = (_ROW.match(field) for field, _value in form.fields)
    return sorted({int(each[2]) for each in found if each and each[1] == name})[:_MOST_ROWS]


def _once(iris: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iri for iri in iris if iri))
