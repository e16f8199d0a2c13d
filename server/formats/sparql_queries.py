"""Queries at a SPARQL endpoint, a page of the answer at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from pyoxigraph import Literal, NamedNode

from server.errors import Invalid, Malformed
from server.formats.wikidata_terms import EVERY_LANGUAGE, entity, number_of
from server.i18n import _
from server.names import is_safe_iri

#: What the columns of a SELECT may be called.
COLUMNS = (
    "item", "label", "alt", "description", "broader", "image", "coordinates", "lat", "long",
    "notation", "related", "exactMatch", "closeMatch",
)  # fmt: skip
_LONGEST = 100_000
_TOKEN = re.compile(
    r"<[^<>\"{}|^`\\\s]*>"
    r'|"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|(#[^\n]*)',
    re.DOTALL,
)
_FORM = re.compile(
    r"\s*(?:(?:prefix\s+[^\s:]*:\s*<[^>]*>|base\s+<[^>]*>)\s*)*(select|construct)\b", re.I
)
_LIMITED = re.compile(r"\b(?:limit|offset|values)\b", re.I)
_ORDERED = re.compile(r"\border\s+by\b", re.I)
_VARIABLE = re.compile(r"[?$](\w+)")


@dataclass(frozen=True, slots=True)
class Page:
    """What came: how many rows, and the last item in the order of IRIs."""

    rows: int
    last: str


class TextQuery:
    """A person's query: CONSTRUCT, or SELECT with ?item and others of `COLUMNS`.

    It is ordered and cut into pages, unless it has a LIMIT of its own. Raises Malformed.
    """

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise Malformed(_("The query is too long."))
        self.text = text
        plain = _TOKEN.sub(lambda found: "" if found[1] else "<>", text)
        form = _FORM.match(_TOKEN.sub(lambda found: "" if found[1] else found[0], text))
        variables = dict.fromkeys(_VARIABLE.findall(plain))
        if form is None:
            raise Malformed(_("The query must be a SELECT or a CONSTRUCT."))
        self.construct = form[1].lower() == "construct"
        if not self.construct and "item" not in variables:
            raise Malformed(_("The query must give ?item, and may give ?label and others."))
        tail = plain.rpartition("}")[2]
        self._whole = _LIMITED.search(tail) is not None
        known = [name for name in COLUMNS if name in variables]
        order = known if "item" in variables else list(variables)
        self._order = (
            "" if _ORDERED.search(tail) else "ORDER BY " + " ".join(f"?{n}" for n in order)
        )

    def page(self, state: str, size: int) -> str:
        """`state` is how many rows came before."""
        if self._whole:
            return self.text
        return f"{self.text}\n{self._order}\nLIMIT {size:d} OFFSET {int(state or 0):d}"

    def after(self, state: str, size: int, page: Page) -> str | None:
        """The state after a page; None at the end. An endpoint may give fewer rows than asked."""
        if self._whole or not page.rows:
            return None
        return str(int(state or 0) + (size if self.construct else page.rows))


class ClassQuery:
    """Instances and subclasses of classes at Wikidata: Q-ids or addresses.

    Pages go from item to item, which costs the endpoint less than to count rows.
    """

    construct = False

    def __init__(self, classes: Sequence[str], languages: Sequence[str] = ()) -> None:
        numbers = [number_of(text.strip().removeprefix("wd:")) for text in classes]
        if not numbers or None in numbers:
            wrong = next((text for text, n in zip(classes, numbers, strict=True) if n is None), "")
            raise Invalid(_("“{text}” is no item of Wikidata, like Q5.", text=wrong))
        self._classes = " ".join(entity(number) for number in numbers if number)
        wanted = ", ".join(str(Literal(tag.lower())) for tag in (*languages, EVERY_LANGUAGE))
        self._filter = f"FILTER(LANG(?text) IN ({wanted}))" if languages else ""
        self.text = self.page("", 0)

    def page(self, state: str, size: int) -> str:
        """`state` is the last item of the page before.

        An endpoint takes no bindings: the values stand in the text, each written by `str(term)`.
        """
        after = f"FILTER(STR(?item) > {Literal(NamedNode(state).value)})" if state else ""
        return _CLASS_QUERY % {
            "classes": self._classes, "after": after, "size": size,
            "label": self._filter.replace("?text", "?label"),
            "alt": self._filter.replace("?text", "?alt"),
            "description": self._filter.replace("?text", "?description"),
        }  # fmt: skip

    def after(self, state: str, _size: int, page: Page) -> str | None:
        """None at the end. Malformed where the endpoint does not go on, which would never end."""
        if not page.rows:
            return None
        if page.last <= state or not is_safe_iri(page.last):
            raise Malformed(_("The endpoint does not go on from item to item."))
        return page.last


_CLASS_QUERY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <http://schema.org/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
SELECT ?item ?label ?alt ?description ?broader ?image ?coordinates WHERE {
  { SELECT DISTINCT ?item WHERE {
      VALUES ?class { %(classes)s }
      ?item wdt:P31?/wdt:P279* ?class .
      %(after)s
    } ORDER BY STR(?item) LIMIT %(size)d }
  { ?item rdfs:label ?label %(label)s }
  UNION { ?item skos:altLabel ?alt %(alt)s }
  UNION { ?item schema:description ?description %(description)s }
  UNION { ?item wdt:P279|wdt:P31 ?broader }
  UNION { ?item wdt:P18 ?image }
  UNION { ?item wdt:P625 ?coordinates }
}
"""

Query = TextQuery | ClassQuery


def look_over(data: bytes, construct: bool) -> Page:
    """Whether this is a page of results at all. Raises Malformed."""
    if construct:
        lines = [line for line in data.split(b"\n") if line.strip() and line[:1] != b"#"]
        if any(not line.rstrip().endswith(b".") or line[:1] not in b"<_" for line in lines):
            raise Malformed(_("The endpoint's answer is no N-Triples."))
        return Page(len(lines), "")
    try:
        rows = orjson.loads(data)["results"]["bindings"]
        items = [str(row["item"]["value"]) for row in rows if "item" in row]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(_("The endpoint's answer is no SPARQL result in JSON.")) from error
    return Page(len(rows), max(items, default=""))
