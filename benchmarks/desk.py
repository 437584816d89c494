"""Measure the desk on simulated venues: side by side against the slowest, and memory by pages."""

from __future__ import annotations

import asyncio
import time
import tracemalloc

from venue_desk import AsyncDesk, Everything, open_venues
from venue_desk.demo import environment
from venue_sandbox import VENUES, Status, running

SYMBOLS = {"deltadefi": ("ADAUSDM", "NIGHTUSDM"), "polymarket": ("101", "102")}


def seconds(*names: str) -> float:
    """Cancel 200 orders at each venue; every answer takes 50 ms."""
    with running(*names) as sandbox:
        for name in names:
            sandbox.venue(name).latency, sandbox.venue(name).limit = 0.05, None
            for number in range(200):
                sandbox.book(name).add(SYMBOLS.get(name, ("AAPL", "MSFT"))[number % 2])
        venues = open_venues(environment(sandbox, names), names, live=True, servers=sandbox.urls)

        async def run() -> float:
            async with AsyncDesk(venues) as desk:
                began = time.perf_counter()
                report = await desk.cancel(Everything())
                assert report.is_verified, report
                return time.perf_counter() - began

        return asyncio.run(run())


def peak(size: int) -> float:
    """MiB at the peak of listing 10,000 orders of Polymarket in pages of a size."""
    with running("polymarket") as sandbox:
        venue = sandbox.venue("polymarket")
        venue.page_size = size  # type: ignore[attr-defined]
        for _ in range(10_000):
            sandbox.book("polymarket").add("101", status=Status.PENDING_REPLACE)
        given = environment(sandbox, ["polymarket"])
        venues = open_venues(given, ["polymarket"], live=True, servers=sandbox.urls)

        async def run() -> float:
            async with AsyncDesk(venues, pace=120) as desk:
                tracemalloc.start()
                report = await desk.orders()
                assert len(report.venues[0].orders) == 10_000, report.venues[0].reason
                _, most = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                return most / 2**20

        return asyncio.run(run())


def main() -> None:
    seconds("deltadefi")  # imports and models
    alone = {name: seconds(name) for name in VENUES}
    for name, took in alone.items():
        print(f"{name:16} {took:6.2f} s")
    together, slowest = seconds(*VENUES), max(alone.values())
    print(f"{'all five':16} {together:6.2f} s, {together / slowest:.2f} of the slowest alone")
    for size in (1000, 100):
        print(f"10,000 orders in {10_000 // size:3} pages: {peak(size):.1f} MiB at the peak")


if __name__ == "__main__":
    main()
