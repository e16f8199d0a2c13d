"""Identifiers of items at Europeana: an IRI, an address of a page, or `/dataset/local`."""

import re

ITEM = "http://data.europeana.eu/item/"
_PART = r"[A-Za-z0-9_][A-Za-z0-9_~.-]{0,200}"
#: The IRI, the resources that go with it, and pages of the portal of yesterday and today.
_ADDRESS = re.compile(
    r"https?://(?:"
    r"data\.europeana\.eu/(?:item|(?:proxy|aggregation)/(?:europeana|provider))"
    r"|(?:www\.|classic\.)?europeana\.eu/(?:resolve/|portal/)?(?:[a-z]{2}/)?(?:item|record)"
    rf")/({_PART})/({_PART})/?(?:[?#].*)?"
)
#: A dataset of Europeana begins with its number, which tells it from other paths.
_SHORT = re.compile(rf"/([0-9][A-Za-z0-9_-]{{0,60}})/({_PART})")


def item_iri(text: str) -> str | None:
    """The IRI `http://data.europeana.eu/item/…` that a text means; None where it means none."""
    found = _ADDRESS.fullmatch(text.strip()) or _SHORT.fullmatch(text.strip())
    if found is None:
        return None
    dataset, local = found[1], found[2].removesuffix(".html")
    return f"{ITEM}{dataset}/{local}" if local else None


def page(iri: str) -> str:
    """The address of the page that shows it to people."""
    return "https://www.europeana.eu/item/" + iri.removeprefix(ITEM)
