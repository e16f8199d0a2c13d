"""A server of OAI-PMH on a loopback port, the schemas of its answers, and how to ask it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote

import httpx
from lxml import etree
from pyoxigraph import Literal, NamedNode

from server.app import create_app
from server.commit import Desk
from server.domain import publishing
from server.names import DC, EDM
from server.settings import Settings
from tests import worlds
from tests.web import loopback
from tests.worlds import Thing, World

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RIGHTS = "http://creativecommons.org/publicdomain/mark/1.0/"
PREFIXES = ("oai_dc", "edm", "edm_enriched", "rdf")
_XML = "http://www.w3.org/2001/03/xml.xsd"
_NAMESPACES = {
    "oai-identifier.xsd": "http://www.openarchives.org/OAI/2.0/oai-identifier",
    "oai_dc.xsd": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "EDM.xsd": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "EDM-INTERNAL.xsd": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


class Print(Thing):
    """An item with all that external EDM must have."""

    def lines(self) -> Iterator[str]:
        yield from super().lines()
        if not self.gone:
            me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
            yield f"{me} {DC.type} {Literal('print')}"
            yield f"{aggregation} {EDM.provider} {Literal('An aggregator')}"
            yield f"{aggregation} {EDM.isShownAt} {NamedNode(f'{self.iri}.html')}"
            yield f"{aggregation} {EDM.rights} {NamedNode(RIGHTS)}"


@contextmanager
def serve(data: Path, **settings: object) -> Iterator[tuple[str, World]]:
    """(address, world) of a furnished site: six prints and a campaign on them."""
    app = create_app(worlds.create(data, **settings))
    with loopback.serve(app) as address:
        yield f"http://{address}/oai", worlds.furnish(app.state.desk)


@contextmanager
def serve_again(settings: Settings) -> Iterator[tuple[str, Desk]]:
    """(address, desk) of a data directory that was left."""
    app = create_app(settings)
    with loopback.serve(app) as address:
        yield f"http://{address}/oai", app.state.desk


def ask(address: str, **arguments: str) -> etree._Element:
    """The root of an answer with status 200."""
    given = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = httpx.get(address, params=given, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def codes(root: etree._Element) -> list[str]:
    return [each.get("code") for each in root.iterfind(f"{OAI}error")]


def identifiers(root: etree._Element) -> list[str]:
    return [str(each.text) for each in root.iter(f"{OAI}identifier")]


def token(root: etree._Element) -> str:
    """That of a list which goes on, else ""."""
    return root.findtext(f".//{OAI}resumptionToken") or ""


def pages(address: str, verb: str, **arguments: str) -> Iterator[etree._Element]:
    """The parts of a list, one after the other."""
    root = ask(address, verb=verb, **arguments)
    yield root
    while following := token(root):
        root = ask(address, verb=verb, resumptionToken=following)
        yield root


def things(world: World, number: int, start: int = 0) -> None:
    """Make the prints exactly so many."""
    prints = [Print(n, f"Print {n}") for n in range(start, start + number)]
    worlds.import_things(world.desk, world.organiser, "prints", prints)


def publish(world: World, number: int, term: int = 1) -> str:
    """The IRI of an annotation on a print that two people agreed on."""
    for person in world.people[:2]:
        iri = world.propose(person, worlds.item(number), worlds.term(term))
    publishing.publish(world.desk, world.organiser, world.campaign, now=worlds.now())
    return iri


# --- schemas -------------------------------------------------------------------------------------


class _Local(etree.Resolver):
    """The W3C's schema of xml:lang, from the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def resolve(self, url: str, _public: str, context: object) -> object:
        return self.resolve_filename(str(self.path), context) if url == _XML else None


@cache
def schema(shared_data: Path, *names: str) -> etree.XMLSchema:
    """OAI-PMH.xsd with the schemas of what stands in its answers."""
    places = {name: shared_data / ("oai" if "oai" in name else "edm-schema") / name
              for name in names}  # fmt: skip
    imported = "".join(
        f'<xs:import namespace="{_NAMESPACES[name]}" schemaLocation="{quote(str(path))}"/>'
        for name, path in places.items()
    )
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:import namespace="http://www.openarchives.org/OAI/2.0/" '
        f'schemaLocation="{quote(str(shared_data / "oai" / "OAI-PMH.xsd"))}"/>'
        f"{imported}</xs:schema>"
    )
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(shared_data / "edm-schema" / "xml.xsd"))
    return etree.XMLSchema(etree.fromstring(text, parser))


def assert_valid(shared_data: Path, root: etree._Element) -> None:
    """By the schemas of OAI-PMH and of what stands in it; any RDF/XML is taken out before."""
    text = etree.tostring(root).decode()
    if "<edm:ProvidedCHO" in text:
        internal = "<ore:Proxy" in text
        wanted = ("EDM-INTERNAL.xsd" if internal else "EDM.xsd",)
    else:
        text = re.sub(r"<metadata>\s*<rdf:RDF.*?</metadata>", "", text, flags=re.S)
        wanted = ("oai_dc.xsd", "oai-identifier.xsd")
    schema(shared_data, *wanted).assertValid(etree.fromstring(text))
