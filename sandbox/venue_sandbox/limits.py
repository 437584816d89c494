"""How many requests a venue takes: windows of a fixed length, and buckets of tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass

from venue_sandbox.book import Clock


@dataclass(slots=True)
class Window:
    """So many requests in so many seconds; then none until the next window."""

    clock: Clock
    count: int
    seconds: float
    _begun: float = math.nan
    _used: int = 0

    def take(self) -> bool:
        now = self.clock.now()
        if not now < self._begun + self.seconds:
            self._begun, self._used = now, 0
        self._used += 1
        return self._used <= self.count

    @property
    def remaining(self) -> int:
        return max(self.count - self._used, 0)

    @property
    def reset(self) -> int:
        """When the next window begins, in whole seconds since 1970."""
        begun = self.clock.now() if math.isnan(self._begun) else self._begun
        return math.ceil(begun + self.seconds)


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a rate, up to a burst. It may be in debt."""

    clock: Clock
    rate: float
    burst: int
    _tokens: float = math.nan
    _at: float = 0.0

    @property
    def tokens(self) -> float:
        now = self.clock.now()
        if math.isnan(self._tokens):
            self._tokens = float(self.burst)
        else:
            self._tokens = min(self.burst, self._tokens + max(now - self._at, 0.0) * self.rate)
        self._at = now
        return self._tokens

    def take(self, cost: float, *, debt: bool = False) -> bool:
        """Pay for a request, whole or not at all; with debt, wherever there is a token left."""
        tokens = self.tokens
        if tokens < (min(cost, 1) if debt else cost):
            return False
        self._tokens = tokens - cost
        return True

    def charge(self, cost: float) -> None:
        """Pay for what is known only afterwards."""
        self._tokens = self.tokens - cost

    def wait(self, cost: float) -> float:
        """How many seconds it takes until so much can be paid, or the burst where that is less."""
        missing = max(min(cost, self.burst) - self.tokens, 0.0)
        return missing / self.rate
