"""Work in a chain: each link in a thread of its own, one piece ahead of the link after it."""

from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def ahead(pieces: Generator[T]) -> Generator[T]:
    """The same, each made while the one before it is dealt with; what goes wrong is raised here."""
    context, end = copy_context(), object()

    def one() -> T | object:
        return context.run(next, pieces, end)

    with ThreadPoolExecutor(1) as maker:
        try:
            coming = maker.submit(one)
            while (piece := coming.result()) is not end:
                coming = maker.submit(one)
                yield piece  # type: ignore[misc]
        finally:  # where it ran: answers of Oxigraph end in the thread that they began in
            maker.submit(pieces.close).result()


def in_turns(*works: Generator[T]) -> Generator[T]:
    """A piece of each, as long as it has any."""
    with ExitStack() as begun:
        rest = deque(begun.enter_context(closing(work)) for work in works)
        while rest:
            work, end = rest.popleft(), object()
            if (piece := next(work, end)) is not end:
                rest.append(work)
                yield piece  # type: ignore[misc]
