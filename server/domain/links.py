"""What may become a link on a page: imported data may name anything."""

from server.names import is_safe_iri


def address(iri: str | None) -> str | None:
    """The IRI where a browser can follow it safely (http, https), else None."""
    if iri is None or not iri.lower().startswith(("http://", "https://")):
        return None
    return iri if is_safe_iri(iri) else None
