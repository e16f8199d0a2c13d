"""An answer as people look at it: a table, a map, a chart, pictures, or as text."""

import re
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import RdfFormat, parse, serialize

from server.commit import Desk
from server.domain import sparql_charts, sparql_maps, sparql_results, sparql_tables
from server.domain.sparql_charts import Chart
from server.domain.sparql_maps import Spot
from server.domain.sparql_results import Table
from server.domain.sparql_tables import Cell, Cells
from server.names import PREFIXES

View = Literal["table", "map", "chart", "gallery", "text"]
#: A comment in a query says how its answer is best seen: `# view: map`, `# view: chart pie`.
_WISH = re.compile(r"(?m)^[ \t]*#[ \t]*view:[ \t]*(\w+)(?:[ \t]+(\w+))?[ \t]*$")
_MOST_TEXT = 2_000  # triples of the text


@dataclass(frozen=True, slots=True)
class Shown:
    """Card of a row with a picture: the other cells are said beneath it."""

    cell: Cell
    rest: list[Cell]


@dataclass(frozen=True, slots=True)
class Views:
    """`view` is the one that is seen first; `total` counts all rows, of which `cells` are some."""

    view: View
    views: list[View]
    columns: list[str]
    cells: Cells
    total: int
    spots: list[Spot]
    chart: Chart | None
    gallery: list[Shown]
    text: str = ""


def of_answer(
    desk: Desk, query: str, body: bytes, language: str, view: str = "", kind: str = ""
) -> Views:
    """Of SPARQL Results JSON. `view` and `kind` (of chart) are what somebody chose."""
    wish, chart = wished(query)
    table = sparql_results.read(body).as_written(query)
    return _views(desk, table, language, view or wish, kind or chart)


def of_graph(desk: Desk, query: str, body: bytes, language: str, view: str = "") -> Views:
    """Of N-Triples."""
    table = sparql_results.read_triples(body)
    return _views(desk, table, language, view or wished(query)[0], "", _turtle(body))


def wished(query: str) -> tuple[str, str]:
    """(view, kind of chart) that the query itself asks for."""
    found = _WISH.search(query)
    return (found[1], found[2] or "") if found else ("", "")


def _views(desk: Desk, table: Table, language: str, wish: str, kind: str, text: str = "") -> Views:
    cells = sparql_tables.cells(desk, table, language)
    spots = [] if text else sparql_maps.spots(table, cells)
    chart = None if text or spots else sparql_charts.chart(table, cells, kind)
    gallery = _gallery(cells)
    views: list[View] = ["table"]
    views += ["map"] if spots else []
    views += ["chart"] if chart else []
    views += ["gallery"] if gallery else []
    views += ["text"] if text else []
    view = next((each for each in views if each == wish), _best(views, table, gallery))
    return Views(view, views, table.columns, cells, table.total, spots, chart, gallery, text)


def _best(views: list[View], table: Table, gallery: list[Shown]) -> View:
    if "map" in views:
        return "map"
    if len(gallery) > 2 and len(gallery) * 2 >= len(table.rows):
        return "gallery"
    return "chart" if "chart" in views else "table"


def _gallery(cells: Cells) -> list[Shown]:
    """The rows that are about an item with a picture."""
    found = []
    for row in cells:
        seen = next((cell for cell in row if cell and cell.picture), None)
        if seen:
            others = [cell for cell in row if cell and cell is not seen and cell.text != seen.text]
            found.append(Shown(seen, others))
    return found


def _turtle(body: bytes) -> str:
    """The triples as people write them, those that the table shows and some more."""
    lines = sorted(line for line in body.split(b"\n") if line)[:_MOST_TEXT]
    triples = list(parse(b"\n".join(lines), RdfFormat.N_TRIPLES))
    used = {name: base for name, base in PREFIXES.items() if base.encode() in body}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=used) or b"").decode()
