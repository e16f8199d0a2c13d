"""How reconciliation names a term: by what its IRI has below the service's identifier space."""

from dataclasses import dataclass

from server.names import is_safe_iri

_SEPARATORS = ("/", "#", "=", ":")
#: What follows the identifier in the IRIs of a space: `https://sws.geonames.org/264371/`.
_ENDINGS = {"https://sws.geonames.org/": "/"}


@dataclass(frozen=True, slots=True)
class Space:
    """The identifier space of a service: the IRI that its terms' IRIs begin with.

    A term below it is named by the rest (`300015050`), any other by its whole IRI; so too where the
    space does not end in a separator, since it is no beginning then. Both ways lead back.
    """

    iri: str

    def identifier_of(self, term: str) -> str:
        """The identifier of the term with this IRI."""
        start, end = self.iri, _ENDINGS.get(self.iri, "")
        name = term[len(start) : len(term) - len(end)]
        is_below = start.endswith(_SEPARATORS) and term == f"{start}{name}{end}"
        return name if is_below and name and not is_safe_iri(name) else term

    def iri_of(self, identifier: str) -> str | None:
        """The IRI that an identifier stands for; None where it cannot stand for any."""
        if is_safe_iri(identifier):
            return identifier
        found = f"{self.iri}{identifier}{_ENDINGS.get(self.iri, '')}"
        is_below = identifier != "" and self.iri.endswith(_SEPARATORS)
        return found if is_below and is_safe_iri(found) else None
