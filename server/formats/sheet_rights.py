"""Rights statements that EDM accepts: Creative Commons and RightsStatements.org, and their names.

The list is Europeana's: pro.europeana.eu/page/available-rights-statements.
"""

import re

_CC = "http://creativecommons.org/"
_RS = "http://rightsstatements.org/vocab/"

#: What a person may choose, with its name; names of licences are the same in every language.
RIGHTS = {
    f"{_CC}publicdomain/mark/1.0/": "Public Domain Mark",
    f"{_CC}publicdomain/zero/1.0/": "CC0 1.0",
    f"{_CC}licenses/by/4.0/": "CC BY 4.0",
    f"{_CC}licenses/by-sa/4.0/": "CC BY-SA 4.0",
    f"{_CC}licenses/by-nd/4.0/": "CC BY-ND 4.0",
    f"{_CC}licenses/by-nc/4.0/": "CC BY-NC 4.0",
    f"{_CC}licenses/by-nc-sa/4.0/": "CC BY-NC-SA 4.0",
    f"{_CC}licenses/by-nc-nd/4.0/": "CC BY-NC-ND 4.0",
    f"{_RS}NoC-NC/1.0/": "No Copyright - Non-Commercial Use Only",
    f"{_RS}NoC-OKLR/1.0/": "No Copyright - Other Known Legal Restrictions",
    f"{_RS}InC/1.0/": "In Copyright",
    f"{_RS}InC-EDU/1.0/": "In Copyright - Educational Use Permitted",
    f"{_RS}InC-OW-EU/1.0/": "In Copyright - EU Orphan Work",
    f"{_RS}CNE/1.0/": "Copyright Not Evaluated",
}

_PATTERN = re.compile(
    rf"{_CC}(licenses/(by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)/\d\.\d/([a-z]+/)?"
    rf"|publicdomain/(mark|zero)/1\.0/)|{_RS}(NoC-NC|NoC-OKLR|InC|InC-EDU|InC-OW-EU|CNE)/1\.0/"
)
_LICENCE = re.compile(r"cc[ -]?(by(?:[ -](?:nc|nd|sa))*)(?:[ -]?(\d\.\d))?(?: \S+)?", re.IGNORECASE)
_WORDS = {
    "cc0": f"{_CC}publicdomain/zero/1.0/",
    "cc 0": f"{_CC}publicdomain/zero/1.0/",
    "cc0 1.0": f"{_CC}publicdomain/zero/1.0/",
    "public domain": f"{_CC}publicdomain/mark/1.0/",
    "pdm": f"{_CC}publicdomain/mark/1.0/",
    "gemeinfrei": f"{_CC}publicdomain/mark/1.0/",
    "domaine public": f"{_CC}publicdomain/mark/1.0/",
    "dominio pubblico": f"{_CC}publicdomain/mark/1.0/",
    "dominio público": f"{_CC}publicdomain/mark/1.0/",
    "domena publiczna": f"{_CC}publicdomain/mark/1.0/",
    "κοινό κτήμα": f"{_CC}publicdomain/mark/1.0/",
    "publiek domein": f"{_CC}publicdomain/mark/1.0/",
    **{name.casefold(): iri for iri, name in RIGHTS.items()},
}


def rights_iri(text: str) -> str | None:
    """The statement that a text means (an address in any spelling, or a name), else None."""
    plain = " ".join(text.split())
    iri = re.sub(r"^https?://(www\.)?", "http://", plain)
    iri = re.sub(r"/(deed|legalcode)(\.[\w-]+)?$", "", iri.rstrip("/")).rstrip("/") + "/"
    iri = iri.replace("rightsstatements.org/page/", "rightsstatements.org/vocab/")
    if _PATTERN.fullmatch(iri):
        return iri
    licence = _LICENCE.fullmatch(plain)
    if licence is not None:
        kind = licence[1].lower().replace(" ", "-")
        found = f"{_CC}licenses/{kind}/{licence[2] or '4.0'}/"
        return found if _PATTERN.fullmatch(found) else None
    return _WORDS.get(plain.casefold())
