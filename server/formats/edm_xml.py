"""EDM in RDF/XML: the strict parser first, else the repaired tree; also in an OAI-PMH envelope."""

import io
from collections.abc import Callable, Iterator

import pyoxigraph as ox
from lxml import etree

from server.errors import Malformed
from server.formats import checks, edm_repair
from server.formats.closures import ITEM, TYPE, Source, has_item, records
from server.formats.iris import absolute
from server.formats.records import Record, Unreadable
from server.formats.statements import Statements
from server.i18n import _

_XML = ox.RdfFormat.RDF_XML
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_ROOT = f"{{{edm_repair.RDF}}}RDF"
#: Makes the empty statements of a file, given its bytes.
Begin = Callable[[bytes], Statements]


def read(file: str, data: bytes, base: str, begin: Begin) -> Iterator[Record | Unreadable]:
    """The records of one XML file; Malformed or TooLarge where it cannot be read as a whole."""
    data, converted = checks.as_utf8(data)
    checks.refuse_dtd(data)
    checks.refuse_nul(data)
    checks.refuse_long(data, b"<")
    source = Source(file, base, None, (converted,) if converted else ())
    if not checks.is_rdf(data):
        yield from _enveloped(begin, data, source)
        return
    try:
        if checks.may_hold_dtd(data):
            raise SyntaxError
        statements = begin(data)
        statements.add(data, _XML, check=lambda: checks.tree(data))
        if not _is_as_meant(statements):
            raise SyntaxError
    except SyntaxError:
        checks.refuse_bad_utf8(data)
        statements = _repaired(begin, checks.tree(data))
    yield from records(statements, source)


def _is_as_meant(statements: Statements) -> bool:
    """False where valid RDF/XML may say something else than was meant: a property with rdf:about
    is an empty text, and a wrapped item is a property."""
    return has_item(statements) and not statements.empty


def _repaired(begin: Begin, root: etree._Element) -> Statements:
    """The statements of an `rdf:RDF` element after all mends; resources that still fail refuse
    the records that they are part of."""
    said: list[tuple[str | None, str]] = []
    edm_repair.mend(root, lambda element, text: said.append((edm_repair.subject(element), text)))
    data = etree.tostring(root)
    statements = begin(data)
    try:
        statements.add(data, _XML)
    except SyntaxError:
        statements = begin(data)
        _add_each(statements, root)
    for subject, text in said:
        statements.say(_mended(statements, subject), text)
    return statements


def _add_each(statements: Statements, root: etree._Element) -> None:
    """Each resource on its own; one that fails refuses the items that it is or speaks of."""
    for element in list(root):
        root.remove(element)
        alone = etree.Element(_ROOT, nsmap=root.nsmap)
        alone.append(element)
        try:
            statements.add(etree.tostring(alone), _XML)
        except SyntaxError as error:
            reason = _("Line {line}: {fault}.", line=element.sourceline, fault=str(error))
            for iri in edm_repair.ABOUT_WHOM(element):
                subject = _mended(statements, f"<{absolute(iri)}>")
                statements.refusals.setdefault(subject, reason)
                if etree.QName(element).localname == "ProvidedCHO":
                    statements.lines.append(f"{subject} {TYPE} {ITEM} .")


def _mended(statements: Statements, subject: str | None) -> str:
    if subject is None:
        return ""
    iri, _mend = statements.addresses.mend(subject[1:-1])
    return f"<{iri}>"


def _enveloped(begin: Begin, data: bytes, source: Source) -> Iterator[Record | Unreadable]:
    """The `rdf:RDF` elements within an OAI-PMH answer or any other envelope."""
    found = False
    parsing = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=(_ROOT, f"{_OAI}header"), resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _event, element in parsing:
            found = True
            at = Source(source.file, source.base, element.sourceline, source.mends)
            yield from _part(begin, element, at)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise checks.not_well_formed(error) from error
    if not found:
        raise Malformed(_("There is no rdf:RDF element in it."))


def _part(begin: Begin, element: etree._Element, source: Source) -> Iterator[Record | Unreadable]:
    if element.tag == f"{_OAI}header":
        if element.get("status") == "deleted":
            reason = _("Its source has deleted this record.")
            yield Unreadable(
                source.file, source.line, reason, element.findtext(f"{_OAI}identifier")
            )
        return
    data = etree.tostring(element, with_tail=False)
    statements = begin(data)
    try:
        statements.add(data, _XML)
        if not _is_as_meant(statements):
            raise SyntaxError
    except SyntaxError:
        statements = _repaired(begin, checks.tree(data))
    yield from records(statements, source)
