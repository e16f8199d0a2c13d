"""What people call their columns: words in several languages, and the property that each means."""

import re
import unicodedata

ID = "id"
FORMER_ID = "former id"
IMAGE_FILE = "image file"
WEB_PAGE = "web page"
SENSITIVE = "sensitive"

_WORDS = {
    ID: """id|record id|object id|item id|object number|accession number|accession no
inventory number|inventory no|inv no|inv nr|inventar nr|inventarnummer|objektnummer
numero d inventaire
no d inventaire|no inventaire|numero inventaire|numero di inventario|numero inventario|inventario
numero de inventario|n inventario|nr inwentarzowy|numer inwentarzowy|αριθμος ευρετηριου
αριθμος καταγραφης|αρ ευρετηριου|inventarisnummer|objectnummer|signatur|signature|sygnatura|cote
shelfmark|call number|identyfikator|kennung""",
    FORMER_ID: """former id|former identifier|old id|old number|previous id|former number
alte nummer|ancien numero|numero antiguo|vecchio numero|stary numer|oud nummer|replaces
παλαιος αριθμος|altnummer""",
    IMAGE_FILE: """image|image file|image name|image filename|file|file name|filename|photo
photo file|picture|foto|bild|bilddatei|dateiname|bildname|image fichier|fichier|nom du fichier
immagine|nome file|file immagine|imagen|archivo|nombre de archivo|nombre del archivo|imagem
arquivo|obraz|plik|nazwa pliku|zdjecie|εικονα|αρχειο|ονομα αρχειου|φωτογραφια|afbeelding|bestand
bestandsnaam|media|digital file""",
    WEB_PAGE: """web page|webpage|url|link|website|web site|page|permalink|landing page|webseite
seite|page web|lien|pagina web|enlace|sitio web|sito|strona|strona www|adres www|ιστοσελιδα
συνδεσμος|webpagina|is shown at""",
    SENSITIVE: """sensitive|is sensitive|sensitive content|content warning|trigger warning
sensibel|sensibler inhalt|sensible|contenu sensible|contenido sensible|contenuto sensibile
sensibile|wrazliwe|tresc wrazliwa|ευαισθητο|ευαισθητο περιεχομενο|gevoelig""",
    "edm:isShownBy": """image url|image link|image address|bild url|url image|url immagine
url imagen|iiif|is shown by|media url|afbeelding url""",
    "dc:title": """title|name|titel|titre|titolo|titulo|tytul|τιτλος|titul|otsikko|naslov|nazwa
nom|nome|nombre|naam|object name|objektname|bezeichnung|denominazione|denominacion|benaming
ονομασια""",
    "dcterms:alternative": """alternative title|other title|alternative|subtitle|untertitel
sous titre|sottotitolo|subtitulo|podtytul|υποτιτλος|εναλλακτικος τιτλος|ondertitel
anderer titel|altro titolo|otro titulo|inny tytul""",
    "dc:creator": """creator|maker|artist|author|painter|photographer|kunstler|kuenstler|urheber
autor|hersteller|verfasser|fotograf|schopfer|createur|auteur|artiste|photographe|autore|artista
creatore|fotografo|creador|pintor|tworca|artysta|malarz|wykonawca|δημιουργος|καλλιτεχνης
ζωγραφος|φωτογραφος|συγγραφεας|kunstenaar|vervaardiger|fotograaf|schilder|designer""",
    "dc:contributor": """contributor|contributors|mitwirkende|beteiligte|contributeur
collaboratore|contributore|colaborador|wspoltworca|συντελεστης|συνεισφερων|bijdrager""",
    "dc:publisher": """publisher|verlag|herausgeber|editeur|editore|editorial|wydawca
εκδοτης|uitgever""",
    "dc:date": """date|year|dates|dating|period|datum|jahr|datierung|zeit|annee|datation|data
anno|datazione|fecha|ano|datacion|rok|datowanie|ημερομηνια|ετος|χρονολογια|χρονολογηση|jaar
datering""",
    "dcterms:created": """created|date created|creation date|made|production date|entstehung
entstehungsdatum|herstellungsdatum|date de creation|data di creazione|fecha de creacion
data powstania|ημερομηνια δημιουργιας|vervaardigingsdatum""",
    "dcterms:issued": """issued|date issued|publication date|date published|erscheinungsjahr
date de publication|data di pubblicazione|fecha de publicacion|data wydania
ημερομηνια εκδοσης|publicatiedatum""",
    "dcterms:temporal": """temporal|time period|era|epoch|epoche|epoque|epoca|epoka|περιοδος
εποχη|periode|periodo|century|jahrhundert|siecle|secolo|siglo|wiek|eeuw""",
    "dc:subject": """subject|subjects|keyword|keywords|tag|tags|topic|topics|theme|thema
schlagwort|schlagworte|schlagworter|schlagwoerter|stichwort|sujet|sujets|mots cles|mot cle
soggetto|soggetti|parole chiave|tema|temas|palabras clave|materia|assunto|palavras chave|temat
slowa kluczowe|θεμα|θεματα|λεξεις κλειδια|onderwerp|onderwerpen|trefwoord|trefwoorden|motif|motiv
depicts|iconography""",
    "dc:description": """description|desc|summary|abstract|note|notes|beschreibung|anmerkung
bemerkung|descriptif|resume|descrizione|note descrittive|descripcion|resumen|descricao|opis
περιγραφη|σημειωσεις|beschrijving|omschrijving|caption|text""",
    "dc:type": """type|object type|kind|category|genre|classification|typ|objekttyp|objektart
gattung|kategorie|sachgruppe|type d objet|categorie|tipo|tipo di oggetto|tipologia|categoria
tipo de objeto|rodzaj|typ obiektu|kategoria|τυπος|ειδος|κατηγορια|τυπος αντικειμενου|soort
objectsoort""",
    "dcterms:medium": """medium|material|materials|materiaal|materialien|materiau|materiaux|matiere
matieres|materiale|materiali|material y tecnica|materiales|materialy|υλικο|υλικα|materialen
support|stoff""",
    "dc:format": """format|technique|techniques|technik|tecnica|tecniche|tecnicas|technika
τεχνικη|techniek|technieken|material technik|materials and technique|materiale e tecnica
materiaux et techniques|herstellungstechnik""",
    "dcterms:extent": """extent|dimensions|dimension|size|measurements|masse|abmessungen|grosse
groesse|taille|misure|dimensioni|dimensiones|medidas|dimensoes|wymiary|διαστασεις|afmetingen
formaat|duration|dauer""",
    "dcterms:spatial": """place|location|spatial|geography|country|city|place of origin|origin
ort|herkunft|herkunftsort|entstehungsort|lieu|lieu de creation|pays|origine|luogo|citta|paese
luogo di produzione|lugar|pais|ciudad|lugar de origen|local|miejsce|kraj|miejsce powstania|τοπος
τοποθεσια|χωρα|προελευση|plaats|locatie|herkomst|land""",
    "edm:currentLocation": """current location|standort|localisation|localisation actuelle
collocazione|ubicazione|ubicacion|lokalizacja|τρεχουσα θεση|standplaats|bewaarplaats""",
    "dc:identifier": """identifier|identifiers|other number|identifiant|identificatore
identificativo|identificador|αναγνωριστικο|kenmerk|isbn""",
    "dc:language": """language|languages|lang|sprache|langue|lingua|idioma|lengua|jezyk|γλωσσα
taal""",
    "dc:source": """source|quelle|fonte|fuente|zrodlo|πηγη|bron""",
    "dc:relation": """relation|related|beziehung|relazione|relacion|relacja|σχεση|relatie""",
    "dcterms:isPartOf": """is part of|part of|collection|series|sammlung|serie|collezione|raccolta
coleccion|colecao|kolekcja|zbior|seria|συλλογη|σειρα|collectie|reeks|bestand name""",
    "dcterms:provenance": """provenance|provenienz|provenienza|procedencia|proweniencja
ιστορικο|herkomstgeschiedenis|acquisition|credit line|credit""",
    "edm:rights": """rights|licence|license|rights statement|copyright|lizenz|rechte|nutzungsrechte
licence d utilisation|droits|diritti|licenza|derechos|licencia|direitos|licenca|prawa|licencja
δικαιωματα|αδεια|αδεια χρησης|rechten|licentie""",
    "edm:dataProvider": """data provider|institution|museum|owner|holding institution|einrichtung
institutie|musee|museo|istituzione|ente|institucion|museu|instytucja|muzeum|ιδρυμα|μουσειο|φορεας
instelling|archive|library|repository""",
    "edm:provider": """provider|aggregator|aggregateur|aggregatore|agregador|παροχος""",
    "edm:type": """edm type|media type|medientyp|type de media|tipo di media|mediatype""",
}

_CODES = """ar bg ca cs cy da de el en es et eu fi fr ga gl he hr hu hy is it ja ka ko la lb lt lv
mk mt nl no pl pt ro ru sk sl sq sr sv tr uk zh"""
LANGUAGES = frozenset(_CODES.split())
_LANGUAGE_NAMES = {
    "english": "en", "englisch": "en", "anglais": "en", "inglese": "en", "ingles": "en",
    "german": "de", "deutsch": "de", "allemand": "de", "tedesco": "de", "greek": "el",
    "ελληνικα": "el", "αγγλικα": "en", "french": "fr", "francais": "fr", "franzosisch": "fr",
    "italian": "it", "italiano": "it", "spanish": "es", "espanol": "es", "polish": "pl",
    "polski": "pl", "dutch": "nl", "nederlands": "nl", "portuguese": "pt", "portugues": "pt",
}  # fmt: skip
_SUFFIX = re.compile(r"(.+?)(?:\s*[@\[(/:]\s*|\s*[-_.]\s*|\s+)(\w{2,12})\s*[\])]?")


def fold(text: str) -> str:
    """Lower case without accents or punctuation, camelCase in its words."""
    split = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", split.casefold().replace("ł", "l"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


_PROPERTIES = {
    fold(word): name
    for name, words in _WORDS.items()
    for word in words.replace("\n", "|").split("|")
}


def understand(header: str) -> tuple[str, str]:
    """The property that a plain-word header means, and its language; empty where unknown."""
    known = _PROPERTIES.get(fold(header), "")
    if known:
        return known, ""
    name, language = split_language(header)
    return (_PROPERTIES.get(fold(name), ""), language) if language else ("", "")


def split_language(header: str) -> tuple[str, str]:
    """`title@el`, `Title (Greek)`, `title_de`, `title [en]` as name and language code."""
    found = _SUFFIX.fullmatch(header.strip())
    if found is None:
        return header, ""
    word = fold(found[2])
    code = word if word in LANGUAGES else _LANGUAGE_NAMES.get(word, "")
    return (found[1], code) if code else (header, "")
