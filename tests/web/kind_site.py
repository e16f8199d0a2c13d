"""A site with a campaign for every kind there is, and a form for each that is taken.

A new kind needs nothing here: values are by widget, and a widget without any is an error.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import httpx
from pyoxigraph import Literal, NamedNode

from server.domain import annotations, kinds
from server.domain.annotations import Annotation
from server.domain.campaigns import Task
from server.domain.kinds import Entry, Kind
from server.names import CH, DASH, DC, XSD
from server.resources import folder
from tests import worlds
from tests.domain.text_campaigns import value_id
from tests.web import gazetteer, visual_site
from tests.web.campaign_site import FARMS, World
from tests.web.visitors import Visitor

OWN = Path(__file__).parents[1] / "kinds"
KINDS = [
    kinds.read(path)
    for path in (*sorted((folder("shapes") / "annotation").glob("*.ttl")), *OWN.glob("*.ttl"))
]
#: It has three renderings by three makers, and a title.
ITEM = "versions"
TITLE = Literal(f"Work {ITEM}", language="en")
WORDS = "Some plain words"
Form = dict[str, str]

#: By widget: the values that a form sends, by what its names end in. Comparisons have a token too.
GOOD: dict[NamedNode, Mapping[str, str]] = {
    DASH.TextFieldEditor: {"": "1"},
    DASH.TextAreaEditor: {"": WORDS},
    DASH.TextFieldWithLangEditor: {"": WORDS, "-lang": "en"},
    DASH.TextAreaWithLangEditor: {"": WORDS, "-lang": "en"},
    DASH.DatePickerEditor: {"": "1901-02-03"},
    DASH.BooleanSelectEditor: {"": "true"},
    DASH.URIEditor: {"": "https://www.example.org/page"},
    DASH.AutoCompleteEditor: {"": FARMS},
    CH.SpanEditor: {
        "": value_id(DC.title, TITLE), "-start": "0", "-end": "4", "-exact": "Work", "-which": "",
    },
    CH.ValueEditor: {"": value_id(DC.title, TITLE)},
    CH.CorrectionEditor: {"": WORDS, "-lang": "fr"},
    CH.RatingEditor: {"": "50"},
    CH.ErrorsEditor: {"-1": "minor"},
    CH.PageEditor: {"": "1"},
    CH.ChoiceEditor: {"": CH.Yes.value},
    CH.PlaceEditor: {"": gazetteer.place("rome")},
    CH.LinkEditor: {"": "https://www.example.org/other"},
    CH.ColourEditor: {"": visual_site.RED},
    CH.RegionEditor: {
        "-image": "1", "-unit": "percent", "-shape": "rectangle", "-x": "10", "-y": "10",
        "-width": "20", "-height": "20",
    },
    CH.ComparisonEditor: {"": "left"},
}  # fmt: skip
#: Those of which the values come from a list in the shape.
LISTED = (DASH.EnumSelectEditor, CH.RelationEditor)
VOCABULARIES = {
    DASH.AutoCompleteEditor: "aat", CH.PlaceEditor: gazetteer.SLUG, CH.ColourEditor: "colours",
}  # fmt: skip


@contextmanager
def serve(data: Path) -> Iterator[World]:
    """Each kind's campaign has its name."""
    (data / "kinds").mkdir(parents=True)
    for path in OWN.glob("*.ttl"):
        (data / "kinds" / path.name).write_bytes(path.read_bytes())
    with visual_site.serve(data) as site:
        gazetteer.load(site.desk, site.people["olga"])
        for kind in kinds.every(site.desk):
            site.campaign(slug=kind.name, collections=("works",), tasks=(task(kind),))
        yield site


def task(kind: Kind, number: int = 1) -> Task:
    field = next((entry for entry in kind.entries if entry.path == (CH.field,)), None)
    about = (DC.title.value,) if kind.has_editor(CH.ValueEditor, CH.SpanEditor) else ()
    return Task(
        number,
        field.choices[0].value if field and field.choices else "",
        {"en": f"A question of the kind {kind.name}"},
        tuple(VOCABULARIES[e.editor] for e in kind.editable if e.editor in VOCABULARIES),
        kind=kind.iri,
        about=about,
    )


def values(site: World, who: Visitor, kind: Kind, entry: Entry) -> Form:
    """What a form sends that fills this field well."""
    assert entry.editor is not None
    if entry.editor in LISTED:
        return {entry.name: entry.choices[0].value}
    assert entry.editor in GOOD, f"give this widget values in {__name__}: {entry.editor}"
    found = {entry.name + end: value for end, value in GOOD[entry.editor].items()}
    if entry.datatype == XSD.string and entry.editor == DASH.TextFieldEditor:
        found[entry.name] = WORDS
    if entry.editor == CH.ComparisonEditor:
        page = who.get(visual_site.path(site, kind.name, ITEM)).text
        token = re.search(r"/pairs/1/([a-z0-9]+)/left", page)
        assert token is not None, page
        found[f"{entry.name}-pair"] = token[1]
    return found


def good(site: World, who: Visitor, kind: Kind, entry: Entry) -> Form:
    """A form that says something in this field, with what else it needs: found by trying, as a
    person who is not asked again."""
    names = _needed(site, kind, entry)
    return {k: v for e in kind.editable if e.name in names
            for k, v in values(site, who, kind, e).items()}  # fmt: skip


_known: dict[tuple[str, str, str], tuple[str, ...]] = {}


def _needed(site: World, kind: Kind, entry: Entry) -> tuple[str, ...]:
    key = site.address, kind.iri, entry.name
    if key not in _known:
        _known[key] = _tried(site, kind, entry)
    return _known[key]


def _tried(site: World, kind: Kind, entry: Entry) -> tuple[str, ...]:
    ben = site.visitor("ben").start(kind.name)
    must = [each for each in kind.editable if each.required or each == entry]
    others = [each for each in kind.editable if each not in must]
    for count in range(len(others) + 1):
        for more in combinations(others, count):
            names = tuple(each.name for each in (*must, *more))
            form = {k: v for e in (*must, *more) for k, v in values(site, ben, kind, e).items()}
            answer = send(site, ben, kind, form)
            if answer.status_code == 200:
                for made in mine(site, kind, "ben"):
                    assert ben.submit(f"/annotation/{made}/withdraw").status_code < 400
                return names
    raise AssertionError(f"no form of {kind.name} with {entry.name} is taken: {answer.text}")


def send(
    site: World, who: Visitor, kind: Kind, form: Mapping[str, object], *, htmx: bool = True
) -> httpx.Response:
    headers = who.origin | ({"HX-Request": "true"} if htmx else {})
    path = visual_site.path(site, kind.name, ITEM)
    data = {"task": "1", "csrf": who.token(), **form}
    return who.post(f"{path}/annotations", data=data, headers=headers)


def stored(site: World, kind: Kind) -> list[Annotation]:
    """What stands of the item in the kind's campaign."""
    return [each for each in visual_site.stored(site, kind.name, ITEM) if each.claims]


def mine(site: World, kind: Kind, name: str) -> list[str]:
    """The identifiers of what one of the people says there."""
    agent = site.people[name].agent.value
    found = (each for each in stored(site, kind) if each.claim_of(agent))
    return [each.iri.rpartition("/")[2] for each in found]


def made(site: World, who: Visitor, kind: Kind, name: str, form: Mapping[str, object]) -> str:
    """The identifier of the annotation that a form of one of the people makes."""
    before = set(mine(site, kind, name))
    answer = send(site, who, kind, form)
    assert answer.status_code == 200, answer.text
    (found,) = set(mine(site, kind, name)) - before
    return found


def get(site: World, name: str) -> Annotation:
    return annotations.get(site.desk, site.iri(name))


def item(site: World) -> str:
    return site.desk.names.item_id(worlds.item(ITEM))
