"""`Link` headers (RFC 8288): where else a document is, what it describes, what it is part of."""

from dataclasses import dataclass

from pyoxigraph import NamedNode
from starlette.requests import Request

from server.web.negotiation import HTML, RDF, SUFFIXES
from server.web.requests import desk

#: https://www.w3.org/TR/void/#discovery-links
_DATASET = '</data>; rel="http://rdfs.org/ns/void#inDataset"'
_OF_TYPE = {media_type: suffix for suffix, media_type in reversed(SUFFIXES.items())}


@dataclass(frozen=True, slots=True)
class Document:
    """Where a document is, and what is known of it beforehand.

    `path` is its address without a suffix, written as in a header; with a `query` the suffix is
    its last parameter. `about` is the class of what it describes, `profile` an address of what
    its RDF follows (RFC 6906).
    """

    path: str
    query: bool = False
    has_page: bool = True
    about: NamedNode | None = None
    profile: str = ""

    def address(self, media_type: str) -> str:
        """Of one of its representations."""
        return f"{self.path}{'&format=' if self.query else ''}{_OF_TYPE[media_type]}"

    @property
    def offers(self) -> tuple[str, ...]:
        return (HTML, *RDF) if self.has_page else RDF

    def alternates(self, but: str = "") -> str:
        """All its representations, or the others."""
        return ", ".join(
            f'<{self.path if each == HTML else self.address(each)}>; rel="alternate"; type="{each}"'
            for each in self.offers
            if each != but
        )


def of(request: Request, document: Document, media_type: str) -> str:
    """The header of one of its representations."""
    is_page = media_type == HTML
    links = [document.alternates(HTML if is_page else "")]
    if is_page:
        links.append(f'<{document.address(RDF[0])}>; rel="describedby"; type="{RDF[0]}"')
    links.append(f'<{desk(request).names.base}{document.path[1:]}>; rel="canonical"')
    if document.about is not None:
        links.append(f'<{document.about.value}>; rel="type"')
    if document.profile and not is_page:
        links.append(f'<{document.profile}>; rel="profile"')
    return ", ".join([*links, _DATASET, *_annotations(document.path)])


def _annotations(path: str) -> list[str]:
    """Where annotations on it are (Web Annotation Protocol, 4.4)."""
    kind, _slash, name = path.removeprefix("/").partition("/")
    within = {"items": f"items/{name}", "campaigns": name, "providers": f"providers/{name}"}
    service = "http://www.w3.org/ns/oa#annotationService"
    return [f'</annotations/{within[kind]}/>; rel="{service}"'] if kind in within else []
