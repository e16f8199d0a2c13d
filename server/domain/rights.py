"""The names of the rights statements that EDM allows."""

import re

from server.i18n import _

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)"
)
_RIGHTS_STATEMENTS = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)")


def label(iri: str) -> str:
    """In a few words; the IRI itself where it is none of the known statements."""
    if found := _CREATIVE_COMMONS.match(iri):
        kind, code, version = found.groups()
        if kind == "publicdomain":
            return _("Public domain") if code == "mark" else f"CC0 {version}"
        return f"CC {code.upper()} {version}"
    if found := _RIGHTS_STATEMENTS.match(iri):
        return _statement(found[1]) or iri
    return iri


def _statement(code: str) -> str | None:
    return {
        "InC": _("In copyright"),
        "InC-OW-EU": _("In copyright, orphan work"),
        "InC-EDU": _("In copyright, educational use permitted"),
        "InC-NC": _("In copyright, non-commercial use permitted"),
        "InC-RUU": _("In copyright, rights holder unknown"),
        "NoC-CR": _("No copyright, contractual restrictions"),
        "NoC-NC": _("No copyright, non-commercial use only"),
        "NoC-OKLR": _("No copyright, other legal restrictions"),
        "NoC-US": _("No copyright, United States"),
        "CNE": _("Copyright not evaluated"),
        "UND": _("Copyright undetermined"),
        "NKC": _("No known copyright"),
    }.get(code)
