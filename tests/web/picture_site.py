"""A server of pictures on a loopback port, some of them hostile, and our site beside it."""

import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from PIL import Image
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from server.commit import Desk
from server.domain import graph_states, opening
from server.domain.accounts import Person
from server.patches import Dataset, Patch
from server.web import images, media
from server.web.problems import Problems, exception_handlers
from server.web.security import SecurityHeaders
from tests import worlds
from tests.web.loopback import serve

#: Of an item that a test describes: `<me>` is the item, `<agg>` its aggregation.
AGGREGATION = "<agg> a ore:Aggregation ; edm:aggregatedCHO <me> ."
PREFIXES = """
    @prefix dc: <http://purl.org/dc/elements/1.1/> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix edm: <http://www.europeana.eu/schemas/edm/> .
    @prefix ore: <http://www.openarchives.org/ore/terms/> .
    @prefix svcs: <http://rdfs.org/sioc/services#> .
    @prefix doap: <http://usefulinc.com/ns/doap#> .
    @prefix prov: <http://www.w3.org/ns/prov#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix ebucore: <http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#> .
    @prefix ch: <https://w3id.org/crowdheritage/ns#> .
    @prefix schema: <http://schema.org/> .
"""


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 800), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#cc3311").save(out, kind, **options)
    return out.getvalue()


# --- a server of pictures, some of them hostile ------------------------------------------------


@dataclass
class Origin:
    """An image server on a loopback port: `asked` are the paths it was asked for."""

    port: int
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]]
    asked: list[str] = field(default_factory=list)

    def below(self, path: str) -> Callable[[BaseHTTPRequestHandler], None]:
        """What answers to all addresses that begin with one that ends in a slash."""
        return next(answer for start, answer in self.answers.items() if path.startswith(start))

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def add(self, path: str, body: bytes, kind: str = "image/png", **headers: str) -> str:
        self.answers[path] = lambda handler: send(handler, body, kind, headers)
        return self.address(path)

    def redirect(self, path: str, to: str) -> str:
        self.answers[path] = lambda handler: send(handler, b"", "text/plain", {"Location": to}, 302)
        return self.address(path)


def send(
    handler: BaseHTTPRequestHandler, body: bytes, kind: str, headers: dict[str, str],
    status: int = 200,
) -> None:  # fmt: skip
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextlib.contextmanager
def origin() -> Iterator[Origin]:
    found = Origin(0, {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append(self.path)
            with contextlib.suppress(OSError):  # the asker left
                answer = found.answers.get(self.path) or found.below(self.path)
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


# --- our site ----------------------------------------------------------------------------------


class Signed:
    """Whoever sends `organiser` as a header is one."""

    def __init__(self, app: ASGIApp, organiser: Person) -> None:
        self.app, self.organiser = app, organiser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (b"organiser", b"yes") in scope["headers"]:
            scope["state"]["person"] = self.organiser
        await self.app(scope, receive, send)


@dataclass
class Site:
    client: httpx.Client
    desk: Desk

    @property
    def data(self) -> Path:
        return self.desk.settings.data

    def item(self, picture: str | None, name: str = "1", dataset: Dataset = "public") -> str:
        """The address of the picture of a new item, alone in a collection of its own."""
        shown = f"{AGGREGATION} <agg> edm:isShownBy <{picture}> ." if picture is not None else ""
        return self.described(shown, name, dataset)

    def described(self, turtle: str, name: str = "1", dataset: Dataset = "public") -> str:
        """As `item`, of which `turtle` tells the rest."""
        me = NamedNode(worlds.item(name))
        text = f"""{PREFIXES} <{me.value}> a edm:ProvidedCHO ; dc:title "A picture"@en .
            {turtle.replace("<agg>", f"<{me.value}#aggregation>").replace("<me>", str(me))}"""
        triples = parse(text, RdfFormat.TURTLE)
        lines = [f"{one.subject} {one.predicate} {one.object}" for one in triples]
        graph = self.desk.names.graph("collection", f"c{name}")
        bulk = graph_states.prepare(self.desk, dataset, graph, lines).bulk
        self.desk.commit(
            lambda _desk: (Patch(bulk=(bulk,)), None), by="x", action="import", now=worlds.now()
        )
        self.desk.run_bulk()
        return f"/images/{self.desk.names.item_id(me.value)}"

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)


@contextlib.contextmanager
def site(folder: Path, listed: str = "") -> Iterator[Site]:
    settings = replace(worlds.create(folder), image_hosts=listed)
    with opening.opened(settings) as desk:
        organiser = Person("o", "O", "organiser", guest=False, agent=desk.names.agent("o"))
        app = Starlette(
            routes=[*images.routes, *media.routes],
            middleware=[
                Middleware(SecurityHeaders),
                Middleware(Problems),
                Middleware(Signed, organiser=organiser),
            ],
            exception_handlers=exception_handlers,
        )
        app.state.desk = desk
        with (
            serve(app) as address,
            httpx.Client(base_url=f"http://{address}", timeout=30) as client,
        ):
            yield Site(client, desk)
