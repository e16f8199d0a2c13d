"""A small site on a loopback port, with the real middleware, for tests of accounts and security."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import jinja2
import uvicorn
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from server.domain import permissions
from server.domain.opening import SCHEMAS
from server.errors import Invalid, Problem
from server.index.database import Database
from server.journal.accounts import create_tables
from server.journal.entries import open_engine
from server.names import Names
from server.settings import Settings
from server.web import accounts, own_accounts, pages, sessions, tokens
from server.web.forms import read_form
from server.web.limits import BodyLimit, WriteRate
from server.web.problems import Problems, exception_handlers
from server.web.security import SecurityHeaders

TEMPLATES = {
    "home.html": "<form>{{ here.csrf }}</form>{{ here.person.name if here.person }}",
    "accounts/login.html": "<i>{{ here.csrf }}</i>{{ form }}{{ errors }}",
    "accounts/register.html": "<i>{{ here.csrf }}</i>{{ form }}{{ errors }}",
    "accounts/account.html": "<i>{{ here.csrf }}</i>{{ account.name }}|{{ new_token }}|{{ errors }}"
    "{% for token in tokens %}<b>{{ token.id }}</b>{% endfor %}",
    "errors/page.html": "<h1>{{ status }} {{ title }}</h1>{{ detail }}{{ problems }}"
    "<a href='{{ next_href }}'>{{ next_text }}</a>",
    "errors/_problem.html": "<p>{{ detail }}</p>",
}
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Desk:
    accounts: Engine
    names: Names
    index: Database


class Templates:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )

    def render(self, name: str, here: object, **context: object) -> str:
        return self.environment.get_template(name).render(here=here, **context)


def plain(request: Request) -> Response:
    return JSONResponse({"ok": True}, headers={"Cross-Origin-Resource-Policy": "cross-origin"})


def home(request: Request) -> Response:
    return pages.page(request, "home.html")


def start(request: Request) -> Response:
    sessions.start(request)
    return RedirectResponse("/account", 303)


def whoami(request: Request) -> Response:
    person = permissions.require(request.state.person, "see work")
    return JSONResponse({"name": person.name})


async def echo(request: Request) -> Response:
    form = await read_form(request)
    uploads = [(name, file.filename, file.size) for name, file in form.uploads]
    return JSONResponse({"fields": form.fields, "uploads": uploads})


async def write(request: Request) -> Response:
    permissions.require_account(request.state.person)
    return JSONResponse({"bytes": len(await request.body())})


def fail(request: Request) -> Response:
    raise RuntimeError("secret detail")


def invalid(request: Request) -> Response:
    raise Invalid("Two things are wrong.", (Problem("title", "Say what it is called."),))


def app(desk: Desk, settings: Settings) -> Starlette:
    site = Starlette(
        routes=[
            *accounts.routes,
            *own_accounts.routes,
            *tokens.routes,
            Route("/", home),
            Route("/plain", plain),
            Route("/start", start, methods=["POST"]),
            Route("/moderate", whoami),
            Route("/echo", echo, methods=["POST"]),
            Route("/upload", echo, methods=["POST"]),
            Route("/api", write, methods=["POST"]),
            Route("/sparql", echo, methods=["POST"]),
            Route("/fail", fail),
            Route("/invalid", invalid),
        ],
        middleware=[
            Middleware(SecurityHeaders, secure=settings.secure_cookies),
            Middleware(Problems),
            Middleware(BodyLimit, settings, is_upload=lambda scope: scope["path"] == "/upload"),
            Middleware(WriteRate, settings, exempt=("/sparql",)),
            Middleware(sessions.Sessions, settings, anonymous=("/sparql",)),
        ],
        exception_handlers=exception_handlers,
    )
    site.state.desk, site.state.settings, site.state.templates = desk, settings, Templates()
    return site


def open_desk(folder: Path) -> Desk:
    engine = open_engine(folder / "journal.sqlite")
    create_tables(engine)
    index = Database(folder / "index.sqlite", SCHEMAS)
    return Desk(engine, Names("http://example.org/"), index)


@contextmanager
def serve(folder: Path, **changes: object) -> Iterator[tuple[str, Desk]]:
    """The address of the site, and its desk, while it runs."""
    desk = open_desk(folder)
    settings = replace(Settings(), **changes)
    config = uvicorn.Config(
        app(desk, settings), port=0, log_level="warning", proxy_headers=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", desk
    finally:
        server.should_exit = True
        thread.join()
        desk.accounts.dispose()


class Browser(httpx.Client):
    """Keeps cookies, and sends forms as a page of the site does."""

    def __init__(self, address: str) -> None:
        super().__init__(base_url=address, headers={"Accept": "text/html"})
        self.origin = {"Origin": address}

    def token(self, page: str = "/login") -> str:
        return self.get(page).text.partition("</")[0].rpartition(">")[2]

    def submit(self, path: str, page: str | None = None, **fields: object) -> httpx.Response:
        """Open a page with a form, then send the form to a path."""
        token = self.token(page or "/")
        return self.post(path, data={"csrf": token, **fields}, headers=self.origin)

    def register(self, name: str = "Ada", email: str = "ada@example.org") -> httpx.Response:
        self.email = email
        return self.submit("/register", name=name, email=email, password=PASSWORD)

    def sign_in(self, email: str, password: str = PASSWORD, **fields: object) -> httpx.Response:
        return self.submit("/login", page="/", email=email, password=password, **fields)
