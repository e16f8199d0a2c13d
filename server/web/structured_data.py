"""schema.org in pages, as a block of data that no title can break out of."""

from typing import Any

import orjson
from markupsafe import Markup

#: What could end the block, or begin another one (https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements).
_ESCAPED = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def script(said: dict[str, Any]) -> Markup:
    """The element. Browsers do not run it, so the page's policy lets it stand."""
    text = orjson.dumps({"@context": "https://schema.org", **said}).decode()
    return Markup('<script type="application/ld+json">{}</script>').format(
        Markup(text.translate(_ESCAPED))
    )
