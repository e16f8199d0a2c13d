"""A site with pictures to look at: coloured fields, renderings by several makers, a palette."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from pyoxigraph import Literal, NamedNode

from server.domain import annotations, vocabularies
from server.domain.annotations import Annotation
from server.domain.campaign_tasks import Choice
from server.domain.campaigns import Task
from server.formats import skos_read
from server.formats.vocabularies import Reading
from server.index import queues
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, XSD, Namespace
from server.resources import folder
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import World, now
from tests.web.visitors import Visitor

EBUCORE = Namespace("http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#")
WIKIDATA = "http://www.wikidata.org/entity/"
RED, GREEN, BLUE, WHITE = (WIKIDATA + each for each in ("Q3142", "Q3133", "Q1088", "Q23444"))
SIZE = (1200, 800)
#: Of the painting, by quarters: not quite the palette's own.
QUARTERS = ("#e81010", "#1414e0", "#10e810", "#f4f4f0")
MAKERS = ("Alpha filter", "Beta filter", "https://makers.example.org/gamma")


@dataclass(frozen=True)
class Rendering:
    """A picture of an item: the name of its file, its size where the record tells it, its maker."""

    name: str
    size: tuple[int, int] | None = None
    maker: str = ""


@dataclass(frozen=True)
class Work:
    """An item with pictures of ours; the first is shown by itself."""

    number: str
    pictures: tuple[Rendering, ...]
    base: str

    @property
    def iri(self) -> str:
        return worlds.item(self.number)

    def picture(self, place: int) -> str:
        return f"{self.base}media/works/{self.pictures[place].name}"

    def lines(self) -> Iterator[str]:
        me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
        yield f"{me} {RDF.type} {EDM.ProvidedCHO}"
        yield f"{me} {DC.title} {Literal(f'Work {self.number}', language='en')}"
        yield f"{me} {EDM.type} {Literal('IMAGE')}"
        yield f"{aggregation} {RDF.type} {ORE.Aggregation}"
        yield f"{aggregation} {EDM.aggregatedCHO} {me}"
        yield f"{aggregation} {EDM.dataProvider} {Literal('A museum')}"
        for place, each in enumerate(self.pictures):
            resource = NamedNode(self.picture(place))
            yield f"{aggregation} {EDM.hasView if place else EDM.isShownBy} {resource}"
            yield f"{resource} {RDF.type} {EDM.WebResource}"
            yield from (f"{resource} {p} {o}" for p, o in self._said(each))

    def _said(self, each: Rendering) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
        if each.size:
            for name, pixels in zip(("width", "height"), each.size, strict=True):
                yield EBUCORE[name], Literal(str(pixels), datatype=XSD.integer)
        if each.maker.startswith("http"):
            yield DCTERMS.creator, NamedNode(each.maker)
        elif each.maker:
            yield DC.creator, Literal(each.maker)


def works(base: str) -> dict[str, Work]:
    made = [Rendering(f"r{n}.png", maker=maker) for n, maker in enumerate(MAKERS, 1)]
    pictures = {
        "painting": (Rendering("painting.png", SIZE),),
        "unsized": (Rendering("unsized.png"),),
        "book": (Rendering("page-1.png", (600, 800)), Rendering("page-2.png", (600, 800))),
        "versions": tuple(made),
        "other-versions": tuple(made[:2]),
        "alone": (Rendering("r1.png", maker=MAKERS[0]),),
    }
    return {name: Work(name, found, base) for name, found in pictures.items()}


def draw(data: Path, found: Iterable[Work]) -> None:
    room = data / "media" / "works"
    room.mkdir(parents=True, exist_ok=True)
    for work in found:
        for place, each in enumerate(work.pictures):
            wide, high = each.size or SIZE
            image = Image.new("RGB", (wide, high))
            pen = ImageDraw.Draw(image)
            for n, colour in enumerate(QUARTERS):
                x, y = (n % 2) * wide // 2, (n // 2) * high // 2
                pen.rectangle((x, y, x + wide // 2, y + high // 2), fill=colour)
            if each.maker:
                pen.rectangle((wide // 4, high // 4, 3 * wide // 4, 3 * high // 4), fill="#444")
                pen.rectangle((0, 0, 60 * (place + 1), 40), fill="#ffff00")
            image.save(room / each.name)


@contextmanager
def serve(data: Path) -> Iterator[World]:
    """A furnished site with the works, and the colours of Wikidata as the vocabulary `colours`."""
    with campaign_site.serve(data) as site:
        olga = site.people["olga"]
        found = works(site.desk.names.base)
        draw(data, found.values())
        worlds.import_things(site.desk, olga, "works", found.values())  # type: ignore[arg-type]
        starter = folder("vocabularies") / "wikidata-colours.ttl"
        palette = skos_read.read([starter], skos_read.Options(), Reading())
        vocabularies.load(site.desk, olga, "colours", palette, now=now())
        yield site


def colour_task(number: int = 1) -> Task:
    return Task(
        number, DC.format.value, {"en": "Which colours are there?"}, ("colours",),
        kind=CH.ColourTag.value,
    )  # fmt: skip


def region_task(number: int = 1, *vocabularies_: str) -> Task:
    question = {"en": "What is where?"}
    return Task(number, "", question, vocabularies_ or ("aat",), kind=CH.Region.value)


def comparison_task(number: int = 1, *names: str) -> Task:
    choices = tuple(Choice(n, {"en": name}) for n, name in enumerate(names, 1))
    question = {"en": "Which one is better?"}
    return Task(number, "", question, kind=CH.Comparison.value, choices=choices)


def campaign(site: World, *tasks: Task) -> str:
    return site.campaign(collections=("works",), tasks=tasks)


def path(site: World, slug: str, work: str) -> str:
    return f"/campaigns/{slug}/items/{site.desk.names.item_id(worlds.item(work))}"


def answer(site: World, who: Visitor, slug: str, work: str, **fields: object):  # type: ignore[no-untyped-def]
    """Send the form of the first question as htmx does; `_` in a name stands for a hyphen."""
    form = {name.replace("_", "-"): value for name, value in fields.items()}
    return who.submit(f"{path(site, slug, work)}/annotations", htmx=True, **({"task": "1"} | form))


def stored(site: World, slug: str, work: str) -> list[Annotation]:
    rows = queues.annotations_of_item(site.desk.index.read(), worlds.item(work), slug)
    return [annotations.get(site.desk, row.iri) for row in rows]
