"""The sample collections: what each is called, and the file that a curator would have."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
#: Campaigns as Turtle with IRIs relative to the base IRI, in the order in which they are made.
CAMPAIGNS = tuple(
    FOLDER / "campaigns" / f"{slug}.ttl"
    for slug in (
        "painted-vessels",
        "colours-of-woven-cloth",
        "posters-of-the-seaside",
        "posters-up-close",
        "labels-in-other-words",
        "image-comparison",
    )
)
#: The campaigns whose accepted annotations are published: a closed one and two open ones.
PUBLISHED = ("painted-vessels", "colours-of-woven-cloth", "posters-up-close")


@dataclass(frozen=True, slots=True)
class Sample:
    """One collection; `file` is CSV or RDF/XML."""

    slug: str
    title: str
    description: str
    file: Path


SAMPLES = (
    Sample(
        "woven-patterns",
        "Woven patterns",
        "Stripes, checks, ikats, embroideries and carpets from many countries. The records were"
        " written for this demonstration from public facts; the pictures are drawings.",
        FOLDER / "woven-patterns.csv",
    ),
    Sample(
        "travel-posters",
        "Posters of the seaside and the mountains",
        "Travel posters from 1896 to the 1930s. The records were written for this demonstration"
        " from public facts; the pictures are drawings and no reproductions.",
        FOLDER / "travel-posters.csv",
    ),
    Sample(
        "painted-vessels",
        "Painted vessels and tiles",
        "From the Dipylon amphora to the tiles of Lisbon. The records were written for this"
        " demonstration from public facts; the pictures are drawings.",
        FOLDER / "painted-vessels.rdf",
    ),
    Sample(
        "restored-postcards",
        "Restored postcards",
        "Three postcards that there never were: a faded scan of each, and the colours that three"
        " made-up programs gave it. Everything was drawn for this demonstration.",
        FOLDER / "restored-postcards.rdf",
    ),
)
