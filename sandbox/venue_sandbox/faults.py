"""What can go wrong between a client and a venue, as data."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Phase = Literal["cancel", "list", "read", "other"]
Kind = Literal[
    "status",  # an error of the venue's own, in its own words
    "html",  # a page of a proxy in front of it
    "slow",  # the answer takes `seconds`
    "silent",  # no answer, and the connection stays
    "hangup",  # the connection is closed without an answer
    "cut",  # half of an answer, then the connection is closed
    "garbage",  # the right status, and half of the JSON as if it were whole
    "empty",  # the right status, and no body
    "omit",  # a cancel's reply leaves out the first `count` orders that it is about
    "odd",  # a spelling of the reply that was seen in the wild and is in no document
    "loop",  # a list ignores where it shall go on, and begins again
]
KINDS: tuple[Kind, ...] = get_args(Kind)
PHASES: tuple[Phase, ...] = get_args(Phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, with some of the requests of a venue.

    `after` matching requests pass before it, then it strikes `times` times (None: always). With
    `effect` the request is carried out although its answer does not say so; what needs an answer to
    spoil (cut, garbage, empty, omit, odd, loop, slow) always is.
    """

    kind: Kind
    venue: str | None = None  # any
    phase: Phase | Literal["any"] = "any"
    after: int = 0
    times: int | None = 1
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 1.0
    count: int = 1
    effect: bool = False

    @property
    def spares_the_request(self) -> bool:
        """Whether the request is not carried out."""
        return self.kind in ("status", "html", "silent", "hangup") and not self.effect


@dataclass(slots=True)
class _Waiting:
    fault: Fault
    before: int
    left: int | None


class Faults:
    """The faults that wait for their requests; the first that matches strikes."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()

    def put(self, *faults: Fault) -> None:
        with self._lock:
            self._waiting += [_Waiting(fault, fault.after, fault.times) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, venue: str, phase: Phase) -> Fault | None:
        """The fault that strikes this request, if any."""
        with self._lock:
            struck: Fault | None = None
            for waiting in self._waiting:
                fault = waiting.fault
                if fault.venue not in (None, venue) or fault.phase not in ("any", phase):
                    continue
                if waiting.before:
                    waiting.before -= 1
                elif struck is None and waiting.left != 0:
                    struck = fault
                    waiting.left = None if waiting.left is None else waiting.left - 1
            self._waiting = [waiting for waiting in self._waiting if waiting.left != 0]
            return struck
