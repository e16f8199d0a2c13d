"""The index rows of a gold item, from what the work dataset says of it."""

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import statements
from server.index import gold, items
from server.index.gold import GoldRow
from server.names import CH, value_of


def project(desk: Desk, slug: str, subject: str) -> None:
    said = statements.about(desk, "work", NamedNode(subject))
    if not said:
        gold.remove(desk.index.write, subject)
        return
    item = items.current_item(desk.index.write, value_of(said[CH.item][0]))
    number = value_of(said[CH.task][0]).rpartition("#task-")[2]
    found = [
        answer.value if isinstance(answer, NamedNode) else gold.comparable(answer.value)
        for answer in said[CH.answer]
    ]
    gold.put(desk.index.write, GoldRow(slug, item, int(number), subject), found)
