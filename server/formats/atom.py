"""Atom (RFC 4287), in pages (RFC 5005, 3), with what was withdrawn (RFC 6721); pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

MEDIA_TYPE = "application/atom+xml"
#: What XML 1.0 cannot hold (2.2).
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """`id` is an IRI, `href` the page of it; `at` is UTC."""

    id: str
    at: str
    title: str
    summary: str
    href: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Something (an IRI) that was told of, and was withdrawn."""

    id: str
    at: str


@dataclass(frozen=True, slots=True)
class Feed:
    """`links` are (relation, address) of its pages."""

    id: str
    title: str
    author: str
    updated: str
    language: str
    page: str
    links: Sequence[tuple[str, str]]
    entries: Sequence[Entry | Gone]


def write(feed: Feed) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        f' xml:lang="{_text(feed.language)}">',
        f"<id>{_text(feed.id)}</id><title>{_text(feed.title)}</title>",
        f"<updated>{_text(feed.updated)}</updated>",
        f"<author><name>{_text(feed.author)}</name></author>",
        f'<link rel="alternate" type="text/html" href="{_text(feed.page)}"/>',
        *(_link(relation, address) for relation, address in feed.links),
        *_entries(feed.entries),
        "</feed>",
    ]
    return "\n".join(lines).encode()


def _entries(entries: Iterable[Entry | Gone]) -> Iterable[str]:
    for each in entries:
        if isinstance(each, Gone):
            yield f'<at:deleted-entry ref="{_text(each.id)}" when="{_text(each.at)}"/>'
            continue
        data = f'<link rel="related" type="text/turtle" href="{_text(each.data)}"/>'
        yield (
            f"<entry><id>{_text(each.id)}</id><updated>{_text(each.at)}</updated>"
            f"<title>{_text(each.title)}</title>"
            f'<link rel="alternate" type="text/html" href="{_text(each.href)}"/>'
            f"{data if each.data else ''}<summary>{_text(each.summary)}</summary></entry>"
        )


def _link(relation: str, address: str) -> str:
    return f'<link rel="{_text(relation)}" type="{MEDIA_TYPE}" href="{_text(address)}"/>'


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))
