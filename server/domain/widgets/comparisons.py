"""Two renderings of an image side by side, one of which is better, or neither."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.domain import comparisons, media
from server.domain.annotation_contents import ANNOTATION, Content, Said
from server.domain.comparisons import Pair
from server.domain.kinds import Entry
from server.domain.media import Medium
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.errors import NotFound
from server.i18n import _
from server.index import items
from server.names import CH

_NONE = "none"


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The two images, and which of them is better (0, 1), None for no difference."""

    pictures: tuple[Medium, Medium]
    better: int | None


def _pairs(asked: Asked) -> list[Pair]:
    return comparisons.pairs(
        asked.desk, asked.viewer, asked.campaign, asked.task, asked.item, _agent(asked)
    )


def _agent(asked: Asked) -> str:
    return asked.person.agent.value if asked.person else ""


def _answered(asked: Asked) -> dict[tuple[str, ...], str]:
    return comparisons.answered(
        asked.desk, asked.campaign, asked.task, asked.item, _agent(asked)
    )  # fmt: skip


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """Names and IRIs come from the record, never from the form: people do not know them."""
    answer = first(entry, values)
    if not answer:
        return []
    if answer not in (*comparisons.SIDES, _NONE):
        raise refuse(entry, _("Choose the left one, the right one, or no difference."))
    try:
        pair = comparisons.get_pair(_pairs(asked), first(entry, values, "-pair"))
    except NotFound as error:
        raise refuse(entry, str(error)) from error
    _require_new(asked, entry, values, pair)
    said: list[Said] = [
        (ANNOTATION, property_, value)
        for medium in (pair.left, pair.right)
        for property_, value in (
            (CH.compares, NamedNode(medium.iri)),
            (CH.comparesMaker, comparisons.maker_term(medium.maker)),
        )
    ]
    if answer == _NONE:
        return [*along(entry, CH.NoDifference), *said]
    better = pair.side(answer)
    said.append((ANNOTATION, CH.preferredMaker, comparisons.maker_term(better.maker)))
    return [*along(entry, NamedNode(better.iri)), *said]


def _require_new(asked: Asked, entry: Entry, values: Values, pair: Pair) -> None:
    """One answer per pair and person; who changes theirs names it."""
    earlier = _answered(asked).get(pair.images)
    replaced = next(iter(values.get("replaces", ())), "")
    if earlier and earlier != asked.desk.names.annotation(replaced).value:
        raise refuse(entry, _("You have compared these two already."))


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    """The first pair that is not compared yet, or none; how many of all are."""
    found, done = _pairs(asked), _answered(asked)
    left = [pair.token for pair in found if pair.images not in done]
    return {"token": left[0] if left else "", "done": len(found) - len(left), "total": len(found)}


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    images = tuple(sorted(each.value for each in content.values(CH.compares)))
    tokens = [pair.token for pair in _pairs(asked) if pair.images == images]
    return {f"{entry.name}-pair": tokens}


def _show(showing: Showing, entry: Entry, content: Content) -> ComparisonView | None:
    connection, named = showing.desk.index.read(), {x.value for x in content.values(CH.compares)}
    item = items.current_item(connection, showing.item)
    row = items.find_item_by_iri(showing.viewer, connection, item)
    found = media.of_item(showing.desk, showing.viewer, row, showing.language) if row else ()
    shown = sorted((each for each in found if each.iri in named), key=lambda each: each.iri)
    if len(shown) != 2:
        return None
    better = content.text(*entry.path)
    places = [place for place, each in enumerate(shown) if each.iri == better]
    return ComparisonView((shown[0], shown[1]), places[0] if places else None)


def _words(value: Any) -> str:
    """Without names: others may still have to answer."""
    return _("No difference") if value.better is None else _("One of two pictures is better")


EDITORS = {
    CH.ComparisonEditor: Editor("comparison", _read, _options, _fill, scripts=("comparison",))
}
DISPLAYS = {CH.ComparisonViewer: Display("comparison", _show, _words)}
