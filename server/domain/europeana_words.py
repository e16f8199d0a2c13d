"""Why an annotation is not sent to Europeana, and how far one is, in words."""

from collections.abc import Callable

from server.i18n import _

STATES: dict[str, Callable[[], str]] = {
    "waiting": lambda: _("Waiting"),
    "sending": lambda: _("Being sent"),
    "sent": lambda: _("Sent"),
    "refused": lambda: _("Refused"),
    "unsendable": lambda: _("Not sent"),
    "deleted": lambda: _("Deleted there"),
}
TASKS: dict[str, Callable[[], str]] = {
    "create": lambda: _("is new"),
    "update": lambda: _("changed"),
    "delete": lambda: _("is to be deleted there"),
}
_REASONS: dict[str, Callable[[], str]] = {
    "item": lambda: _("Nobody knows yet which item of Europeana it is."),
    "twice": lambda: _("Another annotation says the same of the same item."),
    "withdrawn": lambda: _("It is no longer published."),
    "comment": lambda: _("Europeana takes no comments."),
    "comparison": lambda: _("Europeana takes no comparisons of pictures."),
    "question": lambda: _("Europeana takes no answers to questions."),
    "correction": lambda: _("Europeana takes no corrections, but those of a description."),
    "rating": lambda: _("It rates a translation and gives none."),
    "no place": lambda: _("It names no place."),
    "relation": lambda: _("Europeana takes links to pages only for what is similar."),
    "itself": lambda: _("It leads to the item itself."),
    "kind": lambda: _("Europeana has no such kind of annotation."),
    "motivation": lambda: _("Europeana has no such kind of annotation."),
    "long": lambda: _("A tag has at most 64 characters at Europeana."),
    "address": lambda: _("A tag must not be an address."),
    "no web": lambda: _("What it names has no address on the web."),
    "empty": lambda: _("It says nothing that Europeana takes."),
    "language": lambda: _("A text needs its language."),
    "rights": lambda: _("Europeana does not take texts under this licence."),
}


def reason(code: str, detail: str = "") -> str:
    """In the reader's language; what Europeana itself says comes as it was said."""
    if code in _REASONS:
        return _REASONS[code]()
    if code.isdecimal():
        return _("Europeana answers {status}: {reason}", status=code, reason=detail)
    return detail


EVIDENCE: dict[str, Callable[[], str]] = {
    "address": lambda: _("same page at the provider’s"),
    "identifier": lambda: _("same identifier"),
    "provider": lambda: _("same institution"),
    "title": lambda: _("like title"),
    "type": lambda: _("same kind of media"),
}
