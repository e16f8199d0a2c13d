"""N-Triples about Wikidata items: a dump's billions of lines are searched, not parsed.

Of ten lines nine do not matter. A block of lines is looked over as a whole, by counts that its
lines are sound and written as Wikidata writes them; only where it is not, it is read line by line.
"""

import re
from collections.abc import Callable, Collection, Iterator

from pyoxigraph import RdfFormat, Triple, parse, serialize

from server.formats.limited_streams import DAMAGE, damaged
from server.formats.vocabularies import Reading
from server.formats.wikidata_numbers import LARGEST
from server.formats.wikidata_sources import Source, blocks, opened
from server.formats.wikidata_terms import ENTITY, Terms, number_of
from server.i18n import _

SUBCLASS, INSTANCE, SAME = 279, 31, 0
_ITEM = re.escape(ENTITY).encode() + rb"Q([1-9]\d{0,8})"
_LINK = re.compile(
    rb"<%b> <http://www\.(?:wikidata\.org/prop/direct/P(31|279)|w3\.org/2002/07/owl#(sameAs))> "
    rb"<%b> ?\." % (_ITEM, _ITEM)
)
_SAID = (
    rb"<%b> <http://(?:"
    rb"(www\.w3\.org/2000/01/rdf-schema#label|www\.w3\.org/2004/02/skos/core#(?:pref|alt)Label"
    rb"|schema\.org/(?:name|description))> (.*%b)"
    rb"|www\.wikidata\.org/prop/direct/P(18|625)> (.*)) \.\n"
)
_LITERAL = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)')
_POINT = re.compile(rb'"(?:<[^>]*/Q2> )?Point\(([-+.0-9eE]+) ([-+.0-9eE]+)\)"\^\^<[^>]*>', re.I)
_LONGEST = 150_000  # bytes of a literal that may still be a text of 20,000 characters
#: A line is sound if it looks like this; the parser decides on the others.
_TEXT = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_SOUND = re.compile(
    rb"(?:<[^<>\"\s]*>|_:\S+) <[^<>\"\s]*> (?:<[^<>\"\s]*>|_:\S+"
    rb"|%b(?:@[\w-]+|\^\^<[^<>\"\s]*>)?) \." % _TEXT
)
_BARE = re.compile(_TEXT)
#: Other ways to write what Wikidata writes: looked for one by one, which is faster than at once.
_ODD = (
    b"\r", b">\t", b"//wikidata.org/", b"//m.wikidata.org/", b"wikidata.org/wiki/Q",
    b"https://www.wikidata.org/entity/", b"https://www.wikidata.org/prop/",
)  # fmt: skip
#: `data:` nodes, of which much is said, matter only where they stand for an item.
_DATA = re.compile(rb"/Special:EntityData/Q\d+(?:\.\w+)?> (?:\.|<http://www\.w3\.org/200[04])")
_ADDRESS = re.compile(
    rb"<(https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki|wiki/Special:EntityData)/Q[\d.a-z]+)>"
)
_PROPERTY = re.compile(rb"<https?://(?:www\.)?wikidata\.org/prop/direct/")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TRIPLES = 20_000


def links(
    source: Source, reading: Reading, moved: Callable[[int], None]
) -> Iterator[tuple[int, int, int]]:
    """(SUBCLASS | INSTANCE | SAME, from, to) of each such statement."""
    source.plain = source.kind == "lines"
    for _number, block in _canonical(source, reading, moved, again=False):
        for found in _LINK.finditer(block):
            kind = int(found[2] or SAME)
            yield kind, int(found[1]), int(found[4])


def statements(
    source: Source,
    terms: Terms,
    is_wanted: Callable[[int], bool],
    reading: Reading,
    moved: Callable[[int], None],
) -> Iterator[str]:
    """What `terms` makes of the labels, descriptions, images and places of wanted items."""
    silent = Reading(most_faults=reading.most_faults * 10)  # its faults are known by now
    said = _said(terms.languages)
    for number, block in _canonical(source, silent, moved, again=True):
        for found in said.finditer(block):
            item = int(found[1])
            if item > LARGEST or not is_wanted(item):
                continue
            yield from terms.turn_to(item)
            try:
                if found[2]:
                    _text(terms, found[2], found[3], reading)
                else:
                    _claim(terms, found[4], found[5], reading)
            except ValueError:
                line = number + block.count(b"\n", 0, found.start())
                reading.fault(source.name, line, _("It is no N-Triple."))


def _said(languages: Collection[str]) -> re.Pattern[bytes]:
    """What finds lines that matter: of texts in some languages only, where these are given."""
    tags = b"|".join(re.escape(tag).encode() for tag in sorted(languages))
    return re.compile(_SAID % (_ITEM, rb"@(?i:%b)" % tags if tags else b""))


def _text(terms: Terms, said: bytes, value: bytes, reading: Reading) -> None:
    if len(value) > _LONGEST:
        reading.leave_out(_("texts of more than {count} characters", count=20_000))
    elif literal := _LITERAL.fullmatch(value):
        text, tag = _unescaped(literal[1].decode()), literal[2].decode()
        if said.endswith(b"description"):
            terms.description(text, tag)
        elif said.endswith(b"altLabel"):
            terms.alias(text, tag)
        else:
            terms.label(text, tag)
    elif _BARE.fullmatch(value):
        reading.leave_out(_("texts in an unknown language"))
    else:
        raise ValueError


def _claim(terms: Terms, claim: bytes, value: bytes, reading: Reading) -> None:
    if claim == b"18":
        if value[:1] == b"<":
            terms.image(_unescaped(value[1:-1].decode()))
    elif point := _POINT.fullmatch(value):
        terms.place(point[2].decode(), point[1].decode())
    elif not value.startswith(b"_:"):  # some value, unknown
        reading.leave_out(_("coordinates that are not on earth"))


def _canonical(
    source: Source, reading: Reading, moved: Callable[[int], None], again: bool
) -> Iterator[tuple[int, bytes]]:
    """Blocks of lines as Wikidata writes them. A file that was found plain is not looked over."""
    if source.kind == "turtle":
        for number, block in _from_turtle(source, reading):
            yield number, _with_usual_names(block) if _is_unusual(block) else block
        moved(source.path.stat().st_size)
        return
    known = source.plain and again
    for number, block in blocks(source, reading, moved):
        usual = block if known or _is_sound(block) else None
        if usual is None:
            usual, source.plain = b"".join(_mended(source, number, block, reading)), False
        if not known and _is_unusual(usual):
            usual, source.plain = _with_usual_names(usual), False
        yield number, usual


def _is_sound(block: bytes) -> bool:
    lines = block.count(b"\n")
    starts = block.count(b"\n<") + block.startswith(b"<")
    if starts != lines:
        starts += block.count(b"\n_:") + block.startswith(b"_:")
    return lines == starts == block.count(b" .\n")


def _is_unusual(block: bytes) -> bool:
    return any(odd in block for odd in _ODD) or _DATA.search(block) is not None


def _mended(source: Source, number: int, block: bytes, reading: Reading) -> Iterator[bytes]:
    """Each line as it should be written; empty where it says nothing, or nothing sensible."""
    for place, line in enumerate(block.split(b"\n")[:-1], number):
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not line or line[:1] == b"#":
            yield b"\n"
        elif _SOUND.fullmatch(line):
            yield line + b"\n"
        else:
            try:
                triples = [quad.triple for quad in parse(line, RdfFormat.N_TRIPLES, lenient=True)]
                yield _serialized(triples[:1]) or b"\n"
            except (SyntaxError, ValueError):
                reading.fault(source.name, place, _("It is no N-Triple."))
                yield b"\n"


def _with_usual_names(block: bytes) -> bytes:
    block = block.replace(b"\r\n", b"\n").replace(b">\t", b"> ")
    block = _PROPERTY.sub(b"<http://www.wikidata.org/prop/direct/", block)
    return _ADDRESS.sub(_usual, block)


def _usual(found: re.Match[bytes]) -> bytes:
    number = number_of(found[1].decode())
    return f"<{ENTITY}Q{number}>".encode() if number else found[0]


def _from_turtle(source: Source, reading: Reading) -> Iterator[tuple[int, bytes]]:
    """Turtle is parsed; a fault in it ends the file, since what follows cannot be told."""
    triples: list[Triple] = []
    try:
        with opened(source.path) as stream:
            for quad in parse(stream, RdfFormat.TURTLE, base_iri=ENTITY, lenient=True):
                triples.append(quad.triple)
                if len(triples) == _TRIPLES:
                    yield 1, _serialized(triples)
                    triples = []
    except SyntaxError as error:
        reading.fault(source.name, error.lineno or 0, str(error.msg))
    except (*DAMAGE, OSError) as error:
        raise damaged(source.name) from error
    yield 1, _serialized(triples)


def _serialized(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _unescaped(text: str) -> str:
    """ValueError where an escape stands for no character."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        return (b"\\U" + code.zfill(8).encode()).decode("unicode_escape")
    return _ESCAPES.get(found[3], found[3])
