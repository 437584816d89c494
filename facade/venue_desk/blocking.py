"""The desk for callers without an event loop: the same desk, run in a loop thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from .calls import DEADLINE, Pace
from .desk import AsyncDesk, Latch
from .orders import Report, Scope
from .plans import Step
from .runs import OnChange
from .venues import Venue

T = TypeVar("T")


class Desk:
    """Cancels and lists on several venues; see `AsyncDesk`. Safe to share between threads."""

    def __init__(self, venues: Iterable[Venue], *, pace: Pace | float = DEADLINE) -> None:
        self._desk = AsyncDesk(venues, pace=pace)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def latch(self) -> Latch:
        """What those who place orders ask first."""
        return self._desk.latch

    def cancel(self, scope: Scope, on_change: OnChange | None = None) -> Report:
        """Cancel what is open in a scope, and report what is known afterwards."""
        return self._run(self._desk.cancel(scope, on_change))

    def orders(self, on_change: OnChange | None = None) -> Report:
        """List what is open; `verified` means that nothing is."""
        return self._run(self._desk.orders(on_change))

    def plan(self, scope: Scope) -> Mapping[str, Sequence[Step]]:
        """The requests that `cancel` would begin with; nothing is sent."""
        return self._run(self._desk.plan(scope))

    def known(self) -> Report:
        """What the last run has learnt so far, also where it was interrupted."""

        async def known() -> Report:
            return self._desk.known()

        return self._run(known())

    def close(self) -> None:
        """Close the connections of all venues, and end the thread."""
        if not self._loop.is_closed():
            self._run(self._desk.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()
            raise

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
