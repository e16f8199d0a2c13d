"""What the IRIs of an answer are called, and where their pages are: looked up all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import accounts, links, texts
from server.domain import items as item_views
from server.domain.items import Picture
from server.i18n import _
from server.index import items, term_lookups
from server.names import PREFIXES, is_safe_iri
from server.viewers import PUBLIC

#: IRIs of one answer that are looked up; the others are shown as they are.
MOST = 600
_MOST_NODES = 200  # of those that only the store knows
_MOST_NAMES = 4_000
#: The part of an IRI of ours → where its page is, where that is another address.
_PAGES = {
    "collection": "/collections/", "vocabulary": "/vocabularies/", "campaign": "/campaigns/",
    "graph/collection": "/collections/", "graph/vocabulary": "/vocabularies/",
    "graph/terms": "/vocabularies/", "graph/campaign": "/campaigns/",
    "graph/published": "/campaigns/", "graph/rejections": "/campaigns/",
}  # fmt: skip
#: What a published statement is, which can be asked why it is there.
_PUBLISHED = ("annotation", "proxy")


@dataclass(frozen=True, slots=True)
class Name:
    """`href` is a page of ours, or the IRI itself where a browser can follow it (`outside`)."""

    text: str
    lang: str = ""
    href: str | None = None
    outside: bool = False
    why: str | None = None
    picture: Picture | None = None


def find(desk: Desk, iris: Iterable[str], language: str) -> dict[str, Name]:
    """The names of the first so many different IRIs; of the rest there is none."""
    wanted = [iri for iri in dict.fromkeys(iris) if is_safe_iri(iri)][:MOST]
    found = _items(desk, wanted, language)
    rest = [iri for iri in wanted if iri not in found]
    found |= _terms(desk, rest, language)
    rest = [iri for iri in rest if iri not in found]
    found |= _agents(desk, rest)
    found |= _nodes(desk, [iri for iri in rest if iri not in found], language)
    return found


def unnamed(desk: Desk, iri: str) -> Name:
    """What can be said of an IRI without looking anything up."""
    href = _address(desk, iri)
    return Name(shortened(iri), "", href, _is_outside(href), _why(desk, iri))


def shortened(iri: str) -> str:
    """With one of our prefixes, where it has one: `dc:subject`."""
    for prefix, base in PREFIXES.items():
        local = iri.removeprefix(base)
        if local != iri and local and local.replace("_", "").replace("-", "").isalnum():
            return f"{prefix}:{local}"
    return iri


def _items(desk: Desk, iris: list[str], language: str) -> dict[str, Name]:
    found = {}
    for row in items.find_items(PUBLIC, desk.index.read(), iris):
        title = row.title(language)
        picture = item_views.thumbnail(row, title)
        found[row.iri] = Name(title, "", f"/items/{row.id}", picture=picture)
    return found


def _terms(desk: Desk, iris: list[str], language: str) -> dict[str, Name]:
    named = term_lookups.labels_of(PUBLIC, desk.index, iris, language)
    return {
        iri: Name(text, lang, f"/terms?iri={quote(iri, safe='')}")
        for iri, (text, lang) in named.items()
    }


def _agents(desk: Desk, iris: list[str]) -> dict[str, Name]:
    """Only those who let their names be shown."""
    ids = {iri: local for iri in iris if (local := desk.names.local(iri, "agent"))}
    shown = accounts.shown_names(desk, [*ids.values()]) if ids else {}
    return {iri: Name(shown[id_], "", f"/agent/{id_}") for iri, id_ in ids.items() if id_ in shown}


def _nodes(desk: Desk, iris: list[str], language: str) -> dict[str, Name]:
    """What the public dataset calls them, and words for those that have no names."""
    asked = [NamedNode(_described(desk, iri)) for iri in iris[:_MOST_NODES]]
    rows = desk.select("node_names", limit=_MOST_NAMES, nodes=asked) if asked else []
    names = {node: choice for node, choice in _chosen(rows, language)}
    return {
        iri: _named(desk, iri, names.get(_described(desk, iri)) or (_words(desk, iri), ""))
        for iri in iris
        if _described(desk, iri) in names or _words(desk, iri)
    }


def _chosen(rows: list[Any], language: str) -> Iterable[tuple[str, tuple[str, str]]]:
    by_node = sorted(rows, key=lambda row: row["node"].value)
    for node, group in groupby(by_node, lambda row: row["node"].value):
        said = texts.collect(row["name"] for row in group)
        text = texts.choose(said, language)
        yield node, (text, next(tag for tag, each in said.items() if each == text))


def _named(desk: Desk, iri: str, name: tuple[str, str]) -> Name:
    href = _address(desk, iri)
    return Name(*name, href, _is_outside(href), _why(desk, iri))


def _words(desk: Desk, iri: str) -> str:
    words = {"annotation": _("Annotation"), "proxy": _("Enrichment"), "agent": _("A contributor")}
    return next((word for kind, word in words.items() if _local(desk, iri, kind)), "")


def _described(desk: Desk, iri: str) -> str:
    """A graph of ours is called as what it holds is."""
    kind, slug = _kind(desk, iri)
    if not kind.startswith("graph/"):
        return iri
    kind = kind.removeprefix("graph/")
    held = {"terms": "vocabulary", "published": "campaign", "rejections": "campaign"}
    return desk.names.path(f"{held.get(kind, kind)}/{slug}").value


def _address(desk: Desk, iri: str) -> str | None:
    kind, slug = _kind(desk, iri)
    if kind in _PAGES:
        return _PAGES[kind] + quote(slug)
    if iri.startswith(desk.names.base) and is_safe_iri(iri):
        return "/" + iri.removeprefix(desk.names.base).lstrip("/\\")  # wherever we listen
    return links.address(iri)


def _kind(desk: Desk, iri: str) -> tuple[str, str]:
    """(`collection` or `graph/collection` …, slug) of an IRI of ours."""
    path = iri.removeprefix(desk.names.base)
    if path == iri or not is_safe_iri(iri):
        return "", ""
    kind, _slash, slug = path.partition("#")[0].rpartition("/")
    return kind, slug


def _local(desk: Desk, iri: str, kind: str) -> str:
    found = desk.names.local(iri, kind) or ""
    return "" if set(found) & set("#/?") else found


def _why(desk: Desk, iri: str) -> str | None:
    if any(_local(desk, iri, kind) for kind in _PUBLISHED):
        return f"/why?iri={quote(iri, safe='')}"
    return None


def _is_outside(href: str | None) -> bool:
    return href is not None and not href.startswith("/")


def wanted(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The IRIs in rows of values, in the order in which they are read."""
    return [value.text for row in rows for value in row if value and value.kind == "iri"]
