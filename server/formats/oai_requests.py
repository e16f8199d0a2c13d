"""Requests of OAI-PMH 2.0: their verbs and arguments, and what is wrong with them.

https://www.openarchives.org/OAI/openarchivesprotocol.html, sections 3.1, 3.6 and 4.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from server.formats import oai_times
from server.i18n import _

TOKEN = "resumptionToken"
#: Verb → the arguments that it must have, and those that it may have.
VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ()),
    "GetRecord": (("identifier", "metadataPrefix"), ()),
    "ListIdentifiers": (("metadataPrefix",), ("from", "until", "set")),
    "ListRecords": (("metadataPrefix",), ("from", "until", "set")),
}
#: Those whose answers may come in parts; a token stands alone.
LISTS = ("ListSets", "ListIdentifiers", "ListRecords")
#: As the schema of answers has them, where they are repeated.
_FORMS = {
    "identifier": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~\u00a1-\ud7ff]{1,2000}"),
    "metadataPrefix": re.compile(r"[A-Za-z0-9_.!~*'()-]{1,200}"),
    "set": re.compile(r"[A-Za-z0-9_.!~*'()-]+(:[A-Za-z0-9_.!~*'()-]+)*"),
    "from": oai_times.FORM,
    "until": oai_times.FORM,
}
_LONGEST = 4_000  # characters of a value


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the protocol: one of its codes, and a sentence."""

    code: str
    message: str


class Faulty(Exception):
    """A request that is answered with errors; `request` is what of it may be repeated."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults
        self.request = UNREAD


@dataclass(frozen=True, slots=True)
class OaiRequest:
    verb: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.arguments.get(name, "")


#: In place of one with a bad verb or argument, of which nothing is repeated (section 3.2).
UNREAD = OaiRequest()


def read(pairs: Iterable[tuple[str, str]]) -> OaiRequest:
    """The request that the fields of an address or form make. Raises Faulty (badVerb, badArgument).

    What needs a look at the data (identifiers, prefixes, tokens) is not checked here.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    verb = _verb(values.pop("verb", []))
    if faults := list(_faults(verb, values)):
        raise Faulty(*faults)
    return OaiRequest(verb, {name: value for name, (value,) in values.items()})


def _verb(given: list[str]) -> str:
    if not given:
        raise Faulty(Fault("badVerb", _("The verb is missing.")))
    if len(given) > 1:
        raise Faulty(Fault("badVerb", _("The verb is repeated.")))
    if given[0] not in VERBS:
        raise Faulty(Fault("badVerb", _("There is no such verb.")))
    return given[0]


def _faults(verb: str, values: dict[str, list[str]]) -> Iterable[Fault]:
    needed, allowed = VERBS[verb]
    known = (*needed, *allowed, *((TOKEN,) if verb in LISTS else ()))
    for name, found in values.items():
        if name not in known:
            shown = name[:50]
            yield _bad(_("{verb} takes no argument “{name}”.", verb=verb, name=shown))
        elif len(found) > 1:
            yield _bad(_("The argument “{name}” is repeated.", name=name))
        elif not _is_well_formed(name, found[0]):
            yield _bad(_("The argument “{name}” is not as it should be.", name=name))
    if TOKEN in values:
        if len(values) > 1:
            yield _bad(_("With a resumptionToken there is no other argument."))
        return
    for name in needed:
        if name not in values:
            yield _bad(_("{verb} needs the argument “{name}”.", verb=verb, name=name))
    yield from _between(values)


def _between(values: dict[str, list[str]]) -> Iterable[Fault]:
    since, until = (values.get(name, [""])[0] for name in ("from", "until"))
    if not since or not until or not (oai_times.is_time(since) and oai_times.is_time(until)):
        return
    if len(since) != len(until):
        yield _bad(_("“from” and “until” are of different granularity."))
    elif since > until:
        yield _bad(_("“from” is later than “until”."))


def _is_well_formed(name: str, value: str) -> bool:
    if name == TOKEN:  # looked at by itself: what is wrong with it has a code of its own
        return True
    if name in ("from", "until"):
        return oai_times.is_time(value)
    return len(value) <= _LONGEST and _FORMS[name].fullmatch(value) is not None


def _bad(message: str) -> Fault:
    return Fault("badArgument", message)
