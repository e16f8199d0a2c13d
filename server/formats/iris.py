"""IRIs from files: mended where that is possible, left out where they could do harm."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from pyoxigraph import NamedNode

from server.i18n import _
from server.names import is_safe_iri

#: Relative IRIs are resolved against this while a file is parsed, and so recognised afterwards.
_RELATIVE = "http://relative.invalid/"
BASE = _RELATIVE + "x/"

_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ENCODE = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f]|%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HARMFUL = {"javascript", "vbscript", "data", "file", "blob", "about", "filesystem", "jar"}
#: Europeana's internal EDM writes its own IRIs without the host: /{dataset}/{record}.
_EUROPEANA = re.compile(r"/(?:(aggregation|proxy)/\w+/)?\d\w*/\w+")


def encode(text: str) -> str:
    """The text with surrounding space gone and what no IRI may hold percent-encoded (RFC 3987)."""
    text = _ENCODE.sub(lambda found: quote(found[0], safe=""), text.strip())
    head, mark, fragment = text.partition("#")
    return head + mark + fragment.replace("#", "%23")


def is_valid(text: str) -> bool:
    """True where a strict parser takes the text as an IRI, be it absolute or relative."""
    try:
        NamedNode(absolute(text))
    except ValueError:
        return False
    return True


def absolute(text: str) -> str:
    """The IRI as the parser resolves it."""
    return text if text.startswith(("http://", "https://")) else urljoin(BASE, text)


@dataclass(slots=True)
class Addresses:
    """How the IRIs of one file are mended: `local` is where relative ones are placed."""

    local: str
    europeana: bool = False
    _known: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def mend(self, iri: str) -> tuple[str | None, str | None]:
        """The IRI to store (None: leave it out) and what was done in words (None: nothing)."""
        if iri not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[iri] = self._mend(iri)
        return self._known[iri]

    def _mend(self, iri: str) -> tuple[str | None, str | None]:
        if iri.startswith(_RELATIVE):
            return self._absolute(iri)
        mend = None
        if _BIDI.search(iri):
            iri = _BIDI.sub("", iri)
            mend = _("Invisible characters that change the reading direction left an address.")
        if is_safe_iri(iri):
            return iri, mend
        scheme = _SCHEME.match(iri)
        if scheme is None or scheme[1].lower() in _HARMFUL or len(iri) > 1024:
            return None, _("The address “{iri}” was left out.", iri=_short(iri))
        return self._below(iri, scheme[1])

    def _below(self, iri: str, scheme: str) -> tuple[str | None, str | None]:
        if scheme.lower() in ("http", "https", "urn"):
            return None, _("The address “{iri}” was left out.", iri=_short(iri))
        message = _("Identifiers “{scheme}:…” are no web addresses; they got one.", scheme=scheme)
        return self.local + iri, message

    def _absolute(self, iri: str) -> tuple[str | None, str | None]:
        rest = iri[len(_RELATIVE) :]
        path = _BIDI.sub("", rest[2:] if rest.startswith("x/") else "/" + rest)
        if not path:
            return None, _("An empty address was left out.")
        if self.europeana and (found := _EUROPEANA.fullmatch(path)):
            start = "http://data.europeana.eu" + ("" if found[1] else "/item")
            return start + path, _("Addresses without a host were completed as Europeana's.")
        mended = self.local + path.lstrip("/")
        if not is_safe_iri(mended):
            return None, _("The address “{iri}” was left out.", iri=_short(path))
        return mended, _(
            "Identifiers like “{iri}” are no web addresses; they got one.", iri=_short(path)
        )


def _short(text: str) -> str:
    return _BIDI.sub("", text[:60]) + ("…" if len(text) > 60 else "")
