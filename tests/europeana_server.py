"""A server on a loopback port that speaks Europeana's Annotations, Search and token APIs.

It refuses what the real one refuses: rules as in the API's documentation and its public source
(validation of bodies, targets and licences, duplicates, ownership by token, entity tags).
"""

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, TOKEN, CLIENT, SECRET = "key-Zq7xW1", "token-Zq8yV2", "client-Zq9", "secret-Zq0pU3"
ITEM = "http://data.europeana.eu/item/"
ANNOTATION = "http://data.europeana.eu/annotation/"
MOTIVATIONS = {
    "tagging", "linking", "describing", "transcribing", "translating", "subtitling", "captioning",
    "linkForContributing",
}  # fmt: skip
LICENCE = re.compile(
    r"http://creativecommons\.org/(publicdomain/(zero|mark)|licenses/by(-[a-z]+)*)/\d\.\d/"
)
URL = re.compile(r"(https?|ftp)://\S+")
PHRASE = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
Json = dict[str, Any]


@dataclass
class Stored:
    said: Json
    version: int = 1
    disabled: bool = False

    def etag(self, number: int) -> str:
        return f'"{number}-{self.version}"'


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Fault:
    """What a request meets instead of its answer; `done`: after it was done all the same."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    done: bool = False
    drop: bool = False
    wait: float = 0.0
    act: Callable[[], object] = lambda: None
    only: str = ""  # this method alone

    def meets(self, asked: Asked) -> bool:
        return not self.only or asked.method == self.only


@dataclass
class Europeana:
    port: int = 0
    stored: dict[int, Stored] = field(default_factory=dict)
    records: list[Json] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    admin: bool = False
    tokens: int = 0
    valid: set[str] = field(default_factory=lambda: {TOKEN})
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """Nothing stands there, and nobody asked."""
        with self.lock:
            for each in (self.stored, self.records, self.asked, self.faults):
                each.clear()
            self.admin, self.tokens, self.valid = False, 0, {TOKEN}

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def settings(self, **changes: Any) -> dict[str, Any]:
        """What the settings of ours have to be to reach it."""
        base = f"http://{self.host}"
        return {
            "europeana_annotations": f"{base}/annotation",
            "europeana_search": f"{base}/record/v2/search.json",
            "europeana_oauth": f"{base}/token", "europeana_key": KEY, "europeana_token": TOKEN,
            "europeana_rate": 1e6, "remote_hosts": self.host, **changes,
        }  # fmt: skip

    def standing(self) -> list[Json]:
        return [one.said for _number, one in sorted(self.stored.items()) if not one.disabled]

    def by_source(self, iri: str) -> list[Json]:
        return [said for said in self.standing() if said.get("canonical") == iri]

    def writes(self) -> list[str]:
        return [one.method for one in self.asked if one.method != "GET" and "token" not in one.path]

    # --- answers ---------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        try:
            return self._answer(asked)
        except Refusal as refusal:
            key = asked.headers.get("x-api-key", "")
            said = {
                "apikey": key, "success": False, "status": refusal.status, "error": str(refusal),
                "message": f"{asked.method} {asked.path} by {key}",
            }  # fmt: skip
            return refusal.status, {"Content-Type": "application/json"}, json.dumps(said).encode()

    def _answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if asked.path == "/token":
            return self._token(asked)
        key = asked.headers.get("x-api-key") or asked.query.get("wskey")
        if key != KEY:
            raise Refusal(401, f"Invalid or missing API key: {key}")
        if asked.path == "/record/v2/search.json":
            return _json(200, self._records(asked.query["query"]))
        if asked.path == "/annotation/search":
            return _json(200, self._search(asked.query))
        if asked.method != "GET":
            self._require_token(asked)
        if (asked.method, asked.path) == ("POST", "/annotation/"):
            return self._create(asked)
        if (asked.method, asked.path) == ("POST", "/annotations/"):
            return self._upload(asked)
        if found := re.fullmatch(r"/annotation/(\d+)", asked.path):
            return self._one(asked, int(found[1]))
        raise Refusal(404, "No handler found")

    def _token(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _json(401, {"error": "unauthorized_client", "secret": form.get("client_secret")})
        self.tokens += 1
        self.valid = {f"{TOKEN}-{self.tokens}"}
        return _json(200, {"access_token": f"{TOKEN}-{self.tokens}", "expires_in": 300})

    def _require_token(self, asked: Asked) -> None:
        scheme, _space, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.valid:
            raise Refusal(401, f"Invalid token: {token}")

    def _create(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        said = _parsed(asked.body)
        validate(said)
        self._require_new(said)
        number = self._store(said)
        return self._described(201, number)

    def _upload(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if not self.admin:
            raise Refusal(403, "Only administrators may upload in batches")
        page = _parsed(asked.body)
        if page.get("type") != "AnnotationPage":
            raise Refusal(400, "Not an annotation page")
        for said in page["items"]:
            validate(said)
        numbers = [self._store(said) for said in page["items"]]
        items = [self.stored[number].said for number in numbers]
        return _json(201, {"type": "AnnotationPage", "items": items})

    def _store(self, said: Json) -> int:
        number = len(self.stored) + 1
        self.stored[number] = Stored({**said, "id": f"{ANNOTATION}{number}"})
        return number

    def _require_new(self, said: Json) -> None:
        same = [
            one["id"] for one in self.standing()
            if all(one.get(name) == said.get(name) for name in ("motivation", "target", "body"))
        ]  # fmt: skip
        if same:
            raise Refusal(400, f"Found duplicate annotations with the ids: {','.join(same)}")

    def _one(self, asked: Asked, number: int) -> tuple[int, dict[str, str], bytes]:
        one = self.stored.get(number)
        if one is None:
            raise Refusal(404, f"Annotation {number} not found")
        if one.disabled:
            raise Refusal(410, "Annotation is not accessible: disabled")
        given = asked.headers.get("if-match")
        if asked.method != "GET" and given is not None and given != one.etag(number):
            raise Refusal(412, f"If-Match: {given}")
        if asked.method == "PUT":
            said = _parsed(asked.body)
            validate(said)
            one.said, one.version = {**said, "id": one.said["id"]}, one.version + 1
        if asked.method == "DELETE":
            one.disabled = True
            return 204, {}, b""
        return self._described(200, number)

    def _described(self, status: int, number: int) -> tuple[int, dict[str, str], bytes]:
        one = self.stored[number]
        status, headers, body = _json(status, one.said)
        return status, {**headers, "ETag": one.etag(number)}, body

    def _search(self, query: dict[str, str]) -> Json:
        found = PHRASE.fullmatch(query["query"])
        if found is None or found[1] != "target_uri":
            raise Refusal(400, "Query cannot be parsed")
        wanted = re.sub(r"\\(.)", r"\1", found[2])
        hits = [one for one in self.standing() if wanted in list(_targets(one))]
        page, size = int(query.get("page", 0)), int(query.get("pageSize", 10))
        return {
            "type": "AnnotationPage", "partOf": {"total": len(hits)},
            "items": hits[page * size : (page + 1) * size],
        }  # fmt: skip

    def _records(self, query: str) -> Json:
        wanted = [(name, re.sub(r"\\(.)", r"\1", text)) for name, text in PHRASE.findall(query)]
        fields = {
            "provider_aggregation_edm_isShownAt": "edmIsShownAt",
            "proxy_dc_identifier": "dcIdentifier", "title": "title",
            "DATA_PROVIDER": "dataProvider",
        }  # fmt: skip
        hits = [
            one for one in self.records
            if wanted and all(text in one.get(fields[name], []) for name, text in wanted)
        ]  # fmt: skip
        return {"success": True, "totalResults": len(hits), "items": hits}


def _targets(said: Json) -> Iterator[str]:
    found = said["target"]
    for one in found if isinstance(found, list) else [found]:
        yield from (one["scope"], one["source"]) if isinstance(one, dict) else (one,)


def _json(status: int, said: Json) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/ld+json"}, json.dumps(said).encode()


def _parsed(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Refusal(400, f"Cannot parse body: {error}") from error
    if not isinstance(found, dict):
        raise Refusal(400, "Cannot parse body")
    return found


def validate(said: Json) -> None:
    """As the API does before it stores anything."""
    if "id" in said:
        raise Refusal(400, "The identifier must not be provided")
    if said.get("motivation") not in MOTIVATIONS:
        raise Refusal(400, f"Invalid motivation: {said.get('motivation')}")
    via = said.get("via", [])
    for each in via if isinstance(via, list) else [via]:
        if not URL.fullmatch(each):
            raise Refusal(400, f"via is no URL: {each}")
    if not re.match(r"[a-z]+:", said.get("canonical", "urn:none")):
        raise Refusal(400, "canonical is not absolute")
    for name in ("created", "generated"):
        if name in said and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said[name]):
            raise Refusal(400, f"Cannot parse date: {said[name]}")
    _validate_target(said.get("target"))
    if said["motivation"] == "linking":
        _validate_link(said)
    elif said.get("body", said.get("bodyValue")) is None:
        raise Refusal(400, "Missing mandatory field: body")
    elif said["motivation"] == "tagging":
        _validate_tag(said.get("body", said.get("bodyValue")))
    else:
        _validate_text(said["motivation"], said["body"])


def _validate_target(target: Any) -> None:
    if not target:
        raise Refusal(400, "Missing mandatory field: target")
    for one in target if isinstance(target, list) else [target]:
        if isinstance(one, dict) and not URL.fullmatch(one.get("source", "")):
            raise Refusal(400, "Missing mandatory field: target.source")
        iri = one.get("scope", "") if isinstance(one, dict) else one
        if not re.fullmatch(re.escape(ITEM) + r"[^/\s]+/\S+", iri):
            raise Refusal(400, f"Invalid target base URL: {iri}")


def _validate_link(said: Json) -> None:
    if "body" not in said:
        if not isinstance(said["target"], list) or len(said["target"]) < 2:
            raise Refusal(400, "A link needs two targets")
        return
    graph = said["body"].get("@graph", {})
    if graph.get("id") != said["target"] or "isSimilarTo" not in graph:
        raise Refusal(400, "Cannot parse body: @graph")


def _validate_tag(body: Any) -> None:
    if isinstance(body, str) and URL.fullmatch(body):
        return
    if isinstance(body, dict) and _names_something(body):
        return
    if isinstance(body, dict) and body.get("type") == "Place":
        if not (body.get("lat") and body.get("long")):
            raise Refusal(400, "Missing mandatory field: tag.body.latitude")
        return
    value = body if isinstance(body, str) else body.get("value", "")
    value = value.strip().removeprefix('"').removesuffix('"').strip()
    if not value:
        raise Refusal(400, "Missing mandatory field: tag.body.value")
    if URL.fullmatch(value):
        raise Refusal(400, f"Invalid simple tag: {value}")
    if len(value.encode("utf-16-le")) > 2 * 64:
        raise Refusal(400, f"Invalid tag size: {len(value)}")


def _names_something(body: Json) -> bool:
    if body.get("type") == "SpecificResource":
        return URL.fullmatch(body.get("source", "")) is not None
    wanted = {"Agent": "prefLabel", "Address": "streetAddress"}.get(body.get("type", ""), "id")
    return "value" not in body and wanted in body


def _validate_text(motivation: str, body: Any) -> None:
    if not isinstance(body, dict) or not str(body.get("value", "")).strip():
        raise Refusal(400, "Missing mandatory field: body.value")
    if not body.get("language"):
        raise Refusal(400, "Missing mandatory field: body.language")
    if motivation == "describing":
        if body.get("type") not in ("TextualBody", "Text"):
            raise Refusal(400, "Invalid body.type")
        return
    if body.get("type") != "FullTextResource":
        raise Refusal(400, "Invalid body.type")
    if not LICENCE.fullmatch(body.get("edmRights", "")):
        raise Refusal(400, f"Invalid rights: {body.get('edmRights')}")


# --- the server -----------------------------------------------------------------------------------


@contextlib.contextmanager
def serving() -> Iterator[Europeana]:
    europeana = Europeana()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body, parts = self.rfile.read(length), urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, headers, body)
            with europeana.lock, contextlib.suppress(OSError):
                europeana.asked.append(asked)
                self._respond(asked)

        do_POST = do_PUT = do_DELETE = do_GET

        def _respond(self, asked: Asked) -> None:
            fault = None
            if europeana.faults and europeana.faults[0].meets(asked):
                fault = europeana.faults.pop(0)
            if fault is None:
                self._send(*europeana.answer(asked))
                return
            done = europeana.answer(asked) if fault.done else None
            time.sleep(fault.wait)
            fault.act()
            if fault.drop:
                self.close_connection = True
            elif fault.status:
                self._send(fault.status, fault.headers, fault.body)
            else:
                self._send(*(done or europeana.answer(asked)))

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        europeana.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield europeana
        finally:
            server.shutdown()
            thread.join()
