"""What the six people, and two made-up programs, answer to questions of every kind: plain data.

In the values of a form, `term:ships` is a term of `terms`, `value:dc:title@fr` the French title of
the record, `choice:2` the second answer that the question names, `item:calvi-1928` another record.
"""

# One answer on one line, like a table.
# ruff: noqa: E501

from dataclasses import dataclass, field

from server.demo.contributions import VERDICTS, Verdict

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """To a task, about a record (by its identifier): the values of the form, who, and the votes.

    `by` is a person's key, or a program's name; then `confidence` is 0..1.
    """

    campaign: str
    record: str
    task: int
    by: str
    values: dict[str, str]
    votes: tuple[tuple[str, Verdict], ...] = ()
    confidence: float = 1.0


@dataclass(slots=True)
class _Sheet:
    """The answers of one campaign, as they are put down below."""

    campaign: str
    answers: list[Answer] = field(default_factory=list)

    def __call__(
        self, record: str, task: int, by: str, votes: str = "", sure: float = 1.0, /,
        box: Box | None = None, **values: str | int,
    ) -> None:  # fmt: skip
        """`box` is a part of the drawing, in pixels; `text_lang` is the field `text-lang`."""
        form = {name.replace("_", "-"): str(value) for name, value in values.items()}
        if box:
            sides = zip(("x", "y", "width", "height"), box, strict=True)
            form |= {f"selector-{side}": str(each) for side, each in sides}
            form |= {"selector-image": "1", "selector-unit": "pixel"}
        cast = tuple((vote[0], VERDICTS[vote[1]]) for vote in votes.split())
        self.answers.append(Answer(self.campaign, record, task, by, form, cast, sure))


#: Programs by the names that the answers use: what they are called, and their version.
PROGRAMS = {"palette": ("Palette", "1.0"), "reader": ("Label reader", "0.3")}

# fmt: off
up_close = _Sheet("posters-up-close")
_WHERE, _REGION, _COLOUR, _WORDS, _TAG, _MORE = 1, 2, 3, 4, 5, 6

up_close("skegness-1908", _COLOUR, "palette", "M+ T+", 0.94, colour="term:blue", share=48)
up_close("skegness-1908", _COLOUR, "palette", "A+", 0.71, colour="term:yellow", share=9)
up_close("rimini-1922", _COLOUR, "palette", "R+ N+", 0.88, colour="term:red", share=17)
up_close("rimini-1922", _COLOUR, "palette", "J- M-", 0.41, colour="term:brown", share=6)
up_close("norway-midnight", _COLOUR, "palette", "N+ A+", 0.9, colour="term:violet", share=41)
up_close("davos-1914", _COLOUR, "palette", "", 0.63, colour="term:grey", share=22)
up_close("cabourg-1896", _COLOUR, "palette", "", 0.57, colour="term:green", share=35)
up_close("zermatt-1908", _COLOUR, "palette", "T- J-", 0.38, colour="term:pink", share=4)

up_close("skegness-1908", _WHERE, "R", "M+ T+", place="term:Skegness")
up_close("zermatt-1908", _WHERE, "J", "A+ M+", place_lat="45.9763", place_long="7.6586", place_accuracy=500)
up_close("calvi-1928", _WHERE, "N", "T+", place_lat="42.5687", place_long="8.7621", place_accuracy=500)
up_close("forth-bridge-1928", _WHERE, "R", "A+ J+", place_lat="56.0004", place_long="-3.3887", place_accuracy=500)
up_close("menton-1890s", _WHERE, "N", "M+", place="term:Menton")
up_close("east-coast-1931", _WHERE, "A", "R- T?", place="https://w3id.org/crowdheritage/ns#NotIdentifiable")

up_close("skegness-1908", _REGION, "M", "T+ A+", box=(175, 170, 430, 515), term="term:fishermen")
up_close("skegness-1908", _REGION, "T", "J+", box=(310, 160, 160, 90), tag="yellow sou'wester", tag_lang="en")
up_close("red-star-1899", _REGION, "J", "M+ R+", box=(115, 385, 550, 285), term="term:steamships")
up_close("red-star-1899", _REGION, "A", "N+", box=(120, 660, 130, 150), term="term:sailboats")
up_close("east-coast-frolics", _REGION, "A", "T+ N+", box=(595, 160, 95, 320), term="term:lighthouses")
up_close("calvi-1928", _REGION, "R", "M-", box=(40, 180, 250, 320), term="term:castles")
up_close("monaco-1897", _REGION, "N", "", box=(55, 160, 440, 480), comment="A wreath of roses and carnations, not of laurel. Or are they cherry blossoms?")

up_close("skegness-1908", _COLOUR, "T", "R+", colour="term:blue", share=50)
up_close("menton-1890s", _COLOUR, "M", "N+ J+", colour="term:blue", share=30)
up_close("menton-1890s", _COLOUR, "N", "M-", colour="term:purple", share=20)
up_close("zermatt-1908", _COLOUR, "A", "J+ R+", colour="term:orange", share=25)

up_close("zermatt-1908", _WORDS, "J", "A+", text="ZERMATT", text_lang="de")
up_close("cabourg-1896", _WORDS, "N", "M+ T+", text="CABOURG\nÀ 5 HEURES DE PARIS", text_lang="fr")
up_close("norway-midnight", _WORDS, "R", "A+ J+", text="NORWAY\nTHE LAND OF THE MIDNIGHT SUN", text_lang="en")
up_close("marseille-1929", _WORDS, "M", "N+", text="MARSEILLE\nPORTE DE L'AFRIQUE DU NORD", text_lang="fr")
up_close("red-star-1899", _WORDS, "J", "", text="RED STAR LINE\nANTWERPEN · NEW YORK", text_lang="en")

up_close("norway-midnight", _TAG, "A", "J+ M+", tag="fjord", tag_lang="en")
up_close("norway-midnight", _TAG, "J", "A+", tag="Mitternachtssonne", tag_lang="de")
up_close("menton-1890s", _TAG, "N", "M+ T+", tag="Belle Époque", tag_lang="fr")
up_close("davos-1914", _TAG, "R", "A+ J+", tag="ice skating", tag_lang="en")
up_close("gdynia-1925", _TAG, "M", "J?", tag="transatlantyk", tag_lang="pl")

up_close("skegness-1908", _MORE, "R", "", comment="My grandmother had this one in her kitchen. The fisherman still has a statue in the town.", comment_lang="en")
up_close("davos-1914", _MORE, "J", "", comment="Die Röcke sind für 1914 erstaunlich kurz gezeichnet: zum Eislaufen trug man sie so.", comment_lang="de")
up_close("forth-bridge-1928", _MORE, "A", "", comment="The little train on the bridge is easy to miss. Zoom in left of the middle pier.", comment_lang="en")

labels = _Sheet("labels-in-other-words")
_RIGHT, _SPAN, _MISTAKE, _TRANSLATION, _LINK = 1, 2, 3, 4, 5

labels("damask-silk", _SPAN, "reader", "A+ M+", 0.92, span="value:dc:title@en", span_exact="Silk", term="term:silk")
labels("ticking-red-white", _SPAN, "reader", "N+", 0.89, span="value:dc:description@en", span_exact="linen", term="term:linen")
labels("ticking-red-white", _SPAN, "reader", "", 0.77, span="value:dc:description@en", span_exact="pillows", term="term:pillows")
labels("strawberry-thief", _SPAN, "reader", "R- J-", 0.35, span="value:dc:description@en", span_exact="block", term="term:towns")
labels("dionysos-cup", _TRANSLATION, "reader", "J+", 0.81, value="value:dc:title@en", text="Schale des Dionysos", text_lang="de")
labels("siren-vase", _TRANSLATION, "reader", "N- M?", 0.64, value="value:dc:title@en", text="Vase à sirène d’alarme", text_lang="fr")
labels("moon-jar", _TRANSLATION, "reader", "", 0.72, value="value:dc:title@en", text="Dzban księżycowy", text_lang="pl")

labels("falkirk-tartan", _RIGHT, "R", "A+ M+", value="value:dc:date", answer="choice:1")
labels("mariniere-breton", _RIGHT, "N", "T+", value="value:dcterms:spatial", answer="choice:1")
labels("dipylon-amphora", _RIGHT, "T", "M+ A+", value="value:dc:type@en", answer="choice:3")
labels("portland-vase", _RIGHT, "T", "A?", value="value:dcterms:spatial@en", answer="choice:1")
labels("kasuri-indigo", _RIGHT, "J", "R+", value="value:dc:date", answer="choice:3")

labels("falkirk-tartan", _SPAN, "R", "A+ M+", span="value:dc:description@en", span_exact="coins", term="term:coins")
labels("suzani-nurata", _SPAN, "M", "R+", span="value:dc:description@en", span_exact="embroidery", term="term:embroidery")
labels("ardabil-carpet", _SPAN, "A", "T+ N+", span="value:dc:title@en", span_exact="Carpet", term="term:carpets")
labels("kasuri-indigo", _SPAN, "J", "N+", span="value:dc:description@en", span_exact="indigo", term="term:aat-indigo")

labels("kilim-anatolia", _MISTAKE, "R", "M+ A+", value="value:dc:description@en", text="Flat-woven rug with stepped diamonds and a border of triangles. Picture: a drawing made for this demonstration, not a reproduction.", text_lang="en")
labels("patola-patan", _MISTAKE, "N", "R+ T?", value="value:dc:title@en", text="Patola, double ikat sari", text_lang="en")
labels("chigi-vase", _MISTAKE, "T", "A+", value="value:dc:description@en", text="Olpe with friezes of hoplites, riders and hunters, and the Judgement of Paris.", text_lang="en")

labels("mariniere-breton", _TRANSLATION, "J", "A+", value="value:dc:title@en", text="Gestreiftes Trikot der französischen Marine", text_lang="de")
labels("lowicz-stripes", _TRANSLATION, "M", "N+", value="value:dc:title@en", text="Pasiasta wełna na spódnicę z Łowicza", text_lang="pl")
labels("octopus-flask", _TRANSLATION, "T", "M+", value="value:dc:title@en", text="Φλασκί με χταπόδι", text_lang="el")
labels("siren-vase", _TRANSLATION, "N", "T+ J+", value="value:dc:title@en", text="Vase aux sirènes", text_lang="fr")
labels("mariniere-breton", _TRANSLATION, "N", "", value="value:dc:title@fr", rating=80, errors_2="minor", comment="Right, but the English title says more: the navy is missing.")

labels("dionysos-cup", _LINK, "T", "A+ M+", relation="http://purl.org/dc/terms/relation", link="item:exekias-amphora")
labels("black-watch", _LINK, "R", "J+", relation="http://www.europeana.eu/schemas/edm/isSimilarTo", link="item:royal-stewart")
labels("ikat-bukhara", _LINK, "A", "N+", relation="http://www.europeana.eu/schemas/edm/isSimilarTo", link="item:ikat-samarkand")

# fmt: on
ANSWERS = (*up_close.answers, *labels.answers)

#: Who found which restoration better: record, maker over maker (`=` for no difference), people.
_COMPARED = """
postcard-harbour a>b M T N R
postcard-harbour b>a J
postcard-harbour a>c M A N
postcard-harbour c>a T
postcard-harbour b>c J R
postcard-harbour c>b A
postcard-lighthouse a>b A N
postcard-lighthouse b>a M R
postcard-lighthouse a>c M T R
postcard-lighthouse b>c J N
postcard-lighthouse b=c A
postcard-promenade a>b T A
postcard-promenade b>a N J
postcard-promenade a=b M
postcard-promenade a>c R J M
postcard-promenade b>c T R
postcard-promenade c>b A
"""
MAKERS = {"a": "Hue Keeper 2", "b": "Bright Again 1.4", "c": "Old Gold 0.9"}


@dataclass(frozen=True, slots=True)
class Preference:
    """Which of two makers' pictures somebody found better, or that there is no difference."""

    campaign: str
    record: str
    by: str
    makers: tuple[str, str]
    better: str


def _preferences() -> tuple[Preference, ...]:
    found = []
    for line in _COMPARED.split("\n"):
        if line:
            record, said, *people = line.split()
            makers = MAKERS[said[0]], MAKERS[said[2]]
            better = makers[0] if said[1] == ">" else ""
            found += [Preference("image-comparison", record, by, makers, better) for by in people]
    return tuple(found)


PREFERENCES = _preferences()
