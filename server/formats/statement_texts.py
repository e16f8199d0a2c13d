"""Statements as texts, made fast: terms in canonical N-Triples, as pyoxigraph writes them.

For readers that build statements from tables and JSON. Terms come without the space around them
and statements without the dot at the end: `f"{iri(a)} {PREF} {literal(b, lang='en')}"`.
"""

import re
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.formats.vocabularies import Reading
from server.i18n import _
from server.names import XSD, is_safe_iri

#: The longest texts that are taken, in characters.
LONGEST_LABEL = 2_000
LONGEST_NOTE = 20_000
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_ODD_ESCAPE = re.compile(r"\\[ubfr]")  # what control characters are written with
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def iri(text: str) -> str | None:
    """`<text>`, or None where the IRI is not safe (`names.is_safe_iri`)."""
    return f"<{text}>" if is_safe_iri(text) else None


def literal(text: str, lang: str = "", datatype: NamedNode | None = None) -> str:
    """A literal; `lang` is a tag that `language` has given, or "".

    The text may hold any character but lone surrogates (`clean` takes them out).
    """
    if _ESCAPED.search(text) is not None:
        text = _ESCAPED.sub(_escape, text)
    if lang:
        return f'"{text}"@{lang}'
    return f'"{text}"' if datatype in (None, XSD.string) else f'"{text}"^^{datatype}'


@lru_cache(maxsize=10_000)
def language(tag: str) -> str | None:
    """A language tag as it is stored, in small letters; None where it is none (BCP 47).

    An underscore, as in `pt_BR`, is taken for a hyphen.
    """
    try:
        return Literal("", language=tag.strip().replace("_", "-")).language
    except ValueError:
        return None


def clean(text: str, reading: Reading, longest: int = LONGEST_LABEL) -> str:
    """The text without control characters, and trimmed; "" where it is empty or too long.

    What is left out is counted in `reading`. Line ends become newlines; tabs stay.
    """
    if _CONTROL.search(text) is not None:
        text = without_control(text, reading)
    text = text.strip()
    if len(text) <= longest:
        return text
    reading.leave_out(_("texts of more than {count} characters", count=longest))
    return ""


def without_control(text: str, reading: Reading) -> str:
    """The text without control characters, which are counted by texts."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL.sub("", plain)
    if kept != plain:
        reading.leave_out(_("control characters, in texts"))
    return kept


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if (escape := _ESCAPES.get(sign)) is not None:
        return escape
    return f"\\u{ord(sign):04X}"


def sound(token: str, reading: Reading, longest: int = LONGEST_LABEL) -> str | None:
    """A literal in N-Triples as it may be stored; None, and counted, where it is too long.

    Control characters are taken out. An empty text is None too.
    """
    if len(token) <= longest and token.isprintable() and not _ODD_ESCAPE.search(token):
        return None if token.startswith('""') else token
    end = token.rindex('"')
    text = without_control(_unescaped(token), reading)
    if len(text) > longest:
        reading.leave_out(_("texts of more than {count} characters", count=longest))
        return None
    return literal(text) + token[end + 1 :] if text else None


def _unescaped(token: str) -> str:
    statement = f"<x:s> <x:p> {token} .\n"
    value = next(parse(statement, RdfFormat.N_TRIPLES, lenient=True)).object
    assert isinstance(value, Literal)
    return value.value
