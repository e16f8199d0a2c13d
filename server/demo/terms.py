"""Short names for the terms that the sample contributions use."""

_AAT = {
    # techniques
    "ikat": 300249861, "weaving": 300053642, "batik": 300053050, "embroidering": 300053653,
    "resist-dyeing": 300053053, "dyeing": 300053049, "tapestry": 300061981, "damask": 300163295,
    "brocade": 300227779, "quilting": 300053656, "patchwork": 300249330, "velvet": 300133711,
    "applique": 300053646,
    # patterns and motifs
    "stripes": 300010230, "zigzags": 300165028, "geometric": 300165213, "floral": 300010135,
    "dots": 300010145, "meanders": 300165279, "palmettes": 300009995, "rosettes": 300009972,
    "medallions": 300077354, "flower-motif": 300375563, "bird-motif": 300375751,
    "arabesques": 300010206, "scrolls": 300010094,
    # materials and things
    "silk": 300243428, "linen": 300014069, "pillows": 300236074, "coins": 300037222,
    "carpets": 300185756, "embroidery": 300264024,
    # colours
    "aat-indigo": 300311066, "aat-crimson": 300311345, "aat-ivory": 300266252,
    "aat-turquoise": 300311024, "aat-beige": 300266234, "aat-maroon": 300311173,
    # scenery
    "mountains": 300008795, "mountain-ranges": 300386831, "beaches": 300008816,
    "lighthouses": 300007741, "sailboats": 300120023, "ocean-liners": 300212791,
    "steamships": 300132256, "locomotives": 300113388, "trains": 300212738, "bridges": 300007836,
    "skiing": 300222781, "umbrellas": 300046227, "palms": 300375395, "fishermen": 300025608,
    "bathing-suits": 300129420, "cliffs": 300008749, "seas": 300008694, "bays": 300132316,
    "lakes": 300008680, "castles": 300006891, "towns": 300008375, "harbors": 300008678,
    "tunnels": 300007899, "sunset": 300343635, "forests": 300387598, "trees": 300132410,
    "clouds": 300343840, "women": 300025943, "flowers": 300132399, "swimming": 300239495,
    "valleys": 300008761, "waves": 300343616, "islands": 300008791,
    # vessels and tiles
    "vases": 300132254, "amphorae": 300148696, "jars": 300195347, "jugs": 300045685,
    "tiles": 300379948, "drinking-vessels": 300194567, "lamps": 300037592, "flasks": 300045671,
    "musicians": 300025666, "dragons": 300375726, "windmills": 300006273, "ships": 300082981,
    "looms": 300247546, "tulips": 300379705, "soldiers": 300185678, "earthenware": 300140803,
    "porcelain": 300010662, "boats": 300178749,
}  # fmt: skip
_WIKIDATA = {
    "red": 3142, "blue": 1088, "green": 3133, "yellow": 943, "white": 23444, "black": 23445,
    "orange": 39338, "grey": 42519, "brown": 47071, "gold": 208045, "crimson": 303826,
    "violet": 428124, "pink": 429220, "burgundy": 797446, "tan": 1670336, "cream": 2730433,
    "purple": 3257809, "magenta": 3276756, "navy": 5975887,
}  # fmt: skip
_GEONAMES = {
    "Skegness": 2637762, "Monte-Carlo": 2992741, "Monaco": 2993457, "Antibes": 3037456,
    "Marseille": 2995469, "Menton": 2994497, "Nice": 2990440, "France": 3017382,
    "Switzerland": 2658434, "Italy": 3175395, "Norway": 3144096, "United-Kingdom": 2635167,
    "Rimini": 3169361, "Venice": 3164603, "Antwerp": 2803138, "Belgium": 2802361,
    "Edinburgh": 2650225, "Hyeres": 3012937, "Milan": 3173435, "Gdynia": 3099424,
    "United-States": 6252001, "Poland": 798544, "Penzance": 2640377,
}  # fmt: skip

#: Short name to IRI, as it stands in the starter vocabularies.
TERMS: dict[str, str] = {
    **{name: f"http://vocab.getty.edu/aat/{number}" for name, number in _AAT.items()},
    **{name: f"http://www.wikidata.org/entity/Q{number}" for name, number in _WIKIDATA.items()},
    **{name: f"https://sws.geonames.org/{number}/" for name, number in _GEONAMES.items()},
}
