"""EDM in RDF/XML as it really arrives: mended on the XML tree, so that a strict parser takes it.

Every mend is said in words. The tree is read without DTDs, entities or network, and with libxml2's
own limits on depth and text length.
"""

import re
from collections.abc import Callable

from lxml import etree

from server.formats.iris import absolute, encode, is_valid
from server.i18n import _

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ABOUT, _RESOURCE, _DESCRIPTION = f"{{{RDF}}}about", f"{{{RDF}}}resource", f"{{{RDF}}}Description"
_DATATYPE, _LANG = f"{{{RDF}}}datatype", f"{{{_XML}}}lang"
_PREFIXED = {"about": _ABOUT, "resource": _RESOURCE, "datatype": _DATATYPE, "lang": _LANG}
_IRIS = (_ABOUT, _RESOURCE, _DATATYPE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?")


def find(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"rdf": RDF, "xsi": _XSI}, smart_strings=False)


_ATTRIBUTES = find(f"//@*[namespace-uri()='' or namespace-uri()='{_XSI}']/..")
_ADDRESSES = find("//@rdf:about | //@rdf:resource | //@rdf:datatype")
_LANGUAGES = find("//@xml:lang")
_LINK_WITH_TEXT = find("//*[@rdf:resource][text()[normalize-space()] or *]")
_ABOUT_ON_PROPERTY = find("/*/*/*[@rdf:about][not(*)]")
_MIXED = find("/*/*/*[*][text()[normalize-space()]][not(@rdf:parseType)]")
_STRAY_TEXT = find("/*/text()[normalize-space()] | /*/*/text()[normalize-space()]")
_BARE = find("/*/*[namespace-uri()=''] | /*/*/*[namespace-uri()='']")
_NODES = find("*[@rdf:about]")
#: The IRIs of a resource and of the items that it belongs to.
ABOUT_WHOM = find(
    "@rdf:about | *[local-name()='aggregatedCHO' or local-name()='proxyFor']/@rdf:resource"
)

Say = Callable[[etree._Element, str], None]


def mend(root: etree._Element, say: Say) -> None:
    """Mend an `rdf:RDF` element in place, saying each mend with the element it was made at."""
    _hoist(root, say)
    for element in _ATTRIBUTES(root):
        _mend_attributes(element, say)
    for element in _BARE(root):
        say(element, _("An element without namespace was left out: {name}.", name=element.tag))
        _remove(element)
    for element in _ABOUT_ON_PROPERTY(root):
        element.set(_RESOURCE, element.attrib.pop(_ABOUT))
        say(element, _("{name} had rdf:about instead of rdf:resource.", name=_name(element)))
    for element in _LINK_WITH_TEXT(root):
        _keep_link(element, say)
    for element in _MIXED(root):
        element_text = "".join(element.itertext())
        for child in list(element):
            element.remove(child)
        element.text = element_text
        say(element, _("Markup within {name} was taken as text.", name=_name(element)))
    _drop_stray_text(root, say)
    if any(encode(iri) != iri or not is_valid(iri) for iri in set(_ADDRESSES(root))):
        _mend_addresses(root, say)
    if any(not _LANGUAGE.fullmatch(tag) for tag in set(_LANGUAGES(root))):
        _mend_languages(root, say)


def subject(element: etree._Element) -> str | None:
    """The N-Triples token of the resource that an element stands in, as the parser will see it."""
    while (parent := element.getparent()) is not None and parent.getparent() is not None:
        element = parent
    about = element.get(_ABOUT)
    return None if about is None else f"<{absolute(about)}>"


def _hoist(root: etree._Element, say: Say) -> None:
    """Lift resources out of an `rdf:Description` that wraps them, as some mapping tools write."""
    for wrapper in root.findall(_DESCRIPTION):
        if not _NODES(wrapper):
            continue
        nodes = [child for child in wrapper if etree.QName(child).localname[:1].isupper()]
        place = root.index(wrapper)
        root[place + 1 : place + 1] = nodes
        if len(wrapper) == 0:
            root.remove(wrapper)
        for node in nodes[:1]:
            say(node, _("An rdf:Description that wraps the whole record was taken away."))


def _mend_attributes(element: etree._Element, say: Say) -> None:
    for name, value in element.attrib.items():
        if name.startswith(f"{{{_XSI}}}"):
            del element.attrib[name]
        elif not name.startswith("{"):
            del element.attrib[name]
            right = _PREFIXED.get(name)
            if right and value and right not in element.attrib:
                element.set(right, value)
            say(element, _("The attribute {name} had no namespace prefix.", name=name))


def _keep_link(element: etree._Element, say: Say) -> None:
    """A property with both a link and text keeps the link, unless that is empty."""
    children = list(element)
    if not element.get(_RESOURCE, "").strip() and element.text and not children:
        del element.attrib[_RESOURCE]
        say(element, _("{name} had an empty link beside its text.", name=_name(element)))
        return
    for child in children:
        element.remove(child)
    element.text = None
    for name in (_LANG, _DATATYPE):
        element.attrib.pop(name, None)
    say(element, _("{name} had both a link and text; the link was kept.", name=_name(element)))


def _drop_stray_text(root: etree._Element, say: Say) -> None:
    if not _STRAY_TEXT(root):
        return
    for element in [root, *root]:
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            say(element, _("Text that stood between elements was left out."))
        element.text = None
        for child in element:
            child.tail = None


def _mend_addresses(root: etree._Element, say: Say) -> None:
    for element in list(root.iter(etree.Element)):
        for name in _IRIS:
            iri = element.get(name)
            if iri is None or ((mended := encode(iri)) == iri and is_valid(iri)):
                continue
            if is_valid(mended):
                element.set(name, mended)
                say(element, _("Spaces or other forbidden characters in an address were mended."))
            else:
                say(element, _("“{iri}” is no address; it was left out.", iri=iri[:60]))
                del element.attrib[name]
                if name == _RESOURCE:
                    _remove(element)
                    break


def _mend_languages(root: etree._Element, say: Say) -> None:
    for element in root.iter(etree.Element):
        tag = element.get(_LANG)
        if tag is None or _LANGUAGE.fullmatch(tag):
            continue
        better = tag.strip().replace("_", "-")
        if _LANGUAGE.fullmatch(better):
            element.set(_LANG, better)
            say(
                element,
                _("The language “{tag}” was written as “{better}”.", tag=tag, better=better),
            )
            continue
        del element.attrib[_LANG]
        if tag:
            say(element, _("“{tag}” is no language; it was left out.", tag=tag[:40]))
        else:
            say(element, _("An empty xml:lang was left out."))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _name(element: etree._Element) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local
