"""Items that nobody knows at Europeana: candidates by the Search API, and what organisers say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode, Quad

from server.commit import Desk
from server.domain import europeana_items, europeana_plans, europeana_scores
from server.domain.accounts import Person
from server.domain.europeana_clients import Client
from server.domain.europeana_items import Known
from server.errors import Invalid, Problem, Unavailable
from server.formats.europeana_answers import Hit
from server.formats.europeana_items import item_iri
from server.i18n import _
from server.journal import europeana
from server.journal.accounts import writing
from server.journal.europeana import MatchRow
from server.names import OWL, timestamp
from server.patches import Patch, on

PAGE = 50
_LONGEST = 200  # characters of a text that goes into a query


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an organiser says of an item (an IRI) and one at Europeana; `same` or not."""

    item: str
    candidate: str
    same: bool


def search(
    desk: Desk, slug: str, client: Client, *, now: datetime, again: bool = False,
    progress: europeana_plans.Progress = lambda *_: None,
    stop: Callable[[], bool] = lambda: False,
) -> int:  # fmt: skip
    """Propose candidates for the items of a campaign that are not known; returns for how many.

    Each item is asked for once; with `again`, anew.
    """
    after, done, proposed = "", 0, 0
    engine = europeana.create_tables(desk.accounts)
    while True:
        with engine.connect() as connection:
            page = europeana.items_without(connection, slug, after=after, limit=PAGE)
            known = set() if again else europeana.looked_up(connection, page)
        if not page:
            return proposed
        for item in page:
            if stop() or desk.stopping.is_set():
                raise Unavailable(_("The work was stopped."))
            if item not in known:
                proposed += _search_one(desk, client, item, now)
            done += 1
            progress(_("items"), done, 0)
        after = page[-1]


def _search_one(desk: Desk, client: Client, item: str, now: datetime) -> bool:
    known = europeana_items.get(desk, item)
    if not known.collection or known.iri:
        return False
    hits: list[Hit] = []
    for query in queries(known):
        hits += client.search(query)
        if any(each.score >= 60 for each in europeana_scores.best(known, hits)):
            break  # it has the address of its page: no need to ask further
    rows = [
        MatchRow(
            item, each.hit.iri, each.score, next(iter(each.hit.titles), ""),
            next(iter(each.hit.providers), ""), " ".join(each.evidence), timestamp(now),
        )
        for each in europeana_scores.best(known, hits)
    ]  # fmt: skip
    with writing(desk.accounts) as connection:
        europeana.put_matches(connection, item, rows, timestamp(now))
    return bool(rows)


def queries(known: Known) -> list[str]:
    """The surest first: by the page at the provider's, by identifier, by title."""
    provider = next((f" AND DATA_PROVIDER:{_quoted(each)}" for each in known.providers), "")
    return [
        *(f"provider_aggregation_edm_isShownAt:{_quoted(each)}" for each in known.shown_at[:2]),
        *(f"proxy_dc_identifier:{_quoted(each)}{provider}" for each in known.identifiers[:3]),
        *(f"title:{_quoted(each)}{provider}" for each in known.titles[:2]),
    ]


def judge(
    desk: Desk, organiser: Person, slug: str, verdicts: Iterable[Verdict], *, now: datetime
) -> int:
    """Confirm and reject; what was said of an item before goes. Returns how many items changed.

    Raises Invalid for what is no item of Europeana, or two confirmed for one item.
    """
    europeana_plans.require(desk, organiser, slug)
    given = list(dict.fromkeys(verdicts))
    confirmed = [each.item for each in given if each.same]
    if len(set(confirmed)) < len(confirmed):
        raise _wrong(_("One item can be only one at Europeana."))
    if any(item_iri(each.candidate) != each.candidate for each in given):
        raise _wrong(_("That is no item of Europeana."))

    def decide(desk: Desk) -> tuple[Patch, int]:
        patch = Patch()
        items = list(dict.fromkeys(each.item for each in given))
        for item in items:
            patch += _judged(desk, item, [each for each in given if each.item == item])
        return patch, len(items)

    done = desk.commit(decide, by=organiser.agent.value, action="match items", now=now)
    with writing(europeana.create_tables(desk.accounts)) as connection:
        for each in given:
            europeana.reconsider(connection, each.item)
            if each.same:
                europeana.remove_matches(connection, each.item)
            else:
                europeana.remove_match(connection, each.item, each.candidate)
    return done


def _judged(desk: Desk, item: str, verdicts: list[Verdict]) -> Patch:
    known = europeana_items.get(desk, item)
    if not known.collection:
        raise _wrong(_("There is no such item."))
    graph, me = europeana_items.matches_graph(desk, known.collection), NamedNode(known.item)
    same = {each.candidate for each in verdicts if each.same}
    other = {each.candidate for each in verdicts if not each.same}
    before = {known.iri} if known.confirmed else set()
    after = same or (before - other)
    refused = (known.refused | other) - after
    return _difference(graph, me, OWL.sameAs, before, after) + _difference(
        graph, me, OWL.differentFrom, set(known.refused), set(refused)
    )


def _difference(
    graph: NamedNode, me: NamedNode, property_: NamedNode, before: set[str], after: set[str]
) -> Patch:
    def quads(iris: set[str]) -> list[Quad]:
        return [Quad(me, property_, NamedNode(iri), graph) for iri in sorted(iris)]

    return on("public", remove=quads(before - after), add=quads(after - before))


def candidate(text: str) -> str:
    """The item that an address or identifier means, as a person enters it. Raises Invalid."""
    found = item_iri(text)
    if found is None:
        raise _wrong(_("That is no item of Europeana."))
    return found


def _wrong(message: str) -> Invalid:
    return Invalid(message, (Problem("address", message),))


def _quoted(text: str) -> str:
    """A phrase of Solr's query syntax."""
    words = " ".join(text[:_LONGEST].split())
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
