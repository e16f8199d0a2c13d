"""How long contributions wait while a whole collection is replaced by another.

python -m bench.replace [QUADS]

Every record goes and as many new ones come: the most that an import can change. Meanwhile another
thread proposes terms for the items of another collection, one after the other.
"""

import sys
import threading
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from bench.imports import temporary, write
from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    contributing,
    imports,
    opening,
    participation,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.collections import Said
from server.domain.contributing import Proposal
from server.domain.imports import Options
from server.formats.vocabularies import VocabularyData, as_statements
from server.index import items
from server.names import DC, DCTERMS, RDF, SKOS
from server.settings import Settings
from server.viewers import PUBLIC

_PER_RECORD = 24
_TERMS = 2_000


def bring_in(desk: Desk, person: Person, slug: str, parts: Path) -> imports.Report:
    options = Options(Said(slug, slug.title()), (parts,))
    prepared = imports.prepare(desk, person, options, now=datetime.now(UTC))
    return imports.apply(desk, person, prepared, now=datetime.now(UTC))


def furnish(desk: Desk, folder: Path) -> Person:
    """An organiser who may contribute to a campaign on twenty items."""
    now = datetime.now(UTC)
    person = accounts.create_user(
        desk, "Ada", "ada@example.org", "correct horse battery", "organiser", now=now
    )
    terms = [NamedNode(f"http://terms.example/{number}") for number in range(_TERMS)]
    concepts = [Triple(term, RDF.type, SKOS.Concept) for term in terms]
    concepts += [Triple(term, SKOS.prefLabel, Literal(term.value[-9:])) for term in terms]
    title = ((DCTERMS.title, Literal("Terms", language="en")),)
    data = VocabularyData("http://terms.example/", title, as_statements(concepts))
    vocabularies.load(desk, person, "terms", data, now=now)
    (folder / "few").mkdir()
    parts, _whole = write(folder / "few", 20, start=9_000_000)
    bring_in(desk, person, "few", parts)
    task = Task(1, DC.subject.value, {"en": "What is it?"}, ("terms",))
    campaign = Campaign("c", {"en": "C"}, {"en": "D"}, ("few",), (task,), 100, state="open")
    campaigns.create(desk, person, campaign, now=now)
    participation.agree(desk, person, "c", now=now)
    return person


def contribute(desk: Desk, person: Person, ended: threading.Event, waits: list[float]) -> None:
    found = [row.iri for row in items.items_of(PUBLIC, desk.index.read(), "few", limit=20)]
    for number in count():
        if ended.is_set():
            return
        term = f"http://terms.example/{number // 20 % _TERMS}"
        proposal = Proposal.of_term("c", found[number % 20], 1, term)
        started = time.perf_counter()
        contributing.propose(desk, person, proposal, now=datetime.now(UTC))
        waits.append(time.perf_counter() - started)
        time.sleep(0.01)


def main() -> None:
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    records = quads // _PER_RECORD
    with temporary() as folder:
        old, _old = write(folder, records)
        new, _new = write(folder, records, edition=1, start=records)
        settings = Settings(data=folder / "data")
        opening.create(settings)
        with opening.opened(settings) as desk:
            person = furnish(desk, folder)
            bring_in(desk, person, "many", old)
            ended, waits = threading.Event(), list[float]()
            thread = threading.Thread(target=contribute, args=(desk, person, ended, waits))
            thread.start()
            started = time.perf_counter()
            try:
                report = bring_in(desk, person, "many", new)
            finally:
                ended.set()
                thread.join()
            seconds = time.perf_counter() - started
    waits.sort()
    print(f"{report.gone} items gone, {report.added} added, in {seconds:.0f} s")
    middle, most = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"{len(waits)} contributions meanwhile: p50 {middle * 1000:.1f} ms, "
          f"p99 {most * 1000:.1f} ms, worst {waits[-1] * 1000:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
