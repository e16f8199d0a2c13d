"""What six made-up people said about the sample records, as plain data.

One line of a plan: record, number of the task, term, who proposes it, and the votes on it.
`M` is a person, `T+` an approval by T, `A-` a rejection, `J?` "not sure".
"""

import re
from dataclasses import dataclass
from typing import Literal

from server.demo.terms import TERMS

Verdict = Literal["approve", "reject", "unsure"]
#: By their signs in a plan.
VERDICTS: dict[str, Verdict] = {"+": "approve", "-": "reject", "?": "unsure"}


@dataclass(frozen=True, slots=True)
class Contributor:
    """A made-up person; the address leads nowhere (RFC 2606)."""

    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term proposed for a record (by its identifier), and the votes: (person, verdict)."""

    campaign: str
    collection: str
    record: str
    task: int
    term: str
    by: str
    votes: tuple[tuple[str, Verdict], ...]


CONTRIBUTORS = tuple(
    Contributor(key, name, f"{name.split()[0].lower()}@example.org")
    for key, name in (
        ("M", "Marta Kowalczyk"),
        ("T", "Theo Vasilakis"),
        ("A", "Anja Lindqvist"),
        ("J", "Jonas Brenner"),
        ("N", "Nadia Benali"),
        ("R", "Ruth Okafor"),
    )
)

_CLOTH = """
ikat-bukhara 1 red M T+ A+ N+
ikat-bukhara 1 navy T M+ R+
ikat-bukhara 1 cream A T+ J?
ikat-bukhara 2 ikat M A+ J+ R+
ikat-samarkand 1 crimson T A+ N+
ikat-samarkand 1 violet J M+ R- N+
ikat-samarkand 2 ikat A M+ T+
ikat-fergana 1 green N T+ J+
ikat-fergana 1 yellow N M+ A+
ikat-fergana 2 batik R M- A- T-
ikat-fergana 2 ikat M N+ T+
patola-patan 1 red R A+ M+
patola-patan 1 gold R J?
geringsing-tenganan 1 brown A N+ T+
geringsing-tenganan 2 resist-dyeing J A+ R?
kasuri-indigo 1 blue M J+ N+
kasuri-indigo 1 aat-indigo T M+ A- R+
mariniere-breton 1 blue J M+ T+ A+
mariniere-breton 1 white J M+ N+
mariniere-breton 1 black R J- M-
lowicz-stripes 1 orange M A+ R+
lowicz-stripes 1 green M T+ N+
lowicz-stripes 2 weaving A M+ J+
nasrid-silk 1 red T N+ R+
nasrid-silk 1 gold N T+ A? M+
ticking-red-white 1 red A J+ M+
ticking-red-white 1 white A M+ R+
ticking-red-white 2 weaving J T+ N?
aguayo-andes 1 magenta R N+ T+
aguayo-andes 1 pink J R- N+ A-
falkirk-tartan 1 brown M T+ R+
falkirk-tartan 1 tan A M? J+
black-watch 1 green T J+ M+ A+
black-watch 1 navy T M+ R+
black-watch 1 yellow N T- J-
royal-stewart 1 red J A+ N+ R+
royal-stewart 2 weaving M R+ J+
shepherds-check 1 black A M+ T+
shepherds-check 1 white A T+ N+
gingham-red 1 red N M+ J+
gingham-red 1 pink R N- A? T-
madras-check 1 yellow T
kilim-anatolia 2 tapestry R A+ T? M+
kilim-anatolia 1 red M R+ N+
kente-asante 1 green N R+ M+ T+
kente-asante 1 gold R N+ J+
kente-asante 2 weaving A R+ N+
bogolanfini 1 black R N+ A+
bogolanfini 2 dyeing N R+ J- T?
adire-oniko 1 blue J R+ T+
adire-oniko 2 resist-dyeing R N+ J+ M+
bandhani-gujarat 1 red N A+ M+
batik-kawung 2 batik T M+ A+ R+
batik-kawung 1 brown M T+ N+
batik-parang 2 batik J N+ R+
sashiko-asanoha 1 navy A J+ M+
sashiko-asanoha 2 embroidering M A+ T- N+
suzani-nurata 2 embroidering T A+ R+ N+
suzani-nurata 1 red A T+ M+
paisley-shawl 1 burgundy M N? R-
damask-silk 2 damask J M+ T+
damask-silk 1 red R J+ A+
damask-linen 1 white N
catma-carnations 2 velvet A N+ M+
catma-carnations 2 brocade T A- N?
strawberry-thief 1 blue M R+ J+ T+
strawberry-thief 1 brown N M+ A-
jane-bostocke 2 embroidering R
quilt-log-cabin 2 patchwork J
"""

_POSTERS = """
zermatt-1908 1 mountains A J+ T+ M+
zermatt-1908 2 Switzerland J A+ R+
zermatt-1908 1 sunset M A? T+
skegness-1908 1 fishermen R M+ N+
skegness-1908 2 Skegness M R+ T+
skegness-1908 1 beaches N R+ A+
monaco-1897 1 flowers N A+ M+
monaco-1897 1 sailboats T N+ J+
monaco-1897 2 Monte-Carlo A M+ N+
monaco-1897 2 Nice J A- N-
cabourg-1896 1 bathing-suits M T+ R+
cabourg-1896 1 swimming J M- R+ T?
cabourg-1896 2 France T J+ A+
calvi-1928 1 umbrellas R N+ J+
calvi-1928 1 castles A R+ M- N+
calvi-1928 2 France N M+ T?
antibes-1928 2 Antibes T A+ M+ N+
antibes-1928 1 towns M T+ J+
antibes-1928 1 lakes R T- M- A-
marseille-1929 1 ocean-liners J M+ N+ R+
marseille-1929 2 Marseille N J+ T+
marseille-1929 1 harbors A N+
mont-blanc-1927 1 trains T A+ J+
chamonix-1905 1 women M N+ A+
chamonix-1905 1 skiing R M- J-
chamonix-1924 1 skiing J A+ T+ M+
superbagneres-1929 1 skiing A R+ J+
menton-1890s 1 palms N M+ T+
menton-1890s 2 Menton M N+ A+
davos-1926 1 trains T J+ R?
davos-1926 2 Switzerland R T+ J+
red-star-1899 1 steamships J T+ N+
red-star-1899 2 Antwerp A J+ M+ R-
simplon-1906 1 locomotives M A+ T+
simplon-1906 1 tunnels T M+ J?
simplon-1906 2 Milan N R?
rimini-1922 1 umbrellas R A+ N+
rimini-1922 2 Rimini A R+ M+
gdynia-1925 2 Gdynia M J+ T+ A+
norway-midnight 2 Norway T N+ R+
forth-bridge-1928 1 bridges A M+ J+ N+
forth-bridge-1928 2 Edinburgh R A- M?
east-coast-frolics 1 lighthouses N T+ A+
cornwall-1907 1 cliffs J R+ M+
yellowstone-1938 2 United-States T M+ A+
brittany-1920s 1 lighthouses M N+ T+
hyeres-1900s 2 Hyeres A
"""

_VESSELS = """
dipylon-amphora 1 amphorae T M+ A+ R+
dipylon-amphora 2 meanders A T+ M+
hirschfeld-krater 1 vases M T+ J+
hirschfeld-krater 2 geometric R M+ T+
francois-vase 1 vases J A+ T+
exekias-amphora 1 amphorae A T+ N+
exekias-amphora 2 soldiers T A+ M+ R?
dionysos-cup 1 drinking-vessels N J+ T+
dionysos-cup 2 boats M N+ A+
dionysos-cup 2 windmills J M- N- T-
amasis-lekythos 2 looms R M+ A+ N+
amasis-lekythos 1 flasks M R+ T+
berlin-painter-amphora 1 amphorae T A+ J+
berlin-painter-amphora 2 musicians A T+ R+ N+
niobid-krater 1 vases J N+ M+
niobid-krater 2 soldiers N J+ R+
siren-vase 1 vases M A+ T+
siren-vase 2 ships T M+ J+ N+
siren-vase 2 fishermen R T- M-
chigi-vase 1 jugs A N+ R+
warrior-vase 2 soldiers N A+ J+
octopus-flask 1 flasks J T+ M+
portland-vase 1 vases R N+ A+
portland-vase 2 trees M R+ J- N+
mosque-lamp-1549 1 lamps T R+ M+ A+
mosque-lamp-1549 2 arabesques A T+ N? J-
david-vases 1 vases M J+ N+
david-vases 2 dragons N M+ A+ T+
moon-jar 1 jars J R+ M+
albarello 1 jars T A+ N+
gazelles-vase 1 vases A M+ J+
iznik-jug 1 jugs R T+ M+
iznik-jug 2 tulips M R+ A+
delft-tile-tulip 1 tiles J N+ T+
delft-tile-tulip 2 tulips N J+ M+ A+
delft-tile-ship 1 tiles T R+ J+
delft-tile-ship 2 ships A T+ M+
delft-tile-windmill 2 windmills M A+ N+
iznik-tiles-rustem-pasha 1 tiles R J+ T+
kashan-star-tiles 1 tiles N A+ M+
lisbon-panorama 1 tiles M T+ R+
lisbon-panorama 2 towns T N+ A+
"""


def _read(campaign: str, collection: str, plan: str) -> tuple[Proposal, ...]:
    proposals = []
    for line in plan.split("\n"):
        if line:
            record, task, term, by, *votes = line.split()
            cast = tuple((m[1], VERDICTS[m[2]]) for v in votes if (m := re.match(r"(\w)(.)", v)))
            made = Proposal(campaign, collection, record, int(task), TERMS[term], by, cast)
            proposals.append(made)
    return tuple(proposals)


PROPOSALS = (
    *_read("colours-of-woven-cloth", "woven-patterns", _CLOTH),
    *_read("posters-of-the-seaside", "travel-posters", _POSTERS),
    *_read("painted-vessels", "painted-vessels", _VESSELS),
)
