"""What people with bad intentions send in the forms of every kind; and what two windows do at once.

The cases are made from the kinds that there are: every field of each, by the type of its widget.
"""

import html
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from markupsafe import escape
from pyoxigraph import Literal, NamedNode

from server.domain import annotations, campaigns, contributing, publishing
from server.domain.annotations import Annotation
from server.domain.campaigns import Task
from server.domain.contributing import Proposal
from server.domain.kinds import Entry, Kind
from server.names import CH, DASH, XSD
from tests import worlds
from tests.web import kind_site, visual_site
from tests.web.campaign_site import FARMS, PASSWORD, VINEYARDS, World, now
from tests.web.kind_site import KINDS, WORDS, good, made, mine, send, stored
from tests.web.test_hostile_requests import inline
from tests.web.visitors import Visitor

UNION = 'x" } UNION { ?s ?p ?o } #'
SCRIPT = "</textarea><script>alert(1)</script>"
SIGNS = "📷 é e\u0301 \u05d0 \u0639"
QUOTES = "\"' onfocus=alert(1) x='"
BIDI, BELL, NO_CHARACTER = "a\u202egnp.exe", "a\x07b", "a\uffffb"
HUGE = "x" * 1_000_000
DIGITS = "9" * 5000  # more than Python makes a number of
Bad = Mapping[str, str]

#: Wrong in every field.
ODD: list[Bad] = [{"": text} for text in (BIDI, BELL, NO_CHARACTER, HUGE, "a\u2028b")]
#: Wrong where the values are those of a list.
NOT_LISTED: list[Bad] = [
    {"": text} for text in (
        UNION, SCRIPT, "nothing", "javascript:alert(1)", "http://example.org/none", CH.Place.value,
        "0", "-1", DIGITS, "urn:x:y", "#GGG",
    )
]  # fmt: skip
TAGS: list[Bad] = [
    {"-lang": tag} for tag in
    ("en-a", "abcd-x", "e", "<script>", UNION, "en us", "x" * 1000, "i-x", "en-us-us", BIDI)
]  # fmt: skip
NUMBERS: list[Bad] = [
    {"": text} for text in
    ("many", "-1", "101", "NaN", "inf", "1e999", "0x1", "５", DIGITS, UNION, SCRIPT)
]  # fmt: skip


def _region(**sides: str) -> Bad:
    return {f"-{name}": text for name, text in sides.items()}


def _polygon(points: str) -> Bad:
    none = dict.fromkeys(("x", "y", "width", "height"), "")
    return _region(**none, shape="polygon", unit="percent", points=points)


def _point(lat: str, long: str, accuracy: str = "50") -> Bad:
    return {"": "", "-lat": lat, "-long": long, "-accuracy": accuracy}


_AT = {"-start": "0", "-end": "4", "-exact": "Work"}
#: By widget: what is wrong in it, by what the names of its form end in.
BAD: dict[NamedNode, list[Bad]] = {
    DASH.TextFieldEditor: ODD,
    DASH.TextAreaEditor: ODD,
    DASH.TextFieldWithLangEditor: [
        *ODD, *TAGS, {"": "two\nlines"}, {"": "https://www.example.org/"},
        {"": "see www.example.org"}, {"": "x" * 65}, {"": "x\n" * 30_000},
    ],
    DASH.TextAreaWithLangEditor: [*ODD, *TAGS, {"": "x\n" * 30_000}],
    DASH.DatePickerEditor: [*ODD, *NUMBERS, {"": "1901-02-30"}, {"": "yesterday"}],
    DASH.BooleanSelectEditor: [*ODD, *NOT_LISTED[:3], {"": "maybe"}],
    DASH.URIEditor: [
        *ODD, *({"": text} for text in (
            UNION, SCRIPT, "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
            "https://example.org/\u202e", "https://a b/", 'https://a/"><script>', "//example.org",
        )),
    ],
    DASH.EnumSelectEditor: [*ODD, *NOT_LISTED],
    DASH.AutoCompleteEditor: [*ODD, *NOT_LISTED],
    CH.ChoiceEditor: [*ODD, *NOT_LISTED],
    CH.RelationEditor: [*ODD, *NOT_LISTED],
    CH.ValueEditor: [*ODD, *NOT_LISTED],
    CH.PageEditor: [*ODD, *NOT_LISTED, {"": "99"}, {"": "1e0"}, {"": "١"}],
    CH.SpanEditor: [
        *ODD, *NOT_LISTED, {"": ""},
        *(_AT | {"-start": start, "-end": end} for start, end in (
            ("0", "99999"), ("99999", "0"), ("4", "4"), ("-1", "4"), ("4", "0"), ("0", ""),
            ("", "4"), ("x", "y"), ("0.5", "4"), (DIGITS, DIGITS), ("٠", "٤"), (UNION, SCRIPT),
        )),
        {"-exact": "Work of others"}, {"-exact": HUGE},
        {"-start": "", "-end": "", "-exact": ""}, {"-start": "", "-end": "", "-exact": "gone"},
        {"-start": "", "-end": "", "-exact": "r", "-which": DIGITS},
    ],
    CH.CorrectionEditor: [*ODD, *TAGS, {"": "x\n" * 30_000}],
    CH.RatingEditor: [*ODD, *NUMBERS, {"": "50.5"}],
    CH.ErrorsEditor: [{"-1": text} for text in ("fatal", UNION, SCRIPT, BIDI, HUGE, "1")],
    CH.PlaceEditor: [
        *ODD, *NOT_LISTED, {"": FARMS},
        *(_point(*at) for at in (
            ("91", "0"), ("-90.0000006", "0"), ("0", "181"), ("NaN", "0"), ("0", "inf"),
            ("1e1", "0"), ("41.9", ""), ("", "12.5"), (DIGITS, "0"), (UNION, SCRIPT), ("٤", "0"),
            ("41.9", "12.5", "7"), ("41.9", "12.5", ""), ("41.9", "12.5", DIGITS),
        )),
        {"": "", "-q": "nowhere at all"}, {"": "", "-q": HUGE},
    ],
    CH.LinkEditor: [
        *ODD, *({"": text} for text in (
            UNION, SCRIPT, "javascript:alert(1)", "data:text/html,x", "urn:x:y", "//example.org/",
            "https://www.europeana.eu@example.org/", "https://exam\u200bple.org/",
            "https://example.org/\u202e", "https://example.org/\u2066x", "http://", "#GGG",
        )),
    ],
    CH.ColourEditor: [*ODD, *NOT_LISTED, {"": FARMS}, *({"": "", "-hex": text} for text in (
        "#GGG", "#12345", "red", SCRIPT, UNION, HUGE, "#ff0000",
    ))],
    CH.RegionEditor: [
        *(_polygon(points) for points in (
            "10,10 20,20", "10,10 90,90 90,10 10,90", "10,10 20,20 30,30", "10,10 110,10 50,50",
            "NaN,0 1,1 2,0", "1e9,0 1,1 2,0", "10 10 20 20", UNION, SCRIPT, BIDI, "10,10 " * 201,
            "0,0 1,1 " * 100_000, f"{DIGITS},0 1,1 2,0",
        )),
        *(_region(**{side: text}) for side, text in (
            ("width", "0"), ("width", "-5"), ("height", ""), ("width", "95"), ("x", "-1"),
            ("x", "NaN"), ("y", DIGITS), ("y", UNION), ("x", SCRIPT), ("unit", "furlong"),
            ("unit", "pixel"), ("image", "99"), ("image", "0"), ("image", SCRIPT), ("image", ""),
        )),
    ],
    CH.ComparisonEditor: [
        *ODD, *NOT_LISTED, {"-pair": "nothing"}, {"-pair": ""}, {"-pair": UNION}, {"-pair": HUGE},
    ],
}  # fmt: skip
#: Widgets that take any words.
OF_WORDS = (
    DASH.TextAreaEditor, DASH.TextFieldWithLangEditor, DASH.TextAreaWithLangEditor,
    CH.CorrectionEditor,
)  # fmt: skip


def bad_values(entry: Entry) -> list[Bad]:
    assert entry.editor is not None
    assert entry.editor in BAD, f"say what is wrong in this widget: {entry.editor}"
    numeric = entry.datatype not in (None, XSD.string) and entry.editor == DASH.TextFieldEditor
    return [*BAD[entry.editor], *(NUMBERS if numeric else [])]


FIELDS = [(kind, entry) for kind in KINDS for entry in kind.editable]
CASES = [
    pytest.param(kind, entry, bad, id=f"{kind.name}-{entry.name}-{number}")
    for kind, entry in FIELDS
    for number, bad in enumerate(bad_values(entry))
]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
every_field = pytest.mark.parametrize(
    ("kind", "entry"), FIELDS, ids=lambda each: each.name if isinstance(each, Kind | Entry) else ""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with kind_site.serve(tmp_path_factory.mktemp("kinds") / "data") as found:
        yield found


def by_name(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)


def assert_refused(answer: httpx.Response, *status: int) -> None:
    assert answer.status_code in (status or (422,)), (answer.status_code, answer.text[:3000])
    assert_inert(answer)


def assert_inert(answer: httpx.Response) -> None:
    """What was typed may stand in the controls of its form."""
    assert "<script>alert" not in answer.text
    assert [each for each in inline(answer.text) if each != "input value"] == []


def message(answer: httpx.Response, entry: Entry) -> str:
    """The words beside a field; where a term is all that is asked for, below its box."""
    for name in (f"task-1-{entry.name}-error", "task-1-error"):
        _before, found, after = answer.text.partition(f'id="{name}" role="alert">')
        if found:
            return html.unescape(after.partition("</p>")[0]).strip()
    raise AssertionError(f"no message beside {entry.name}: {answer.text[:5000]}")


# --- every field of every kind --------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "entry", "bad"), CASES)
def test_what_is_wrong_in_a_field_is_said_beside_it_and_nothing_is_stored(
    site: World, kind: Kind, entry: Entry, bad: Bad
) -> None:
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, entry)
    wrong = form | {entry.name + end: text for end, text in bad.items()}
    before = site.last()
    answer = send(site, ada, kind, wrong)
    assert_refused(answer)
    assert 5 < len(message(answer, entry)) < 300
    assert site.last() == before


@every_field
def test_the_whole_page_says_it_too_where_there_is_no_script(
    site: World, kind: Kind, entry: Entry
) -> None:
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, entry)
    bad = bad_values(entry)[0]
    before = site.last()
    wrong = form | {entry.name + end: text for end, text in bad.items()}
    answer = send(site, ada, kind, wrong, htmx=False)
    assert_refused(answer)
    assert answer.text.startswith("<!doctype html>") and message(answer, entry)
    assert site.last() == before


@every_field
def test_a_nul_is_no_part_of_a_form(site: World, kind: Kind, entry: Entry) -> None:
    ada = site.visitor("ada").start(kind.name)
    form, before = good(site, ada, kind, entry), site.last()
    for name in form:
        assert_refused(send(site, ada, kind, form | {name: "a\0b"}), 400)
    assert site.last() == before


@every_field
def test_a_form_without_what_it_needs_is_refused_beside_the_field(
    site: World, kind: Kind, entry: Entry
) -> None:
    ada = site.visitor("ada").start(kind.name)
    form, before = good(site, ada, kind, entry), site.last()
    own = kind_site.values(site, ada, kind, entry)
    without = {name: text for name, text in form.items() if name not in own}
    if not entry.required:
        return
    for rest in (without, {}, without | dict.fromkeys(own, ""), without | dict.fromkeys(own, "  ")):
        answer = send(site, ada, kind, rest)
        assert_refused(answer)
        assert message(answer, entry)
    assert site.last() == before


@every_field
def test_a_field_that_comes_twice_says_one_thing_or_is_refused(
    site: World, kind: Kind, entry: Entry
) -> None:
    ada = site.visitor("ada").start(kind.name)
    form, before = good(site, ada, kind, entry), site.last()
    for name in kind_site.values(site, ada, kind, entry):
        text = form[name]
        for twice in ([text, SCRIPT], [SCRIPT, text], [text] * 50):
            last = site.last()
            answer = send(site, ada, kind, form | {name: twice})
            assert answer.status_code in (200, 422), answer.text
            assert "<script>alert" not in answer.text
            if answer.status_code == 422:
                assert site.last() == last
    for each in (get for get in stored(site, kind) if site.last() > before):
        content = each.content if entry.of == "annotation" else each.claims[0].content
        assert len(content.values(*entry.path)) <= 1
    take_back(site, ada, kind)


def take_back(site: World, who: Visitor, kind: Kind, name: str = "ada") -> None:
    """What others voted on at the same moment stays, as it must."""
    for each in mine(site, kind, name):
        answer = who.submit(f"/annotation/{each}/withdraw")
        voted = bool(annotations.get(site.desk, site.iri(each)).votes)
        assert answer.status_code == 409 if voted else answer.status_code < 400


@pytest.mark.parametrize(
    "text", [UNION, SCRIPT, QUOTES, "📷 é e\u0301 \u05d0 \u0639"], ids=range(4)
)
@pytest.mark.parametrize(
    ("kind", "entry"), [each for each in FIELDS if each[1].editor in OF_WORDS],
    ids=lambda each: each.name,
)  # fmt: skip
def test_words_of_any_kind_come_back_exactly_and_do_nothing(
    site: World, kind: Kind, entry: Entry, text: str
) -> None:
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, entry)
    plain = kind_site.get(site, made(site, ada, kind, "ada", form))
    take_back(site, ada, kind)
    found = kind_site.get(site, made(site, ada, kind, "ada", form | {entry.name: text}))
    content = found.content if entry.of == "annotation" else found.claims[0].content
    values = [each.value for each in content.values(*entry.path) if isinstance(each, Literal)]
    assert [value.replace("é", "e\u0301") for value in values] == [text.replace("é", "e\u0301")]
    assert size(found) == size(plain)
    page = ada.get(visual_site.path(site, kind.name, kind_site.ITEM))
    assert str(escape(values[0])) in page.text
    assert_inert(page)
    take_back(site, ada, kind)


def size(each: Annotation) -> tuple[int, int]:
    return len(each.content.statements), len(each.claims[0].content.statements)


def test_what_was_typed_is_still_in_the_form(site: World) -> None:
    kind = by_name("comment")
    ada = site.visitor("ada").start(kind.name)
    answer = send(site, ada, kind, {"comment": f"{SCRIPT} & so on", "comment-lang": "en-a"})
    assert_refused(answer)
    assert html.escape(f"{SCRIPT} & so on", quote=False) in html.unescape(answer.text).replace(
        "&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # fmt: skip
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in answer.text


# --- forms as a whole -----------------------------------------------------------------------------


@every_kind
def test_fields_of_other_kinds_and_of_nobody_change_nothing(site: World, kind: Kind) -> None:
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, kind.editable[0])
    plain = kind_site.get(site, made(site, ada, kind, "ada", form))
    take_back(site, ada, kind)
    others: dict[str, object] = {}
    for other in KINDS:
        for entry in other.editable:
            if other.name != "comparison":
                others |= kind_site.values(site, ada, other, entry)
    known = {name for entry in kind.editable for name in kind_site.values(site, ada, kind, entry)}
    others = {name: text for name, text in others.items() if name not in known}
    others |= {
        "campaign": "done", "kind": CH.FreeTag.value, "creator": "x", "status": "published",
        "confidence": "1", "agent": "x", "created": "1901-02-03", "field": CH.kind.value,
        "item": "x", "motivation": "x", "decision": "accept", "id": "x", "iri": "http://x/y",
    }  # fmt: skip
    wanted = others | form
    found = kind_site.get(site, made(site, ada, kind, "ada", wanted))
    assert {each[1:] for each in found.content.statements} == {
        each[1:] for each in plain.content.statements
    }
    assert found.claims[0].content == plain.claims[0].content
    take_back(site, ada, kind)


@every_kind
def test_a_form_for_another_kind_of_question_is_refused(site: World, kind: Kind) -> None:
    ada = site.visitor("ada").start(kind.name)
    others = [other for other in KINDS if other != kind]
    taken = {entry.name for entry in kind.editable}
    before = site.last()
    for other in others:
        form = good(site, site.visitor("ada").start(other.name), other, other.editable[0])
        before = site.last()
        strange = {name: text for name, text in form.items() if name.partition("-")[0] not in taken}
        assert_refused(send(site, ada, kind, strange))
        assert site.last() == before


@pytest.mark.parametrize("number", ["", "0", "2", "-1", "1e0", "x", "١", DIGITS, UNION, SCRIPT])
@every_kind
def test_a_question_that_there_is_not_is_not_found(site: World, kind: Kind, number: str) -> None:
    ada = site.visitor("ada").start(kind.name)
    form, before = good(site, ada, kind, kind.editable[0]), site.last()
    assert_refused(send(site, ada, kind, form | {"task": number}), 404, 422)
    assert site.last() == before


@every_kind
def test_an_item_of_another_campaign_is_not_found(site: World, kind: Kind) -> None:
    ada = site.visitor("ada").start(kind.name)
    form, before = good(site, ada, kind, kind.editable[0]), site.last()
    for item in (site.item(0), "a" * 26, "x", "..%2F..", DIGITS[:300]):
        path = f"/campaigns/{kind.name}/items/{item}/annotations"
        assert_refused(ada.submit(path, task="1", **form), 404)
    assert site.last() == before


@every_kind
def test_who_did_not_agree_or_is_nobody_stores_nothing(site: World, kind: Kind) -> None:
    form = good(site, site.visitor("ada").start(kind.name), kind, kind.editable[0])
    nobody, max_ = site.visitor(), site.visitor("max")
    before = site.last()
    assert_refused(send(site, nobody, kind, form), 401)
    assert_refused(send(site, max_, kind, form), 403)
    assert site.last() == before


def test_bodies_that_are_no_form_are_refused(site: World) -> None:
    kind = by_name("comment")
    ada = site.visitor("ada").start(kind.name)
    path = f"{visual_site.path(site, kind.name, kind_site.ITEM)}/annotations"
    headers, before = ada.origin | {"X-CSRF-Token": ada.token()}, site.last()
    form = f"task=1&comment=x&comment-lang=en&csrf={ada.token()}"
    cut = '--x\r\nContent-Disposition: form-data; name="comment"\r\n\r\nx'
    for kind_of_body, body in (
        ("application/json", b'["task", 1]'), ("application/json", b'{"task": 1,'),
        ("text/plain", form.encode()),
        ("application/xml", b"<x/>"), ("multipart/form-data; boundary=x", cut.encode()),
        ("multipart/form-data", b"--x"), ("", form.encode()),
        ("application/x-www-form-urlencoded", form.encode() + b"&comment=%FF"),
        ("application/x-www-form-urlencoded", form.encode() + b"&a=b" * 1000),
        ("application/x-www-form-urlencoded", form.encode() + b"&a=" + b"x" * 2_000_000),
    ):  # fmt: skip
        answer = ada.post(path, content=body, headers=headers | {"Content-Type": kind_of_body})
        assert 400 <= answer.status_code < 500, (kind_of_body, answer.status_code)
    assert site.last() == before


def test_a_form_of_many_parts_is_read_as_any_other(site: World) -> None:
    kind = by_name("comment")
    ada = site.visitor("ada").start(kind.name)
    path = f"{visual_site.path(site, kind.name, kind_site.ITEM)}/annotations"
    form = {"task": "1", "csrf": ada.token(), "comment-lang": "en"}
    before = site.last()
    file = ada.post(path, data=form, files={"comment": ("x.txt", b"x")}, headers=ada.origin)
    assert_refused(file, 422)
    assert site.last() == before
    parts = {"comment": (None, UNION)} | {f"a{n}": (None, "x") for n in range(900)}
    taken = ada.post(path, data=form, files=parts, headers=ada.origin)  # type: ignore[arg-type]
    assert taken.status_code == 303, taken.text
    (found,) = mine(site, kind, "ada")
    assert kind_site.get(site, found).content.body_text == UNION
    take_back(site, ada, kind)


# --- forms that are old, or come again ------------------------------------------------------------


def test_a_form_of_a_session_that_has_ended_says_so_and_leaves_the_page_as_it_is(
    site: World,
) -> None:
    kind = by_name("comment")
    olga = site.visitor()
    olga.sign_in("otto@example.org", PASSWORD).start(kind.name)
    token, session = olga.token(), olga.cookies["session"]
    olga.submit("/logout")
    late = site.visitor()
    late.cookies.set("session", session)
    path = f"{visual_site.path(site, kind.name, kind_site.ITEM)}/annotations"
    form, before = {"task": "1", "comment": WORDS, "csrf": token}, site.last()
    page = late.post(path, data=form, headers=late.origin)
    assert page.status_code == 401 and "session has ended" in page.text
    late.cookies.set("session", session)
    told = late.post(path, data=form, headers=late.origin | {"HX-Request": "true"})
    # No fragment: the form with what was typed stays on the page, and a script shows the words.
    assert told.headers["Content-Type"] == "application/problem+json"
    assert "session has ended" in told.json()["detail"]
    late.sign_in("otto@example.org", PASSWORD)
    stale = late.post(path, data=form, headers=late.origin | {"HX-Request": "true"})
    assert stale.status_code == 403 and "out of date" in stale.json()["detail"]
    assert site.last() == before


@every_kind
def test_a_form_that_is_two_hours_old_is_as_good_as_new(site: World, kind: Kind) -> None:
    """What it names is checked anew; a session of that age, and its token, still count."""
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, kind.editable[0])
    person = site.people["ada"]
    values = {name: [text] for name, text in form.items()}
    proposal = Proposal(kind.name, worlds.item(kind_site.ITEM), 1, values)
    contributing.propose(site.desk, person, proposal, now=now() + timedelta(hours=2))
    assert len(mine(site, kind, "ada")) == 1
    take_back(site, ada, kind)


@every_kind
def test_the_same_form_with_the_same_key_again_is_one_answer(site: World, kind: Kind) -> None:
    ada = site.visitor("ada").start(kind.name)
    form = good(site, ada, kind, kind.editable[0]) | {"key": f"again-{kind.name}"}
    assert send(site, ada, kind, form).status_code == 200
    last = site.last()
    for _again in range(3):
        assert send(site, ada, kind, form).status_code == 200
    assert site.last() == last
    (one,) = mine(site, kind, "ada")
    # Somebody else's key of the same name is another one.
    ben = site.visitor("ben").start(kind.name)
    assert send(site, ben, kind, good(site, ben, kind, kind.editable[0]) | {"key": form["key"]})
    assert len(mine(site, kind, "ben")) == 1
    assert mine(site, kind, "ada") == [one]
    take_back(site, ben, kind, "ben")
    take_back(site, ada, kind)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them comes to, begun together."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(act) for act in acts]]


@every_kind
def test_two_windows_that_say_the_same_at_once(site: World, kind: Kind) -> None:
    windows = [site.visitor("ada").start(kind.name) for _ in range(4)]
    form = good(site, windows[0], kind, kind.editable[0])
    for each in windows:
        each.token()
    answers = at_once(*(lambda w=w: send(site, w, kind, form) for w in windows))
    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {200, 422} and 200 in codes
    found = [kind_site.get(site, name) for name in mine(site, kind, "ada")]
    assert len(found) == (1 if kind.joins else codes.count(200))
    assert all(len(each.claims) == 1 for each in found)
    take_back(site, windows[0], kind)


def test_two_windows_that_change_the_same_answer_at_once(site: World) -> None:
    kind = by_name("comment")
    windows = [site.visitor("ada").start(kind.name) for _ in range(4)]
    first = made(site, windows[0], kind, "ada", {"comment": "first", "comment-lang": "en"})
    for each in windows:
        each.token()
    answers = at_once(*(
        lambda w=w, n=n: send(site, w, kind, {"comment": f"better {n}", "replaces": first})
        for n, w in enumerate(windows)
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert [a.status_code for a in answers if a.status_code != 200] and all(
        400 <= a.status_code < 500 for a in answers if a.status_code != 200
    )
    (left,) = mine(site, kind, "ada")
    assert left != first and not kind_site.get(site, first).claims
    take_back(site, windows[0], kind)


def test_two_windows_that_take_back_and_vote_at_once(site: World) -> None:
    kind = by_name("free-tag")
    ada, other = (site.visitor("ada").start(kind.name) for _ in range(2))
    bens = [site.visitor("ben").start(kind.name) for _ in range(2)]
    for number in range(5):
        tag = made(site, ada, kind, "ada", {"tag": f"tag {number}"})
        for each in (ada, other, *bens):
            each.token()
        answers = at_once(
            lambda: ada.submit(f"/annotation/{tag}/withdraw", htmx=True),  # noqa: B023
            lambda: other.submit(f"/annotation/{tag}/withdraw", htmx=True),  # noqa: B023
            lambda: bens[0].vote(tag, "approve"),  # noqa: B023
            lambda: bens[1].vote(tag, "reject"),  # noqa: B023
        )
        assert all(answer.status_code < 500 for answer in answers)
        taken = [answer.status_code for answer in answers[:2]]
        voted = [answer.status_code for answer in answers[2:]]
        found = kind_site.get(site, tag)
        # Either it was gone before anybody voted, or the first vote holds it.
        if taken.count(200):
            assert taken.count(200) == 1 and not found.claims
        else:
            assert voted == [200, 200] and len(found.claims) == 1
            assert len(found.votes) == 1


# --- better versions ------------------------------------------------------------------------------


def test_only_what_is_ones_own_and_still_free_is_replaced(site: World) -> None:
    kind, tag = by_name("comment"), by_name("free-tag")
    ada, ben = (site.visitor(name).start(kind.name) for name in ("ada", "ben"))
    theirs = made(site, ben, kind, "ben", {"comment": "of Ben"})
    gone = made(site, ada, kind, "ada", {"comment": "gone"})
    take_back(site, ada, kind)
    elsewhere = made(site, ada.start(tag.name), tag, "ada", {"tag": "elsewhere"})
    held = made(site, ada, kind, "ada", {"comment": "held"})
    assert ben.vote(held, "approve").status_code == 200
    before = site.last()
    for name, status in (
        (theirs, 403), (gone, 403), (elsewhere, 404), (held, 409), ("nothing", 404),
        ("../x", 404), (f"{held}#body", 404), (UNION, 404), (SCRIPT, 404), (DIGITS, 404),
    ):  # fmt: skip
        answer = send(site, ada, kind, {"comment": "better", "replaces": name})
        assert_refused(answer, status)
        assert site.last() == before, name
        if status != 403:
            page = ada.get(f"/annotation/{name}/edit") if name.isalnum() else None
            assert page is None or page.status_code < 500
    assert ada.get(f"/annotation/{theirs}/edit").status_code == 404
    take_back(site, ben, kind, "ben")
    assert ben.vote(held, "none").status_code == 200
    take_back(site, ada, kind)
    take_back(site, ada, tag)


def test_what_is_published_is_changed_in_public_too(site: World) -> None:
    kind = by_name("free-tag")
    ada, olga = site.visitor("ada").start(kind.name), site.visitor("olga")
    tag = made(site, ada, kind, "ada", {"tag": "published"})
    decided = olga.submit(f"/annotation/{tag}/decide", verdict="accept", reason="It is right")
    assert decided.status_code < 400
    publishing.publish(site.desk, site.people["olga"], kind.name, now=now())
    path = f"/items/{kind_site.item(site)}"
    assert ">published<" in site.visitor().get(path).text
    answer = send(site, ada, kind, {"tag": "changed my mind", "replaces": tag})
    assert answer.status_code == 200, answer.text
    assert ">published<" not in site.visitor().get(path).text
    assert not kind_site.get(site, tag).claims
    take_back(site, ada, kind)


# --- votes ----------------------------------------------------------------------------------------


def test_nobody_votes_on_what_is_gone_hidden_or_their_own(site: World) -> None:
    slug = site.campaign()
    ada, ben = site.visitor("ada").start(slug), site.visitor("ben").start(slug)
    gone, own = (ada.proposed(slug, site.item(n), FARMS) for n in (0, 1))
    assert ada.submit(f"/annotation/{gone}/withdraw").status_code < 400
    draft = site.campaign()
    secret = site.visitor("ada").start(draft).proposed(draft, site.item(0), VINEYARDS)
    blind = site.campaign(blind=True)
    unseen = site.visitor("ada").start(blind).proposed(blind, site.item(0), FARMS)
    site.visitor("ben").start(blind)
    campaigns.set_state(site.desk, site.people["olga"], draft, "draft", now=now())
    before = site.last()
    for who, name, status in (
        (ben, gone, 409), (ada, own, 409), (ben, secret, 404), (ben, unseen, 404),
        (ben, "nothing", 404), (ben, "a" * 26, 404),
    ):  # fmt: skip
        for verdict in ("approve", "reject", "unsure", "none"):
            assert_refused(who.vote(name, verdict), status)
    for verdict in ("", "yes", UNION, SCRIPT, "Approve", "later", HUGE):
        assert_refused(ben.vote(own, verdict), 422)
    assert site.last() == before


def test_reasons_and_ratings_are_those_that_are_offered(site: World) -> None:
    slug = site.campaign(reasons=({"en": "Not shown"},), feedback="rating")
    name = site.visitor("ada").start(slug).proposed(slug, site.item(0), FARMS)
    ben, before = site.visitor("ben").start(slug), 0
    before = site.last()
    for reason in ("not offered", UNION, "1", HUGE, BELL):
        assert_refused(ben.vote(name, "reject", reason=reason), 422)
    for comment in (HUGE, BELL, NO_CHARACTER, "x" * 2001):
        assert_refused(ben.vote(name, "reject", comment=comment), 422)
    path = f"/campaigns/{slug}/validate"
    for rating in ("101", "-1", "NaN", "1e2", "5.5", DIGITS, UNION, "５"):
        assert_refused(ben.submit(path, annotation=name, rating=rating), 422)
    for reason in ("0", "2", "-1", "Not shown", DIGITS, UNION):
        answer = ben.submit(path, annotation=name, verdict="reject", reason=reason)
        assert_refused(answer, 422)
    for other in ("nothing", UNION, "", DIGITS, f"{name}#by-x"):
        assert_refused(ben.submit(path, annotation=other, verdict="approve"), 404)
    elsewhere = site.campaign()
    site.visitor("ben").start(elsewhere)
    wrong = ben.submit(f"/campaigns/{elsewhere}/validate", annotation=name, verdict="approve")
    assert_refused(wrong, 404)
    assert site.last() == before + 2, "but for the new campaign and Ben's consent"
    assert ben.vote(name, "reject", reason="Not shown").status_code == 200


def test_what_takes_long_is_watched_and_stopped_by_whoever_began_it(site: World) -> None:
    slug = site.campaign()
    ben, ada = (site.visitor(name).start(slug) for name in ("ben", "ada"))
    names, before = [f"nothing-{number}" for number in range(101)], site.last()
    path = f"/campaigns/{slug}/validate/term"
    job = ben.submit(path, iri=FARMS, annotation=names, verdict="approve").headers["Location"]
    assert job.startswith("/jobs/")
    assert ben.get(job).status_code == 200
    for other in (ada, site.visitor()):
        assert other.get(job).status_code in (401, 403)
        assert other.submit(f"{job}/stop").status_code in (401, 403)
        assert other.get("/jobs/nothing").status_code in (401, 403)
    assert site.visitor("olga").get(job).status_code == 200
    assert ben.submit(f"{job}/stop").status_code == 303
    assert site.last() == before


# --- numbers and names in addresses ---------------------------------------------------------------


@pytest.mark.parametrize("number", [DIGITS, "0", "-1", "1e9", "%D9%A1", "1" * 10])
def test_numbers_that_nothing_has_are_not_found(site: World, number: str) -> None:
    ben = site.visitor("ben")
    slug, item = site.campaign(), kind_site.item(site)
    ben.start(slug)
    about = "property=http://purl.org/dc/elements/1.1/subject&value=x"
    for path, status in (
        (f"/images/{item}/{number}", 404), (f"/images/{item}/{number}/info", 404),
        (f"/images/{item}/{number}/iiif/info.json", 404), (f"/media/{item}/{number}", 404),
        (f"/campaigns/comparison/items/{kind_site.item(site)}/pairs/{number}/x/left", 404),
        (f"/campaigns/{slug}/validate/next?limit={number}", 200),
        (f"/campaigns/{slug}/values/one?task={number}&{about}", 404),
        (f"/campaigns/{slug}/values/one?task=1&{about}&lang=en-a", 404),
        (f"/account/visit?before={number}", 200),
    ):  # fmt: skip
        answer = ben.get(path)
        assert answer.status_code == status, (path[:80], answer.status_code)
    assert ben.submit(f"/undo/{number}").status_code == 404


def test_an_own_question_needs_no_vocabulary_to_be_safe(site: World) -> None:
    """A task whose vocabularies are gone offers nothing, and takes nothing."""
    question = {"en": "Which?"}
    slug = site.campaign(tasks=(Task(1, "", question, (), kind=CH.SemanticTag.value),))
    ada, before = site.visitor("ada").start(slug), site.last()
    for term in (FARMS, UNION, ""):
        answer = ada.propose(slug, site.item(0), term)
        assert 400 <= answer.status_code < 500
    assert site.last() == before + 1 or site.last() == before


def test_a_notice_takes_any_address_that_a_header_names(site: World) -> None:
    slug = site.campaign()
    ada = site.visitor("ada").start(slug)
    form = {"csrf": ada.token(), "task": "1", "body": FARMS}
    path = f"/campaigns/{slug}/items/{site.item(0)}/annotations"
    for address in ("http://[", "http://[x]/", "x:////example.org/", "javascript:alert(1)", ""):
        headers = ada.origin | {"HX-Request": "true", "HX-Current-URL": address}
        answer = ada.post(path, data=form, headers=headers)
        assert answer.status_code == 200, answer.text
        assert_inert(answer)


def test_cookies_are_never_kept_with_what_is_public(site: World) -> None:
    """An ended session's cookie is taken away, also by the answer that is a public picture."""
    path = f"/images/{kind_site.item(site)}?size=400"
    assert site.visitor().get(path).headers["Cache-Control"].startswith("public")
    late = site.visitor()
    late.cookies.set("session", "of-old-times")
    answer = late.get(path)
    assert "session=;" in answer.headers["Set-Cookie"]
    assert answer.headers["Cache-Control"] == "no-store"
