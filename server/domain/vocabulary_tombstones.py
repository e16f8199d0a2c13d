"""What stays of a term that its vocabulary let go, where annotations name it.

A tombstone is a concept of our own vocabulary (`skos:inScheme`) that is deprecated, with the
preferred labels that it had and the term that replaces it: enough to be shown, and never offered.
"""

from server.names import DCTERMS, OWL, RDF, SKOS, XSD

_PREF = f" {SKOS.prefLabel} ".encode()
_REPLACED = f" {DCTERMS.isReplacedBy} ".encode()
_TRUE = f'{OWL.deprecated} "true"^^{XSD.boolean}'
_CONCEPT = f"{RDF.type} {SKOS.Concept}"


class Tombstones:
    """Makes and knows the tombstones of a vocabulary; lines are N-Quads of its graph."""

    def __init__(self, vocabulary: str, graph: str) -> None:
        self._end = f" <{graph}> .\n".encode()
        self._ours = f" {SKOS.inScheme} <{vocabulary}>".encode() + self._end
        self._deprecated = f" {_TRUE}".encode() + self._end
        self._concept = f" {_CONCEPT}".encode() + self._end

    def is_one(self, subject: bytes, lines: list[bytes]) -> bool:
        return subject + self._ours in lines and subject + self._deprecated in lines

    def is_concept(self, subject: bytes, lines: list[bytes]) -> bool:
        return subject + self._concept in lines

    def of(self, subject: bytes, before: list[bytes], replacement: str) -> list[bytes]:
        """Of a term that had these lines; without a replacement it keeps the one that it had."""
        said = [self._concept, self._ours, self._deprecated]
        if replacement:
            said.append(_REPLACED + f"<{replacement}>".encode() + self._end)
        kept = _PREF if replacement else (_PREF, _REPLACED)
        size = len(subject)
        labels = (line for line in before if line.startswith(kept, size))
        return sorted({*(subject + each for each in said), *labels})
