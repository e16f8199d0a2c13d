"""Points on earth as people give them: degrees of WGS84, and how far off they may be."""

import re
from decimal import Decimal

from server.errors import Invalid, Problem
from server.i18n import _

LATITUDE, LONGITUDE = Decimal(90), Decimal(180)
#: Metres: a building, a neighbourhood, a town, a region.
ACCURACIES = (50, 500, 5_000, 50_000)
_STEP = Decimal("0.000001")  # degrees: a tenth of a metre
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}([.,][0-9]{0,40})?")


def latitude(text: str, field: str = "lat") -> Decimal:
    """Rounded to six decimals. Raises Invalid, naming the field, for what is no latitude."""
    found = _degrees(text, LATITUDE)
    if found is None:
        raise _refuse(field, _("A latitude is a number of degrees from -90 to 90, such as 41.9."))
    return found


def longitude(text: str, field: str = "long") -> Decimal:
    """As `latitude`."""
    found = _degrees(text, LONGITUDE)
    if found is None:
        raise _refuse(
            field, _("A longitude is a number of degrees from -180 to 180, such as 12.5.")
        )
    return found


def accuracy(text: str, field: str = "accuracy") -> int:
    """Metres. Raises Invalid for what is none of those that are offered."""
    if text not in map(str, ACCURACIES):
        raise _refuse(field, _("Choose from the list how exact the point is."))
    return int(text)


def written(degrees: Decimal) -> str:
    """The canonical form of an xsd:decimal (XML Schema 1.1 part 2, 3.3.3): 41.9, 41, -0.5."""
    text = f"{degrees:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shown(degrees: str) -> str:
    """With two decimals at least, so that it reads as a coordinate: 41.90."""
    whole, _point, decimals = degrees.partition(".")
    return f"{whole}.{decimals:0<2}"


def _degrees(text: str, most: Decimal) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    found = Decimal(text.replace(",", ".")).quantize(_STEP)
    return found if abs(found) <= most else None


def _refuse(field: str, words: str) -> Invalid:
    return Invalid(words, (Problem(field, words),))
