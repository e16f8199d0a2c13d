"""The English texts of our shapes, for gettext: names, help and messages (see babel.cfg)."""

import re
from collections.abc import Collection, Iterator
from io import BytesIO

_TEXT = re.compile(
    r'(?:sh:name|sh:description|sh:message|rdfs:label|rdfs:comment) "((?:[^"\\]|\\.)*)"@en\b'
)


def extract(
    file: BytesIO, _keywords: Collection[str], _comments: Collection[str], options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """(line, function, text, comments) of each English text in a Turtle file, as Babel asks."""
    for number, line in enumerate(file.read().decode().splitlines(), 1):
        for found in _TEXT.finditer(line):
            yield number, "_", found[1].replace('\\"', '"').replace("\\\\", "\\"), []
