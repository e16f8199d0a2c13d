"""RO-Crate 1.1: a folder of data that says of itself what it is (https://w3id.org/ro/crate/1.1)."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.formats.citations import Citation, Creator, line

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the crate by its path in it; size in bytes, SHA-256 in hexadecimal digits."""

    path: str
    media_type: str
    description: str
    size: int
    sha256: str


def metadata(citation: Citation, files: Sequence[File], based_on: Sequence[str]) -> dict[str, Any]:
    """`ro-crate-metadata.json`; `based_on` are IRIs of what the data was made from."""
    people = {each.iri: each for each in (*citation.creators, *citation.contributors)}
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": citation.title,
        "description": citation.description,
        "version": citation.version,
        "datePublished": citation.date,
        "license": {"@id": citation.licence},
        "url": citation.url,
        "keywords": list(citation.keywords),
        "creator": _references(citation.creators),
        "contributor": _references(citation.contributors),
        "publisher": {"@id": "#publisher"},
        "isBasedOn": [{"@id": iri} for iri in based_on],
        "hasPart": [{"@id": file.path} for file in files],
        "creditText": line(citation),
    }
    if citation.doi:
        root["identifier"] = f"https://doi.org/{citation.doi}"
        root["cite-as"] = f"https://doi.org/{citation.doi}"
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        root,
        *(_file(file) for file in files),
        {"@id": "#publisher", "@type": "Organization", "name": citation.publisher},
        {"@id": citation.licence, "@type": "CreativeWork", "name": citation.licence},
        *(_agent(each) for each in people.values()),
    ]
    return {"@context": _CONTEXT, "@graph": graph}


def preview(citation: Citation, files: Sequence[File]) -> str:
    """`ro-crate-preview.html`: the same for people, without scripts or anything from elsewhere."""
    rows = "".join(
        f'<tr><td><a href="{html.escape(file.path)}">{html.escape(file.path)}</a></td>'
        f"<td>{html.escape(file.description)}</td><td>{file.size}</td></tr>"
        for file in files
    )
    title = html.escape(citation.title)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>\n'
        f"<h1>{title}, {html.escape(citation.version)}</h1>\n"
        f"<p>{html.escape(citation.description)}</p>\n<p>{html.escape(line(citation))}</p>\n"
        f"<table><tr><th>File</th><th>What it is</th><th>Bytes</th></tr>{rows}</table>\n</html>\n"
    )


def _references(people: Sequence[Creator]) -> list[dict[str, str]]:
    return [{"@id": each.iri} for each in people]


def _agent(creator: Creator) -> dict[str, str]:
    kind = "Organization" if creator.organisation else "Person"
    return {"@id": creator.iri, "@type": kind, "name": creator.name}


def _file(file: File) -> dict[str, Any]:
    return {
        "@id": file.path,
        "@type": "File",
        "name": file.path.rpartition("/")[2],
        "description": file.description,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
