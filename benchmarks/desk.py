"""The desk on simulated venues: side by side against the slowest of them, and memory by pages."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from measuring import MeasurementError, Row, Settings, Skipped

from venue_desk import AsyncDesk, Everything, open_venues

VENUES = ("alpaca_trading", "alpaca_broker", "clear_street", "polymarket", "deltadefi")
ORDERS, REPLY, MANY = 200, 0.05, 10_000
ROUNDS = 5
# The venues have a process of their own: their work is not the desk's.
SERVE = """
import json, sys
from venue_desk.demo import SYMBOLS, environment
from venue_sandbox import Status, running
names, orders, reply, size, is_stuck = json.loads(sys.argv[1])
with running(*names) as sandbox:
    for name in names:
        venue = sandbox.venue(name)
        venue.latency, venue.limit = reply, None
        if name == "polymarket" and size:
            venue.page_size = size
        status = Status.PENDING_REPLACE if is_stuck else None
        for number in range(orders):
            symbol = SYMBOLS.get(name, ("AAPL", "MSFT"))[number % 2]
            sandbox.book(name).add(symbol, status=status)
    print(json.dumps([dict(environment(sandbox, names)), sandbox.urls]), flush=True)
    sys.stdin.read()
"""


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare all venues with the slowest of them, and many pages of a list with few."""
    alone: dict[str, list[float]] = {name: [] for name in VENUES}
    together: list[float] = []
    for _ in range(min(settings.rounds, ROUNDS)):
        for name in VENUES:
            alone[name].append(_canceled(name))
        together.append(_canceled(*VENUES))
    slowest = max(alone, key=lambda name: min(alone[name]))
    what = f"cancel all at five venues, {ORDERS} orders each, {REPLY * 1000:.0f} ms a reply"
    peer = f"{slowest} alone"
    yield Row(what=what, peer=peer, times=together, peer_times=alone[slowest], target=1.2)
    many, few = [[_peak(size) for _ in range(2)] for size in (MANY // 100, MANY // 10)]
    what, unit = f"memory of {MANY} open orders in 100 pages", "MB"
    yield Row(what=what, peer="in 10 pages", times=many, peer_times=few, target=1.05, unit=unit)


def _canceled(*names: str) -> float:
    """Seconds until everything is canceled and verified."""

    async def run(venues: Sequence[Any]) -> float:
        async with AsyncDesk(venues, pace=120) as desk:
            await desk.orders()  # imports, models and connections
            began = time.perf_counter()
            report = await desk.cancel(Everything())
            seconds = time.perf_counter() - began
        if not report.is_verified or any(len(v.orders) != ORDERS for v in report.venues):
            raise MeasurementError(f"not verified: {report}")
        return seconds

    with _served(names, ORDERS, REPLY) as venues:
        return asyncio.run(run(venues))


def _peak(size: int) -> float:
    """MB at the peak of listing many orders of Polymarket in pages of a size."""

    async def run(venues: Sequence[Any]) -> float:
        async with AsyncDesk(venues, pace=300) as desk:
            tracemalloc.start()
            report = await desk.orders()
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        if len(report.venues[0].orders) != MANY:
            raise MeasurementError(f"not listed: {report.venues[0].reason}")
        return most / 1e6

    with _served(("polymarket",), MANY, 0.0, size=size, is_stuck=True) as venues:
        return asyncio.run(run(venues))


@contextmanager
def _served(
    names: Sequence[str], orders: int, reply: float, *, size: int = 0, is_stuck: bool = False
) -> Iterator[Sequence[Any]]:
    given = json.dumps([names, orders, reply, size, is_stuck])
    command = [sys.executable, "-c", SERVE, given]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise MeasurementError("the simulated venues have not started")
        environ, servers = json.loads(line)
        try:
            yield open_venues(environ, names, live=True, servers=servers)
        finally:
            process.terminate()
