"""Accept headers, by the examples and rules of RFC 9110, 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.negotiation import (
    HTML,
    JSON_LD,
    RDF,
    RDF_XML,
    TURTLE,
    NotAcceptable,
    choose,
    negotiate,
    split_suffix,
)

PAGES = (HTML, *RDF)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        (FIREFOX, HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle; charset=UTF-8", TURTLE),
        ("application/rdf+xml, text/turtle", TURTLE),  # equal quality: what the server prefers
        ("application/rdf+xml, text/turtle;q=0.9", RDF_XML),
        ("text/*;q=0.3, text/turtle;q=0.7", TURTLE),
        ("text/html;q=0, */*", TURTLE),
        ("text/*;q=0, */*;q=0.1", JSON_LD),
        ("image/png, application/*;q=0.2", JSON_LD),
        ('application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"', JSON_LD),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=2, text/html;q=0.1", HTML),  # 2 is no quality: passed over
        ("text/turtle;q=x, ,;, /, text/html;q=0.001", HTML),
        ("text/turtle ; q=0.5 , text/html ; Q=0.4", TURTLE),
    ],
)
def test_the_best_accepted_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, PAGES) == chosen


@pytest.mark.parametrize(
    ("offer", "quality"),
    [
        ("text/html;level=1", 1),
        ("text/html", 0.7),
        ("text/plain", 0.3),
        ("image/jpeg", 0.5),
        ("text/html;level=2", 0.4),
        ("text/html;level=3", 0.7),
    ],
)
def test_the_most_specific_range_counts(offer: str, quality: float) -> None:
    """The table of qualities in RFC 9110, 12.5.1."""
    accept = "text/*;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5"
    better = f"x/x;q={quality + 0.001 if quality < 1 else 1}"
    worse = f"x/x;q={max(quality - 0.001, 0):.3f}"
    assert choose(f"{accept}, {better}", ("x/x", offer)) == "x/x"
    assert choose(f"{accept}, {worse}", ("x/x", offer)) == offer


def test_nothing_acceptable_names_what_there_is() -> None:
    with pytest.raises(NotAcceptable, match="text/turtle") as caught:
        negotiate("image/png", RDF)
    assert caught.value.status_code == 406
    assert caught.value.offers == RDF


@given(st.text(st.sampled_from('abtexurl/*;,=q01.-" é\\'), max_size=60))
def test_any_header_is_read_without_an_error(accept: str) -> None:
    assert choose(accept, PAGES) in (*PAGES, None)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/items/x.ttl", ("/items/x", TURTLE)),
        ("/items/x.jsonld", ("/items/x", JSON_LD)),
        ("/items/x.html", ("/items/x", HTML)),
        ("/items/x.nt", ("/items/x", "application/n-triples")),
        ("/items/x.nq", ("/items/x", "application/n-quads")),
        ("/items/x.rdf", ("/items/x", RDF_XML)),
        ("/items/x", ("/items/x", None)),
        ("/items/v1.2", ("/items/v1.2", None)),
        ("/items.ttl/x", ("/items.ttl/x", None)),
    ],
)
def test_a_suffix_names_the_media_type(path: str, parts: tuple[str, str | None]) -> None:
    assert split_suffix(path) == parts
