"""A client of the Web Annotation Protocol that others wrote: pyelucidate, for the server Elucidate.

https://github.com/dlcs/pyelucidate
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyelucidate import pyelucidate

from server.domain import contributing, participation, publishing
from server.domain.contributing import Proposal
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import COMPLEXES, FARMS, ITEMS, RESORTS, VINEYARDS, World, now


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """As our IRIs name it: the client asks this server for them as if it were a proxy."""
    with campaign_site.serve(tmp_path / "data") as made:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, made.address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "")
        yield made


def publish(site: World) -> str:
    """More annotations than stand on a page."""
    slug = site.campaign()
    people = [site.people[name] for name in ("ada", "ben")]
    for person in people:
        participation.agree(site.desk, person, slug, now=now())
        for item in range(ITEMS):
            for term in (
                FARMS,
                VINEYARDS,
                RESORTS,
                COMPLEXES,
                "http://vocab.getty.edu/aat/300000641",
            ):
                proposal = Proposal.of_term(slug, worlds.item(item), 1, term)
                contributing.propose(site.desk, person, proposal, now=now())
    publishing.publish(site.desk, site.people["olga"], slug, now=now())
    return slug


def test_it_reads_a_container_from_page_to_page_and_what_is_in_it(site: World) -> None:
    container = f"{site.desk.names.base}annotations/{publish(site)}/"
    found = list(pyelucidate.get_items(container))
    assert len(found) == 60
    assert len({each["id"] for each in found}) == 60
    assert {each["target"]["source"] for each in found} == {
        worlds.item(number) for number in range(ITEMS)
    }
    (iri,) = pyelucidate.item_ids(found[0])
    document, etag = pyelucidate.read_anno(iri)
    assert document == {"@context": document["@context"], **found[0]}  # type: ignore[index]
    assert etag


def test_it_is_told_that_it_may_not_write_without_a_token(site: World) -> None:
    iri = f"{site.desk.names.base}annotation/{site.publish('subjects', 2)}"
    document, etag = pyelucidate.read_anno(iri)
    assert pyelucidate.update_anno(iri, document, etag, dry_run=False) == 401
    assert pyelucidate.delete_anno(iri, etag, dry_run=False) == 401
    assert pyelucidate.read_anno(iri) == (document, etag)
