"""What people with bad intentions send: to every address, in every field."""

import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import Route

from server.domain import annotations
from server.names import short_hash
from server.web.routes import routes
from server.web.security import HEADERS
from tests import worlds
from tests.web.campaign_site import FARMS, World
from tests.web.test_campaigns import FORM
from tests.web.visitors import REFUSED, Visitor

SPARQL = 'x" } UNION { ?s ?p ?o } #'
SQL = "'); DROP TABLE annotation; --"
SCRIPT = "</textarea><script>alert(1)</script>\"' onfocus=alert(1)"
BIDI = "\u202egnp.exe"
HOSTILE = {"text": SPARQL + SQL + SCRIPT, "bidi": BIDI, "nul": "a\0b"}
VOCABULARY = ("title", "slug", "description", "source", "licence", "attribution", "language")
TERM = (
    "label-1-language", "label-1-text", "other-1-language", "other-1-text", "note-1-language",
    "note-1-text", "broader", "pasted", "mapping-1-kind", "mapping-1-iri", "hex", "latitude",
    "longitude",
)  # fmt: skip
#: Fields that each form of ours has, beside those of the forms made of parts.
FIELDS = {
    "/campaigns/new": tuple(FORM),
    "/campaigns/{slug}/edit": tuple(FORM),
    "/campaigns/{slug}/start": ("item",),
    "/campaigns/{slug}/items/{id}/annotations": (
        "task", "body", "field", "q", "key", "replaces", "span", "span-start", "span-end",
        "span-exact", "span-which", "value", "text", "text-lang", "rating", "errors-1", "comment",
        "page", "term", "answer",
    ),
    "/campaigns/{slug}/gold": ("item", "task", "answers", "explanation"),
    "/campaigns/{slug}/gold/remove": ("item", "task"),
    "/campaigns/{slug}/europeana/push": ("dry", "again"),
    "/campaigns/{slug}/europeana/automatic": ("on",),
    "/campaigns/{slug}/europeana/matches": ("same", "other", "item", "address"),
    "/campaigns/{slug}/europeana/search": ("again",),
    "/annotation/{id}/vote": ("verdict", "reason", "comment", "key"),
    "/campaigns/{slug}/validate": ("annotation", "verdict", "rating", "reason", "key"),
    "/campaigns/{slug}/validate/term": ("iri", "annotation", "verdict", "after", "all"),
    "/campaigns/{slug}/values/one": (
        "task", "property", "value", "lang", "iri", "body", "q", "step", "where",
    ),
    "/campaigns/{slug}/publish": ("field", "kind", "annotation", "take_out", "seen"),
    "/campaigns/{slug}/publish/withdraw": ("field", "kind", "annotation", "seen"),
    "/campaigns/{slug}/publish/schedule": ("publish_at", "publish_every", "embargo"),
    "/annotation/{id}/decide": ("verdict", "reason", "campaign"),
    "/undo/{seq}": ("back",),
    "/login": ("email", "password", "next"),
    "/register": ("name", "email", "password", "next"),
    "/account": ("name", "show_name"),
    "/account/password": ("current", "password"),
    "/account/tokens": ("label", "scope", "expires"),
    "/account/shortcuts": ("shortcuts", "on", "reset"),
    "/account/erase": ("erase-password", "confirm"),
    "/language": ("language", "back"),
    "/collections/import": ("slug", "title", "description", "private", "strict"),
    "/vocabularies/new": VOCABULARY,
    "/vocabularies/{slug}/edit": VOCABULARY,
    "/vocabularies/load": (
        "source", "slug", "title", "url", "query", "endpoint", "replace", "classes", "languages",
        "countries", "feature_classes", "min_population", "scheme", "base",
    ),
    "/vocabularies/{slug}/loads/{id}/reopen": ("kind", "term"),
    "/vocabularies/{slug}/terms/new": TERM,
    "/vocabularies/{slug}/terms/edit": ("iri", *TERM),
    "/vocabularies/{slug}/terms/retire": ("iri", "replacement"),
    "/vocabularies/{slug}/terms/remove": ("iri",),
    "/vocabularies/{slug}/terms/copy": ("iri", "into"),
    "/vocabularies/{slug}/terms/add": ("iris", "lenient", "then"),
    "/reconcile/{slug}": ("queries", "extend"),
    "/providers/{key}/same": ("same", "links"),
    "/oai": (
        "verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken", "x",
    ),
    "/q": ("query",),
}  # fmt: skip
POSTS = [each for each in routes if isinstance(each, Route) and "POST" in (each.methods or ())]
GETS = [each for each in routes if isinstance(each, Route) and "GET" in (each.methods or ())]
#: Needs no token of ours: nobody's cookie counts there.
OPEN = ("/sparql", "/oai", "/q", "/language", "/reconcile/{slug}")
REAL = [each for each in POSTS if each.path not in OPEN]


def named(given: list[Route]) -> list[str]:
    return [f"{each.path}-{each.endpoint.__name__}" for each in given]


@pytest.fixture(scope="module")
def slug(world: World) -> str:
    """A campaign that these tests do bad things to."""
    return world.campaign()


@pytest.fixture(scope="module")
def annotation(world: World, slug: str) -> str:
    return world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)


@pytest.fixture(scope="module")
def made(world: World) -> str:
    """A vocabulary, made in the browser, that these tests do bad things to."""
    olga = world.visitor("olga")
    assert olga.submit("/vocabularies/new", title="Bad things", slug="bad-things").status_code < 400
    return "bad-things"


def filled(world: World, path: str, slug: str, annotation: str, loaded: str = "") -> str:
    """The path of a route with things that exist; collections and vocabularies are `loaded`."""
    kind = path.split("/")[1]
    if kind in ("collections", "collection", "media"):
        slug = loaded or "prints"
    if kind in ("vocabularies", "vocabulary", "term", "reconcile"):
        slug = loaded or "aat"
    ids = {
        "annotation": annotation, "agent": world.people["ada"].id, "account": "0" * 64,
        "jobs": "0", "term": "t1",
    }  # fmt: skip
    values = {
        "slug": slug, "id": ids.get(kind, world.item(0)), "suffix": ".ttl", "number": "1",
        "task": "1", "side": "left", "key": "a-museum",
    }  # fmt: skip
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], "nothing"), path)


# --- what is written into forms -------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("route", POSTS, ids=named(POSTS))
def test_no_field_of_a_form_is_ever_active(
    world: World, slug: str, annotation: str, made: str, route: Route, kind: str
) -> None:
    text = HOSTILE[kind]
    path = filled(world, route.path, slug, annotation, loaded=made)
    known = FIELDS.get(route.path, ("a", "b"))
    people = (world.visitor("max"), world.visitor())
    for person in people if route.path not in ("/logout", "/account/erase") else people[1:]:
        before = world.last()
        if route.path == "/sparql":
            answer = person.post(path, data={"query": text})
        elif route.path in OPEN:
            answer = person.post(path, data=dict.fromkeys(known, text))
        else:
            answer = person.submit(path, **dict.fromkeys(known, text))
        assert answer.status_code < 500, answer.text
        assert "<script>alert" not in answer.text
        assert_inert(answer)
        if kind == "nul" and answer.status_code not in (401, 403, 404):
            # OAI-PMH has errors of its own, with status 200.
            assert answer.status_code == (200 if path == "/oai" else 400)
        if answer.status_code in REFUSED:
            assert world.last() == before


@pytest.mark.parametrize("kind", ["text", "bidi"])
@pytest.mark.parametrize("field", [name for name in FORM if name not in ("slug", "guests")])
def test_what_a_campaign_says_comes_back_exactly_or_is_refused(
    world: World, organiser: Visitor, field: str, kind: str
) -> None:
    text, before = HOSTILE[kind], world.last()
    form = FORM | {"slug": f"hostile-{kind}-{short_hash(field)[:8]}", field: text, "then": "open"}
    answer = organiser.submit("/campaigns/new", **form)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert world.last() == before
        return
    stranger = world.visitor()
    page = stranger.get(answer.headers["Location"])
    assert "<script>alert" not in page.text
    assert_inert(page)
    triples = stranger.get(answer.headers["Location"] + ".nt").text.splitlines()
    usual = world.visitor().get(f"/campaigns/{world.campaign()}.nt").text.splitlines()
    assert len(triples) < 2 * len(usual)
    for name in ("open", "close"):
        organiser.submit(f"{answer.headers['Location']}/{name}")


def test_a_comment_comes_back_exactly(world: World) -> None:
    for number, text in enumerate((SPARQL, SQL, SCRIPT, BIDI, HOSTILE["nul"])):
        slug = world.campaign()
        made = world.visitor("ada").start(slug).proposed(slug, world.item(number), FARMS)
        ben = world.visitor("ben").start(slug)
        answer = ben.vote(made, "reject", comment=text, reason=text)
        assert answer.status_code == (400 if "\0" in text else 200)
        if "\0" not in text:
            vote = annotations.get(world.desk, world.iri(made)).votes[0]
            assert (vote.comment, vote.reason) == (text, text)


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/campaigns/new", "/login", "/sparql", "/language", "/nothing"])
def test_a_body_of_100_megabytes_is_refused_at_once(world: World, path: str) -> None:
    where = urlsplit(world.address)
    with socket.create_connection((where.hostname, where.port), timeout=10) as client:
        client.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\na=".encode()
        )
        told = client.recv(65536)
        assert b" 413 " in told.partition(b"\r\n")[0]
        assert all(name.lower().encode() in told.lower() for name in HEADERS)


def test_a_body_that_hides_its_size_is_refused_too(world: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"a=b&" * 25_000

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": world.address}
    try:
        answer = httpx.post(world.address + "/login", content=endless(), headers=headers)
    except httpx.TransportError:
        return  # the server hung up on somebody who went on talking
    assert answer.status_code == 413


# --- who sends it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("route", REAL, ids=named(REAL))
def test_forms_from_elsewhere_or_without_a_token_are_refused(
    world: World, slug: str, annotation: str, route: Route
) -> None:
    path = filled(world, route.path, slug, annotation)
    ada, ben = world.visitor("ada"), world.visitor("ben")
    token, before = ada.token(), world.last()
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"csrf": token}, {"Origin": "https://evil.example"}),
        ({"csrf": token}, {"Origin": "null"}),
        ({"csrf": token}, {}),
        ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, ada.origin),
        ({"csrf": "stale"}, ada.origin),
        ({"csrf": ben.token()}, ada.origin),
    ]
    for data, headers in forged:
        answer = ada.post(path, data=data or {"a": "b"}, headers=headers)
        assert answer.status_code == 403, (data, headers)
    other_type = ada.post(path, content=b"{}", headers={"Content-Type": "application/json"})
    assert other_type.status_code == 403
    assert world.last() == before


def test_a_role_in_a_form_is_ignored(world: World) -> None:
    ada = world.visitor("ada")
    ada.submit("/account", name="Ada", role="admin", kind="admin", agent="x")
    assert ada.get("/account/export").json()["account"]["role"] == "contributor"
    assert ada.get("/campaigns/new").status_code == 403


def test_what_is_somebody_elses_is_refused(world: World) -> None:
    slug = world.campaign()
    annotation = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben, before = world.visitor("ben").start(slug), world.last() + 1
    assert ben.submit(f"/annotation/{annotation}/withdraw").status_code == 403
    assert ben.submit(f"/annotation/{annotation}/decide", verdict="accept").status_code == 403
    assert ben.get(f"/campaigns/{slug}/moderate").status_code == 403
    assert world.last() <= before
    stolen = world.visitor()
    stolen.cookies.set("session", "made-up", domain="127.0.0.1")
    assert stolen.submit(f"/annotation/{annotation}/withdraw").status_code in (401, 403)


# --- addresses ------------------------------------------------------------------------------------

METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET", "POST")


@pytest.mark.parametrize("path", sorted({each.path for each in POSTS + GETS}))
def test_other_methods_are_refused(world: World, slug: str, annotation: str, path: str) -> None:
    real = filled(world, path, slug, annotation)
    allowed: set[str] = set().union(*(each.methods for each in POSTS + GETS if each.path == path))
    visitor = world.visitor()
    # A page's path may be a pattern of another's: /campaigns/new is one of /campaigns/{slug}.
    for method in METHODS[:5] if allowed & {"GET", "POST"} else METHODS:
        if method in allowed:
            continue
        headers = visitor.origin | {"X-CSRF-Token": visitor.token()}
        answer = visitor.request(method, real, headers=headers)
        assert answer.status_code == 405, (method, answer.text)
        assert answer.headers["Allow"]
        assert_secured(answer)


ODD_PATHS = [
    "/" + "a" * 20_000, "/campaigns/" + "a" * 20_000, "/items/" + "a/" * 5_000, "/%FF%FE", "/%00",
    "/campaigns/%FF", "/campaigns/%00", "/campaigns/..%2F..%2Fetc%2Fpasswd", "/static/../app.py",
    "/static/%2e%2e/app.py", "/static/%00", "//evil.example/", "/campaigns/%0D%0ASet-Cookie:%20a=b",
    "/campaign/%0D%0AX:y", "/campaigns/\u202e", "/items/%22%20onerror=x", "/?q=%FF&%00=%00",
    "/terms?iri=%FF", "/login?next=https://evil.example/", "/login?next=//evil.example",
    "/login?next=%0D%0AX:y", "/sparql?query=%FF", "/sparql?example=" + "9" * 5000,
    "/images/nothing?size=" + "9" * 5000, "/collections/prints?page=" + "9" * 5000 + "&q=%00",
    "/campaigns/done?lang=%FF", "/vocabularies/aat?q=%22", "/data/../../etc/passwd",
    "/campaigns/done/items?show=%00&sort=%FF", "/campaigns/done/items?after=%20",
    "/campaigns/done/gold?after=%FF", "/campaigns/done/items?after=%27%20OR%201%20%22",
    "/campaigns/done/items?sort=title&after=" + "9" * 5000 + "%20x",
    "/annotation/x%23by-y", "/agent/system", "/agent/x%2Fy", "/dumps/..%2Fjournal.sqlite",
    "/media/prints/..%2F..%2Fjournal.sqlite", "/media/..%2F/journal.sqlite",
]  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: path[:40])
def test_odd_addresses_do_no_harm(visitor: Visitor, path: str) -> None:
    for accept in ("text/html", "text/turtle", "a/b;q=x," * 100):
        answer = visitor.get(httpx.URL(visitor.base_url.join("/")).copy_with(
            raw_path=path.encode("utf-8", "surrogatepass")), headers={"Accept": accept},
        ) if path.isascii() else visitor.get(path, headers={"Accept": accept})  # fmt: skip
        assert answer.status_code < 500, answer.text
        assert "set-cookie: a=b" not in str(answer.headers).lower()
        assert "x" not in answer.headers
        assert not answer.headers.get("Location", "/").startswith(("//", "http:", "https:"))
        assert_secured(answer)
        assert b"SQLite format" not in answer.content


def test_odd_headers_do_no_harm(visitor: Visitor) -> None:
    for name, value in (
        ("Accept-Language", "\u00ff" * 500), ("Accept-Language", "x-" * 4000),
        ("Cookie", "session=" + "a" * 9000), ("Cookie", "language=%00; form=\u00fe"),
        ("Authorization", "Bearer " + "x" * 9000), ("Authorization", "Basic \u00ff"),
        ("If-None-Match", '"' * 1000), ("Accept", "*" * 9000), ("Range", "bytes=0-0,-1,9-"),
        ("Idempotency-Key", "\u00ff"), ("X-Forwarded-For", "nonsense," * 500),
    ):  # fmt: skip
        answer = visitor.get("/campaigns", headers={name.encode(): value.encode("latin-1")})
        assert answer.status_code in (200, 401, 406), (name, answer.status_code)
        assert_secured(answer)


# --- what every answer carries --------------------------------------------------------------------


def assert_secured(answer: httpx.Response) -> None:
    for name in HEADERS:
        assert name in answer.headers, (answer.request.url, name)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy or "sandbox" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert_inert(answer)


class _Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            tag == "script"
            and "src" not in given
            and given.get("type") not in ("application/json", "application/ld+json")
        ):
            self.found.append(tag)
        for name, value in attrs:
            active = (value or "").strip().lower().startswith("javascript:")
            if name == "style" or name.startswith(("on", "hx-on")) or active:
                self.found.append(f"{tag} {name}")


def inline(text: str) -> list[str]:
    parser = _Inline()
    parser.feed(text)
    return parser.found


def assert_inert(answer: httpx.Response) -> None:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert inline(answer.text) == [], answer.request.url


@pytest.mark.parametrize("route", GETS, ids=named(GETS))
def test_every_page_is_secured_and_has_nothing_inline(
    world: World, slug: str, annotation: str, route: Route
) -> None:
    path = filled(world, route.path, slug, annotation)
    for person in (world.visitor(), world.visitor("max")):
        for accept in ("text/html", "text/turtle"):
            answer = person.get(path, headers={"Accept": accept})
            unreachable = route.path.startswith("/images") and answer.status_code in (502, 504)
            assert answer.status_code < 500 or unreachable, answer.text
            assert_secured(answer)


@pytest.mark.parametrize(
    "path", ["/static/css/tokens.css", "/static/icon.svg", "/static/nothing", "/static/", "/nope"]
)
def test_static_files_and_errors_are_secured(visitor: Visitor, path: str) -> None:
    assert_secured(visitor.get(path))
    assert_secured(visitor.head(path))
    assert_secured(visitor.post(path))


def test_the_items_of_the_site_are_still_there(world: World) -> None:
    """Nothing above dropped or changed what everybody relies on."""
    for number in range(12):
        assert world.visitor().get(f"/items/{world.item(number)}").status_code == 200
    assert world.desk.names.item_id(worlds.item(0)) == world.item(0)
