"""The requests of one run: side by side up to a limit, again where that helps, until the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from .failures import Failure, failure

T = TypeVar("T")

DEADLINE = 30.0  # seconds for a venue, from the first request to the report
TRIES = 8  # of one request that the venue puts off; the deadline bounds them too


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds: how long a venue may take in all, and what it is waited for in between."""

    deadline: float = DEADLINE
    polls: tuple[float, float] = (0.1, 2.0)
    """Between two listings: the first pause, and the longest."""
    backoff: tuple[float, float] = (0.2, 5.0)
    """Between two tries of a request: the first pause, and the longest."""
    answer: float = 10.0
    """For one answer; the deadline's third where that is less."""
    look: float = 1.0
    """For what is open before anything is canceled; the deadline's quarter where that is less."""

    @property
    def patience(self) -> float:
        return min(self.answer, self.deadline / 3)

    @property
    def glance(self) -> float:
        return min(self.look, self.deadline / 4)

    @property
    def reserve(self) -> float:
        """Kept from the deadline for reading what became of the orders."""
        return min(3.0, self.deadline / 10)


class GaveUp(Exception):
    """A request has failed for good, or time is up."""

    def __init__(self, known: Failure) -> None:
        super().__init__(known.reason)
        self.failure = known


class Calls:
    """Sends requests to one venue, and keeps what went wrong with them."""

    def __init__(self, pace: Pace, at_once: int) -> None:
        self.failures: list[Failure] = []
        self._pace = pace
        self._ends = time.monotonic() + pace.deadline
        self._reserve = pace.reserve
        self._slots = asyncio.Semaphore(at_once)

    @property
    def left(self) -> float:
        """Seconds."""
        return self._ends - self._reserve - time.monotonic()

    def use_reserve(self) -> None:
        self._reserve = 0.0

    def give_up(self, known: Failure) -> GaveUp:
        if known not in self.failures[-1:]:
            self.failures.append(known)
        return GaveUp(known)

    async def ask(self, request: Callable[[], Awaitable[T]], tries: int = TRIES) -> T:
        """Send a request until it is answered for good; repeating a cancel opens no risk."""
        pause, longest = self._pace.backoff
        while True:
            tries -= 1
            try:
                async with self._slots:
                    if self.left <= 0:
                        raise self.give_up(Failure("out of time", is_temporary=True))
                    return await asyncio.wait_for(request(), min(self.left, self._pace.patience))
            except asyncio.TimeoutError:
                known = Failure("no answer in time", is_temporary=True)
            except GaveUp:
                raise
            except Exception as error:  # noqa: BLE001 - every client has a tree of its own
                known = failure(error)
            wait = pause if known.wait is None else max(known.wait, 0.05)
            if not tries or not known.is_temporary or wait >= self.left:
                raise self.give_up(known)
            self.failures.append(known)
            await asyncio.sleep(wait)
            pause = min(pause * 2, longest)
