"""Friendly made-up names for people without an account: “Curious Heron 42”."""

import secrets

from server.i18n import _


def name() -> str:
    """A name in the language of the request."""
    return _(
        "{adjective} {animal} {number}",
        adjective=secrets.choice(_adjectives()),
        animal=secrets.choice(_animals()),
        number=secrets.randbelow(990) + 10,
    )


def _adjectives() -> list[str]:
    # Translators: any number of words, separated by commas, that go with each of the animals.
    words = _(
        "Curious,Patient,Gentle,Bright,Quiet,Merry,Nimble,Clever,Amber,Silver,Golden,Scarlet,"
        "Wandering,Thoughtful,Cheerful,Daring,Dreaming,Watchful,Graceful,Lucky"
    )
    return [word.strip() for word in words.split(",")]


def _animals() -> list[str]:
    # Translators: any number of animals, separated by commas.
    words = _(
        "Heron,Otter,Finch,Badger,Hare,Swift,Fox,Owl,Dolphin,Lynx,Robin,Hedgehog,Crane,Marten,"
        "Kingfisher,Squirrel,Tortoise,Nightingale,Beaver,Seahorse"
    )
    return [word.strip() for word in words.split(",")]
