"""Many terms at once: a list of IRIs that is pasted, or a table that is uploaded."""

from contextlib import closing
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    jobs,
    made_vocabularies,
    permissions,
    term_copies,
    term_table_reading,
    term_tables,
    texts,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.jobs import Job
from server.domain.term_copies import Pasted
from server.domain.term_table_reading import Table
from server.errors import Invalid, Malformed, Problem, TooLarge
from server.i18n import _, ngettext
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import desk, language, now, path, person, see_other, viewer

#: Tables that are brought in while one waits, in bytes; a list, in terms.
_SMALL = 50_000
_FEW = 200


@dataclass(frozen=True, slots=True)
class AddForm:
    iris: str = ""
    lenient: bool = False
    unknown: list[tuple[str, str]] = field(default_factory=list)
    known: int = 0


def form(request: Request) -> Response:
    _organiser(request)
    made_vocabularies.require(desk(request), path(request, "slug"))
    return _page(request, AddForm())


@posted
def add(request: Request, given: Form) -> Response:
    organiser = _organiser(request)
    made_vocabularies.require(desk(request), path(request, "slug"))
    files = given.files("file")
    shown = AddForm(given.get("iris"), given.flag("lenient"))
    try:
        if files:
            return _table(request, organiser, given)
        if not shown.iris.strip():
            message = _("Paste IRIs, or choose a file.")
            raise Invalid(message, (Problem("iris", message),))
        return _list(request, organiser, shown, given.get("then"))
    except _Refused as refused:
        return _page(request, refused.form, {"": str(refused)})
    except Invalid as error:
        return _page(request, shown, _errors(error), error)
    except (Malformed, TooLarge) as error:
        return _page(request, shown, {"file": str(error)})


class _Refused(Exception):
    """Something in a list or table cannot be taken; the form says what."""

    def __init__(self, message: str, form: AddForm) -> None:
        super().__init__(message)
        self.form = form


def _list(request: Request, organiser: Person, shown: AddForm, then: str) -> Response:
    opened, slug, when = desk(request), path(request, "slug"), now()
    pasted = term_copies.understand(opened, slug, shown.iris)
    if pasted.unknown and then != "known":
        raise _Refused(*_unknown(shown, pasted))

    def work(job: Job) -> str:
        job.tell("terms", 0, len(pasted.terms))
        term_copies.add(opened, organiser, slug, pasted.terms, now=when)
        return f"/vocabularies/{slug}?added={len(pasted.terms)}"

    return _done(request, work, len(pasted.terms) > _FEW)


def _unknown(shown: AddForm, pasted: Pasted) -> tuple[str, AddForm]:
    message = ngettext(
        "One line cannot be taken; nothing was stored.",
        "{count} lines cannot be taken; nothing was stored.",
        len(pasted.unknown),
    )
    return message, AddForm(shown.iris, shown.lenient, pasted.unknown, len(pasted.terms))


def _table(request: Request, organiser: Person, given: Form) -> Response:
    opened, slug, when = desk(request), path(request, "slug"), now()
    upload, lenient = given.files("file")[0], given.flag("lenient")
    kept = term_table_reading.keep(opened, upload.filename or "", upload.file)

    def work(job: Job) -> str:
        table = term_table_reading.read(
            opened, organiser, slug, kept, progress=job.tell, stop=job.stopping.is_set
        )
        with closing(table):
            if not lenient:
                _require_sound(table)
            count = term_tables.apply(
                opened, organiser, slug, table, now=when, lenient=lenient, progress=job.tell
            )
        return f"/vocabularies/{slug}?added={count}"

    return _done(request, work, kept.stat().st_size > _SMALL)


def _require_sound(table: Table) -> None:
    if not table.faults:
        return
    message = ngettext(
        "One line of the table is faulty; nothing was stored.",
        "{count} lines of the table are faulty; nothing was stored.",
        table.faulty,
    )
    lines = (_("Line {line}: {reason}", line=line, reason=why) for line, why in table.faults)
    raise Invalid(message, tuple(Problem("file", line) for line in lines))


def _done(request: Request, work: jobs.Work, in_background: bool) -> Response:
    title = _("Adding terms")
    if not in_background:
        return see_other(work(Job(title)))
    return see_other(f"/jobs/{jobs.of(desk(request)).start(Job(title), work).id}")


def _page(
    request: Request, shown: AddForm, errors: dict[str, str] | None = None,
    error: Invalid | None = None,
) -> Response:  # fmt: skip
    vocabulary = vocabularies.get_vocabulary(desk(request), viewer(request), path(request, "slug"))
    return page(
        request,
        "vocabularies/make_add.html",
        status_code=422 if errors else 200,
        vocabulary={
            "slug": vocabulary.slug,
            "title": texts.choose(vocabulary.title, language(), vocabulary.slug),
        },
        form=shown,
        problems=[one.message for one in error.problems if one.field != "iris"] if error else [],
        errors=errors or {},
    )


def _errors(error: Invalid) -> dict[str, str]:
    beside = {one.field: one.message for one in error.problems if one.field == "iris"}
    return beside or {"": str(error)}


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


routes = [
    Route("/vocabularies/{slug}/terms/add", form),
    Route("/vocabularies/{slug}/terms/add", add, methods=["POST"]),
]
