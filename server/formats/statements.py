"""Bytes to sanitised N-Triples lines: parsed strictly by Oxigraph, looked over as whole chunks.

Python touches a single line only in chunks where something is suspicious, so that sound data
passes at nearly the parser's own speed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter

import pyoxigraph as ox

from server.formats import texts
from server.formats.iris import BASE, Addresses, encode, is_valid
from server.i18n import _

#: A literal longer than this, in characters, is left out and reported.
MAX_LITERAL = 65_536
_CHUNK = 1_000
_LONG = 2_000  # a line with an IRI that is too long is longer than this
_EDM = "http://www.europeana.eu/schemas/edm/"
_ORE = "http://www.openarchives.org/ore/terms/"
#: Properties that demand a resource (EDM Definition 5.2.8): an address as text becomes a link.
_LINKS = {
    f"<{space}{name}>": f"{prefix}:{name}"
    for prefix, space, names in (
        ("edm", _EDM, "rights isShownAt isShownBy object hasView aggregatedCHO"),
        ("ore", _ORE, "proxyFor proxyIn lineage aggregates"),
    )
    for name in names.split()
}
_LINK_AS_TEXT = tuple(f'{link} "' for link in _LINKS)
_ODD_ESCAPES = ("\\u", "\\b", "\\f")
#: C1 control characters, and signs that change the reading direction, with their first bytes.
_ODD_BYTES = (
    (b"\xc2", re.compile(b"\xc2[\x80-\x9f]")),
    (b"\xe2\x80", re.compile(b"\xe2\x80[\x8e\x8f\xaa-\xae]")),
    (b"\xe2\x81", re.compile(b"\xe2\x81[\xa6-\xa9]")),
)
_ODD_IRI = re.compile("<(?!https?://)")  # or a "<" in a text, which does no harm
_LINE = re.compile(r"(<[^>]*>|_:\S+) (<[^>]*>) (.*) \.")
_DIRECTION = re.compile(r"--(?:ltr|rtl)$")


@dataclass(slots=True)
class Statements:
    """The lines of one file, with what was mended and what is refused, by subject."""

    addresses: Addresses
    lines: list[str] = field(default_factory=list)
    mends: dict[str, dict[str, None]] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    blank: bool = False
    empty: bool = False

    def add(self, data: bytes, form: ox.RdfFormat, check: Callable[[], None] | None = None) -> None:
        """Parse and take all statements; SyntaxError where the strict parser finds a fault.

        `check` is called once, after a chunk that took suspiciously long.
        """
        directions = b"--ltr" in data or b"--rtl" in data or b'dir="' in data
        for chunk in _chunks(data, form, check):
            text = chunk.decode()
            lines = text[:-1].split("\n")
            self.blank = self.blank or "_:" in text
            links = [mark for mark in _LINK_AS_TEXT if mark in text]
            if links or directions or _is_suspicious(text, chunk, lines):
                lines = [
                    sound
                    for line in lines
                    if (sound := line if _is_plain(line, links) else self._sound(line)) is not None
                ]
            self.lines += lines

    def say(self, subject: str, mend: str) -> None:
        self.mends.setdefault(subject, {})[mend] = None

    def _sound(self, line: str) -> str | None:
        found = _LINE.fullmatch(line)
        if found is None:
            self.refusals[line.partition(" ")[0]] = _("A statement cannot be understood.")
            return None
        subject = self._subject(found[1])
        predicate = self._node(found[2], subject or "")
        thing = self._object(found[3], subject or "", found[2])
        if subject is None or predicate is None or thing is None:
            return None
        return f"{subject} {predicate} {thing} ."

    def _subject(self, token: str) -> str | None:
        if token.startswith("_:"):
            return token
        iri, mend = self.addresses.mend(token[1:-1])
        subject = "_:empty" if token == f"<{BASE}>" else f"<{iri}>" if iri else None
        self.blank = self.blank or subject == "_:empty"
        if mend:
            self.say(subject or "", mend)
        return subject

    def _node(self, token: str, subject: str) -> str | None:
        iri, mend = self.addresses.mend(token[1:-1])
        if mend:
            self.say(subject, mend)
        return f"<{iri}>" if iri else None

    def _object(self, token: str, subject: str, predicate: str) -> str | None:
        if token.startswith("<<("):
            self.refusals[subject] = _("Statements about statements (RDF 1.2) are not read.")
            return None
        if token.startswith("<"):
            return self._node(token, subject)
        if token.startswith("_:"):
            return token
        end = token.rindex('"')
        return self._literal(token[1:end], token[end + 1 :], subject, predicate)

    def _literal(self, body: str, kind: str, subject: str, predicate: str) -> str | None:
        if not body:
            self.empty = True
            self.say(subject, _("An empty text was left out."))
            return None
        if len(body) > MAX_LITERAL:
            self.say(subject, _("A text of {count} characters was left out.", count=len(body)))
            return None
        if predicate in _LINKS and (link := _link(body)):
            message = _(
                "{property} held an address as text; it is now a link.", property=_LINKS[predicate]
            )
            self.say(subject, message)
            return self._node(f"<{link}>", subject)
        if kind.startswith("^^"):
            datatype = self._node(kind[2:], subject)
            kind = f"^^{datatype}" if datatype else ""
        elif _DIRECTION.search(kind):
            kind = _DIRECTION.sub("", kind)
            self.say(subject, _("The reading direction of a text was left out."))
        return f'"{self._text(body, subject)}"{kind}'

    def _text(self, body: str, subject: str) -> str:
        if not body.isascii() and (once := texts.decoded_once(body)) != body:
            word = texts.first_change(once, body)
            self.say(subject, _("Text that was encoded twice was decoded: “{text}”.", text=word))
            body = once
        if texts.holds_nul(body):
            self.refusals[subject] = _("A text holds a NUL character.")
        plain = texts.without_control(body)
        if plain != body:
            self.say(subject, _("Control characters were removed from a text."))
        return plain


def _chunks(data: bytes, form: ox.RdfFormat, check: Callable[[], None] | None) -> Iterator[bytes]:
    """N-Triples in pieces of some thousand statements, graph names dropped."""
    quads = ox.parse(data, format=form, base_iri=BASE)
    named = form.supports_datasets
    while True:
        started = perf_counter()
        some = islice(quads, _CHUNK)
        chunk = ox.serialize(
            (quad.triple for quad in some) if named else some, format=ox.RdfFormat.N_TRIPLES
        )
        if not chunk:
            return
        if check and perf_counter() - started > 0.05:
            check()
            check = None
        yield chunk


def _is_suspicious(text: str, raw: bytes, lines: list[str]) -> bool:
    if (
        '> ""' in text
        or _ODD_IRI.search(text)
        or "relative.invalid" in text
        or max(map(len, lines)) > _LONG
    ):
        return True
    escapes = text.count("\\")  # most often all of them are line breaks: one search tells
    if escapes and escapes != text.count("\\n") and any(odd in text for odd in _ODD_ESCAPES):
        return True
    if text.isascii():
        return False
    if any(mark in text for mark in texts.DOUBLE_MARKS):
        return True
    return any(start in raw and pattern.search(raw) for start, pattern in _ODD_BYTES)


def _is_plain(line: str, links: list[str]) -> bool:
    """A quick look that lets most lines of a suspicious chunk pass; `links` are its odd marks."""
    if not line.isascii() or '> ""' in line or "\\" in line or "--" in line or len(line) > _LONG:
        return False
    for mark in links:
        if mark in line:
            return False
    return _ODD_IRI.search(line) is None and "relative.invalid" not in line


def _link(body: str) -> str | None:
    text = re.sub(r"^(?:\\[nrt]|\s)+|(?:\\[nrt]|\s)+$", "", body)
    if not re.match(r"https?://[^\s\\]+$", text, re.I):
        return None
    link = encode(text)
    return link if is_valid(link) else None
