"""Small vocabularies as Turtle files, written by the tests of loading."""

from pathlib import Path

SCHEME = "http://things.example.org/"
_HEAD = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix : <{SCHEME}> .
"""


def iri(name: str | int) -> str:
    return f"{SCHEME}{name}"


def concept(name: str | int, label: str, more: str = "") -> str:
    """`more` is Turtle that begins with a semicolon."""
    return f':{name} a skos:Concept ; skos:prefLabel "{label}"@en ; skos:inScheme :s {more} .\n'


def write(path: Path, *concepts: str, title: str = "Things", scheme: str = "") -> Path:
    head = _HEAD.replace(SCHEME, scheme) if scheme else _HEAD
    said = f':s a skos:ConceptScheme ; dct:title "{title}"@en .\n'
    path.write_text(head + said + "".join(concepts), encoding="utf-8")
    return path
