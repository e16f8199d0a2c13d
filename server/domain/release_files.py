"""What a release holds: the published statements of a campaign at one moment, in files."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from server.domain import dump_records, fields, publications
from server.domain.dump_snapshots import Snapshot
from server.errors import Unavailable
from server.formats import annotations_jsonld, edm_write, webanno_context
from server.formats.citations import Creator
from server.formats.ro_crate import File
from server.formats.sheets import escape_cell
from server.i18n import _
from server.names import CH, DCTERMS, OA, PREFIXES, RDF, SKOS

_DATE = (1980, 1, 1, 0, 0, 0)  # the same data gives the same file
PAGE = 200
_COLUMNS = (
    "annotation", "item", "field", "value", "label", "language", "kind", "approvals", "rejections",
    "unsure", "published",
)  # fmt: skip
Progress = Callable[[str, int, int], None]


class Weighed:
    """A stream that knows how much went through it, and its digest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()


class Archive:
    """A zip that is written once, front to back, and knows of each file what it weighs."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self.files: list[File] = []

    @contextmanager
    def opened(self, path: str, media_type: str, description: str) -> Iterator["Weighed"]:
        """A file of the crate, to be written."""
        member = zipfile.ZipInfo(path, _DATE)
        member.compress_type = zipfile.ZIP_DEFLATED
        with self._zip.open(member, "w", force_zip64=True) as out:
            weighed = Weighed(out)
            yield weighed
        digest = weighed.digest.hexdigest()
        self.files.append(File(path, media_type, description, weighed.size, digest))

    def add(self, path: str, media_type: str, description: str, pieces: Iterator[bytes]) -> None:
        with self.opened(path, media_type, description) as out:
            for piece in pieces:
                out.write(piece)

    def add_text(self, path: str, media_type: str, description: str, text: str) -> None:
        self.add(path, media_type, description, iter([text.encode()]))

    def close(self) -> None:
        self._zip.close()


@dataclass(slots=True)
class Contents:
    """The published annotations of one campaign in a snapshot."""

    state: Snapshot
    slug: str
    stop: Callable[[], bool] = lambda: False
    items: dict[str, None] = field(default_factory=dict)

    @property
    def graph(self) -> NamedNode:
        return self.state.names.graph("published", self.slug)

    def annotations(self) -> Iterator[NamedNode]:
        found: Any = self.state.store.quads_for_pattern(None, RDF.type, OA.Annotation, self.graph)
        yield from sorted((quad.subject for quad in found), key=str)

    def about(self, annotation: NamedNode) -> list[Triple]:
        """The annotation with its parts."""
        found = publications.of_parts(self.state.about, annotation)
        return sorted((Triple(*statement) for statement in found), key=str)

    def write(self, archive: Archive, creators: list[Creator], anonymous: int) -> None:
        """All files of data; raises Unavailable when it is stopped."""
        about = "All published statements of the campaign as RDF: annotations and enrichments."
        with archive.opened("data/enrichments.nt", "application/n-triples", about) as out:
            # Not in a loop of ours, in which others would wait for the interpreter.
            self.state.store.dump(cast(IO[bytes], out), RdfFormat.N_TRIPLES, from_graph=self.graph)
        archive.add(
            "data/annotations.jsonl", "application/x-ndjson",
            "Each annotation as W3C Web Annotation in JSON-LD, one a line.", self._documents(),
        )  # fmt: skip
        archive.add(
            "data/statements.csv", "text/csv", "The same as a table, with the votes.",
            self._table(),
        )  # fmt: skip
        archive.add(
            "data/edm.xml", "application/rdf+xml",
            "The records of the objects in EDM, with what was added.", self._records(),
        )  # fmt: skip
        campaign = self.state.names.graph("campaign", self.slug)
        archive.add(
            "campaign.ttl", "text/turtle", "The campaign: its questions, vocabularies and rules.",
            iter([self._turtle(campaign)]),
        )  # fmt: skip
        archive.add_text(
            "contributors.csv", "text/csv", "Who contributed, named where they agreed to be.",
            _contributors(creators, anonymous),
        )  # fmt: skip

    def _check(self) -> None:
        if self.stop():
            raise Unavailable(_("It was stopped."))

    def _turtle(self, graph: NamedNode) -> bytes:
        found = (q.triple for q in self.state.store.quads_for_pattern(None, None, None, graph))
        data = serialize(sorted(found, key=str), format=RdfFormat.TURTLE, prefixes=PREFIXES)
        return data or b""

    def _documents(self) -> Iterator[bytes]:
        for annotation in self.annotations():
            self._check()
            said = annotations_jsonld.write(self.about(annotation), annotation.value)
            context = webanno_context.of_annotations(self.state.names)
            text = json.dumps({"@context": context, **said}, ensure_ascii=False)
            yield f"{text}\n".encode()

    def _table(self) -> Iterator[bytes]:
        yield _line(_COLUMNS)
        for annotation in self.annotations():
            self._check()
            row = self._row(annotation)
            self.items.setdefault(row["item"])
            yield _line([escape_cell(row.get(name, "")) for name in _COLUMNS])

    def _row(self, annotation: NamedNode) -> dict[str, str]:
        said: dict[NamedNode, dict[NamedNode, Any]] = {}
        for triple in self.about(annotation):
            said.setdefault(triple.subject, {}).setdefault(triple.predicate, triple.object)  # type: ignore[arg-type]
        me = said.get(annotation, {})
        target = said.get(me.get(OA.hasTarget), {})  # type: ignore[arg-type]
        body = me.get(OA.hasBody)
        words = said.get(body, {}).get(RDF.value) if isinstance(body, NamedNode) else body
        value = body if isinstance(body, NamedNode) and body not in said else words
        label = self._label(value) if isinstance(value, NamedNode) else value
        found = {
            "annotation": annotation, "item": target.get(OA.hasScope) or target.get(OA.hasSource),
            "value": value if isinstance(value, NamedNode) else None, "label": label,
            "approvals": me.get(CH.approvals), "rejections": me.get(CH.rejections),
            "unsure": me.get(CH.unsure), "published": me.get(DCTERMS.issued),
        }  # fmt: skip
        texts = {name: term.value for name, term in found.items() if term is not None}
        if isinstance(label, Literal) and label.language:
            texts["language"] = label.language
        for name, property_ in (("field", CH.field), ("kind", CH.kind)):
            if property_ in me:
                texts[name] = fields.name(me[property_].value)
        return {"item": "", **texts}

    def _label(self, term: NamedNode) -> Literal | None:
        """In English where there is one."""
        found = [
            quad.object
            for quad in self.state.store.quads_for_pattern(term, SKOS.prefLabel, None, None)
            if isinstance(quad.object, Literal)
        ]
        return min(found, key=lambda each: (each.language != "en", str(each)), default=None)

    def _records(self) -> Iterator[bytes]:
        items = [NamedNode(iri) for iri in self.items if iri]
        pages = (items[start : start + PAGE] for start in range(0, len(items), PAGE))

        def records() -> Iterator[tuple[str, list[Triple]]]:
            for page in pages:
                self._check()
                yield from dump_records.describe(self.state, page, "enriched")

        yield from edm_write.collection_xml(records())


def _contributors(creators: list[Creator], anonymous: int) -> str:
    lines = [_line(("name", "identifier"))]
    lines += [_line((escape_cell(each.name), each.iri)) for each in creators]
    lines += [_line((f"{anonymous} others, not named", ""))] if anonymous else []
    return b"".join(lines).decode()


def _line(cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
