"""How a release is cited: DataCite metadata for a DOI, CITATION.cff, BibTeX, a line for people."""

import json
import re
from dataclasses import dataclass
from typing import Any

_UNSAFE_BIBTEX = re.compile(r"[\\{}$&#^_~%]")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>#?]{1,200}")


@dataclass(frozen=True, slots=True)
class Creator:
    """Who is named: a person who agreed, or an organisation; `iri` is what identifies them."""

    name: str
    iri: str
    organisation: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: `date` is YYYY-MM-DD, `url` its page, `licence` an IRI, `doi` bare or ""."""

    title: str
    description: str
    version: str
    date: str
    url: str
    licence: str
    publisher: str
    creators: tuple[Creator, ...]
    contributors: tuple[Creator, ...] = ()
    keywords: tuple[str, ...] = ()
    size: int = 0
    doi: str = ""

    @property
    def year(self) -> str:
        return self.date[:4]


def read_doi(text: str) -> str | None:
    """The DOI in a text that may be its address; "" for an empty one, None for what is none."""
    found = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", text.strip(), flags=re.IGNORECASE)
    return found if not found or _DOI.fullmatch(found) else None


def line(citation: Citation) -> str:
    """As one would write it in a list of references (DataCite's recommended form)."""
    names = "; ".join(creator.name for creator in citation.creators)
    where = f"https://doi.org/{citation.doi}" if citation.doi else citation.url
    return (
        f"{names} ({citation.year}): {citation.title} (Version {citation.version}) [Data set]. "
        f"{citation.publisher}. {where}"
    )


def datacite(citation: Citation) -> dict[str, Any]:
    """DataCite Metadata Schema 4.5 as its REST API takes it; without a DOI, to mint one."""
    rights = {"rightsUri": citation.licence}
    if "publicdomain/zero" in citation.licence:
        rights |= {
            "rights": "Creative Commons Zero v1.0 Universal",
            "rightsIdentifier": "CC0-1.0",
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        }
    said: dict[str, Any] = {
        "titles": [{"title": citation.title}],
        "creators": [_datacite_name(each) for each in citation.creators],
        "contributors": [
            {**_datacite_name(each), "contributorType": "DataCollector"}
            for each in citation.contributors
        ],
        "publisher": {"name": citation.publisher},
        "publicationYear": int(citation.year),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Crowdsourced annotations"},
        "version": citation.version,
        "dates": [{"date": citation.date, "dateType": "Issued"}],
        "descriptions": [{"description": citation.description, "descriptionType": "Abstract"}],
        "rightsList": [rights],
        "subjects": [{"subject": word} for word in citation.keywords],
        "formats": ["application/zip"],
        "url": citation.url,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    if citation.size:
        said["sizes"] = [f"{citation.size} bytes"]
    if citation.doi:
        said["doi"] = citation.doi
    return said


def _datacite_name(creator: Creator) -> dict[str, Any]:
    kind = "Organizational" if creator.organisation else "Personal"
    identifier = {"nameIdentifier": creator.iri, "nameIdentifierScheme": "URI"}
    return {"name": creator.name, "nameType": kind, "nameIdentifiers": [identifier]}


def cff(citation: Citation) -> str:
    """CITATION.cff, version 1.2.0. Texts are written as JSON, which YAML reads alike."""
    licence = [f"license-url: {_quoted(citation.licence)}"]
    if "publicdomain/zero" in citation.licence:
        licence = ["license: CC0-1.0"]
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this data set, please cite it as below."',
        "type: dataset",
        f"title: {_quoted(citation.title)}",
        f"abstract: {_quoted(citation.description)}",
        f"version: {_quoted(citation.version)}",
        f"date-released: {_quoted(citation.date)}",
        f"url: {_quoted(citation.url)}",
        *licence,
        *([f"doi: {_quoted(citation.doi)}"] if citation.doi else []),
        "authors:",
        *(f"  - name: {_quoted(each.name)}" for each in citation.creators),
    ]
    if citation.keywords:
        lines += ["keywords:", *(f"  - {_quoted(word)}" for word in citation.keywords)]
    return "\n".join([*lines, ""])


def bibtex(citation: Citation, key: str) -> str:
    fields = {
        "title": citation.title,
        "author": " and ".join("{" + _plain(each.name) + "}" for each in citation.creators),
        "year": citation.year,
        "publisher": citation.publisher,
        "version": citation.version,
        "url": citation.url,
    }
    if citation.doi:
        fields["doi"] = citation.doi
    said = [
        f"  {name} = {{{value if name in ('author', 'url', 'doi') else _plain(value)}}}"
        for name, value in fields.items()
    ]
    return "\n".join([f"@misc{{{key},", ",\n".join(said), "}", ""])


def _plain(text: str) -> str:
    return _UNSAFE_BIBTEX.sub(lambda found: f"\\{found[0]}" if found[0] != "\\" else " ", text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
