"""What our contributions become at Europeana, and the identifiers of items there."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from server.domain import europeana_kinds
from server.domain.annotation_contents import Content
from server.domain.europeana_items import Cache
from server.domain.europeana_kinds import Said
from server.formats import europeana_annotations as form
from server.formats import europeana_answers
from server.formats.europeana_annotations import Unsendable
from server.formats.europeana_items import item_iri
from tests.europeana_server import Refusal, validate

ITEM = "http://data.europeana.eu/item/09102/_UEDIN_214"
OTHER = "http://data.europeana.eu/item/123/xyz"
PICTURE = "http://pictures.example.org/1.jpg"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
ME = "http://here.example.org/annotation/1"
PREFIXES = """
@prefix ch: <https://w3id.org/crowdheritage/ns#> . @prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix edm: <http://www.europeana.eu/schemas/edm/> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@base <http://here.example.org/annotation/1> .
"""
WHOLE = "oa:hasTarget <#target> . <#target> oa:hasSource <http://here.example.org/item/1> ."
PART = (
    "oa:hasTarget <#target> . <#target> oa:hasScope <http://here.example.org/item/1> ; "
    f"oa:hasSource <{PICTURE}> ."
)
AAT = "http://vocab.getty.edu/aat/300015050"
TERM = f"oa:hasBody <{AAT}>"
TEXT = 'oa:hasBody <#body> . <#body> rdf:value "Een schip"@nl . <>'
FULL_TEXT = {
    "type": "FullTextResource", "language": "nl", "format": "text/plain", "value": "Een schip",
    "edmRights": "http://creativecommons.org/publicdomain/zero/1.0/",
}  # fmt: skip
SCOPED = {"scope": ITEM, "source": PICTURE}
TAG = {"type": "TextualBody", "value": "Een schip", "language": "nl"}
POINT = {
    "@context": "http://www.europeana.eu/schemas/context/entity.jsonld", "type": "Place",
    "lat": "52.1", "long": "4.3",
}  # fmt: skip
ALIKE = "edm:isSimilarTo"


def similar(other: str) -> dict[str, Any]:
    context = "http://www.europeana.eu/schemas/context/edm.jsonld"
    return {"@graph": {"@context": context, "id": ITEM, "isSimilarTo": other}}


class Nobody(Cache):
    """Knows no item of ours."""

    def __init__(self) -> None: ...

    def iri(self, item: str) -> str:
        return ""


def said(turtle: str, rights: str = CC0) -> Said:
    triples = list(parse(f"{PREFIXES}\n<> {turtle}", RdfFormat.TURTLE))
    about = [(cast(NamedNode, t.subject), t.predicate, t.object) for t in triples]
    content = Content.read(ME, about)
    kind = next(t.object.value for t in triples if t.predicate.value.endswith("ns#kind"))  # type: ignore[union-attr]
    return Said(kind, content, ITEM, rights, Nobody())


@pytest.mark.parametrize(
    ("turtle", "motivation", "body", "target"),
    [
        (f"ch:kind ch:SemanticTag ; {TERM} ; {WHOLE}", "tagging", AAT, ITEM),
        (f"ch:kind ch:ColourTag ; {TERM} ; {WHOLE}", "tagging", AAT, ITEM),
        (f"ch:kind ch:TextSpan ; {TERM} ; {WHOLE}", "tagging", AAT, ITEM),
        (f"ch:kind ch:FreeTag ; {TEXT} {WHOLE}", "tagging", TAG, ITEM),
        (f"ch:kind ch:Place ; {TERM} ; {WHOLE}", "tagging", AAT, ITEM),
        ("ch:kind ch:Place ; oa:hasBody <#body> . <#body> a edm:Place ; wgs84:lat 52.1 ; "
         f"wgs84:long 4.3 . <> {WHOLE}", "tagging", POINT, ITEM),
        (f"ch:kind ch:Region ; {TERM} ; {PART}", "tagging", AAT, SCOPED),
        (f"ch:kind ch:Region ; {TEXT} {PART}", "tagging", TAG, SCOPED),
        (f"ch:kind ch:Transcription ; {TEXT} {WHOLE}", "transcribing", FULL_TEXT, ITEM),
        (f"ch:kind ch:Transcription ; {TEXT} {PART}", "transcribing", FULL_TEXT, SCOPED),
        (f"ch:kind ch:Translation ; {TEXT} {WHOLE}", "translating", FULL_TEXT, ITEM),
        (f"ch:kind ch:Correction ; ch:field dc:description ; {TEXT} {WHOLE}",
         "describing", TAG, ITEM),
        (f"ch:kind ch:Link ; ch:relation dcterms:isPartOf ; oa:hasBody <{OTHER}> ; {WHOLE}",
         "linking", None, [ITEM, OTHER]),
        (f"ch:kind ch:Link ; ch:relation {ALIKE} ; oa:hasBody <{OTHER}> ; {WHOLE}",
         "linking", similar(OTHER), ITEM),
        (f"ch:kind ch:Link ; ch:relation {ALIKE} ; oa:hasBody <https://example.org/a> ; {WHOLE}",
         "linking", similar("https://example.org/a"), ITEM),
        (f"ch:kind <urn:own> ; oa:motivatedBy oa:tagging ; {TERM} ; {WHOLE}", "tagging", AAT, ITEM),
        (f"ch:kind <urn:own> ; oa:motivatedBy oa:describing ; {TEXT} {WHOLE}",
         "describing", TAG, ITEM),
    ],
)  # fmt: skip
def test_each_kind_becomes_what_the_table_says(
    turtle: str, motivation: str, body: Any, target: Any
) -> None:
    draft = europeana_kinds.draft(said(turtle))
    assert (draft.motivation, draft.body, draft.target) == (motivation, body, target)
    made = form.annotation(draft, {"canonical": ME, "via": ME, "created": "2026-11-22T10:00:00Z"})
    validate(made)


@pytest.mark.parametrize(
    ("turtle", "code"),
    [
        (f"ch:kind ch:Comment ; {TEXT} {WHOLE}", "comment"),
        (f"ch:kind ch:Comparison ; {TERM} ; {WHOLE}", "comparison"),
        (f"ch:kind ch:Question ; oa:hasBody ch:Yes ; {WHOLE}", "question"),
        (f"ch:kind ch:Correction ; ch:field dc:title ; {TEXT} {WHOLE}", "correction"),
        (f"ch:kind ch:Translation ; {WHOLE}", "rating"),
        (f"ch:kind ch:Region ; oa:bodyValue 'nice' ; {PART}", "comment"),
        (f"ch:kind ch:Place ; oa:hasBody ch:Unidentified ; {WHOLE}", "no place"),
        (f"ch:kind ch:SemanticTag ; oa:hasBody <urn:term:1> ; {WHOLE}", "no web"),
        (f"ch:kind ch:Link ; ch:relation dcterms:relation ; oa:hasBody <https://example.org/> ; "
         f"{WHOLE}", "relation"),
        (f"ch:kind ch:Link ; ch:relation dcterms:relation ; oa:hasBody <{ITEM}> ; {WHOLE}",
         "itself"),
        (f"ch:kind <urn:own> ; oa:motivatedBy oa:bookmarking ; {TERM} ; {WHOLE}", "kind"),
        (f"ch:kind ch:Transcription ; oa:hasBody <#body> . <#body> rdf:value 'x' . <> {WHOLE}",
         "language"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_says_why(turtle: str, code: str) -> None:
    with pytest.raises(Unsendable) as why:
        europeana_kinds.draft(said(turtle))
    assert why.value.code == code


def test_texts_need_a_licence_that_europeana_takes() -> None:
    turtle = f"ch:kind ch:Transcription ; {TEXT} {WHOLE}"
    with pytest.raises(Unsendable) as why:
        europeana_kinds.draft(said(turtle, "https://example.org/licence"))
    assert why.value.code == "rights"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 65, "long"), ("\U0001f3fa" * 33, "long"), ("https://example.org", "address"),
        ("FTP://example.org", "address"), ("www.example.org", "address"), ('" "', "empty"),
    ],
)  # fmt: skip
def test_a_tag_that_the_api_refuses_is_not_sent(text: str, code: str) -> None:
    with pytest.raises(Unsendable) as why:
        form.tag(text, "en")
    assert why.value.code == code


@pytest.mark.parametrize("text", ["x" * 64, "\U0001f3fa" * 32, "ship: a model", "“church”"])
def test_a_tag_of_at_most_64_characters_is_sent(text: str) -> None:
    assert form.tag(text, "en") == {"type": "TextualBody", "value": text, "language": "en"}


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("http://data.europeana.eu/item/09102/_UEDIN_214", ITEM),
        ("https://data.europeana.eu/item/09102/_UEDIN_214", ITEM),
        ("http://data.europeana.eu/proxy/provider/09102/_UEDIN_214", ITEM),
        ("http://data.europeana.eu/aggregation/europeana/09102/_UEDIN_214", ITEM),
        ("https://www.europeana.eu/item/09102/_UEDIN_214", ITEM),
        ("https://www.europeana.eu/en/item/09102/_UEDIN_214?q=x#y", ITEM),
        ("http://www.europeana.eu/portal/record/09102/_UEDIN_214.html", ITEM),
        ("https://www.europeana.eu/portal/nl/record/09102/_UEDIN_214.html", ITEM),
        (" /09102/_UEDIN_214 ", ITEM),
        ("09102/_UEDIN_214", None),
        ("/objects/214", None),
        ("http://data.europeana.eu/item/09102", None),
        ("http://data.europeana.eu/agent/base/146951", None),
        ("http://data.europeana.eu.example.org/item/09102/_UEDIN_214", None),
        ("http://example.org/?http://data.europeana.eu/item/09102/x", None),
        ("http://data.europeana.eu/item/09102/../x", None),
        ("http://data.europeana.eu/item/09102/x y", None),
        ("", None),
    ],
)
def test_an_item_of_europeana_is_known_by_its_addresses(text: str, iri: str | None) -> None:
    assert item_iri(text) == iri


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<html>", b"[]", b"null", b"{}", b'{"id": 7}', b'{"id": "http://evil.example/1"}',
        b'{"id": "http://data.europeana.eu/annotation/1/../../x"}', b"\xff\xfe", b"[" * 100_000,
    ],
)  # fmt: skip
def test_an_answer_that_is_no_annotation_is_none(data: bytes) -> None:
    with pytest.raises(europeana_answers.Malformed):
        europeana_answers.remote(data)


def test_words_of_strangers_come_as_one_short_line() -> None:
    said = europeana_answers.reason(b'{"error": "a\\u202eb\\nc", "message": "%s"}' % (b"x" * 999))
    assert said.startswith("a b c – xxx")
    assert len(said) == 300


REFUSED = {
    "annotation.json",  # has an identifier
    "translation-coypright.json", "web_resource_without_body_language.json",
    "dereferenced_semantictag_mozart_entity.json",  # on no item
}  # fmt: skip


def test_the_server_of_these_tests_takes_what_europeanas_own_tests_send(shared_data: Path) -> None:
    files = sorted((shared_data / "europeana-annotations").rglob("*.json"))
    assert len(files) > 30
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
        for each in found.get("items", [found]):
            if "id" in each:
                continue
            if path.name in REFUSED:
                with pytest.raises(Refusal):
                    validate(each)
            else:
                validate(each)
