"""Serve simulated venues for people, and print where they are and what they take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from venue_sandbox.serving import VENUES, Sandbox, running

SYMBOLS = {"deltadefi": ("ADAUSDM", "NIGHTUSDM"), "polymarket": ("101", "102")}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m venue_sandbox", description=__doc__)
    parser.add_argument("--venue", action="append", choices=VENUES, help="repeats; default: all")
    parser.add_argument(
        "--port-base", type=int, metavar="N", help="ports from N on; default: free ones"
    )
    parser.add_argument(
        "--orders", type=int, default=0, metavar="N", help="open orders at each venue"
    )
    given = parser.parse_args(arguments)
    try:
        with running(*(given.venue or ()), port_base=given.port_base) as sandbox:
            stock(sandbox, given.orders)
            for name, url in sandbox.urls.items():
                print(f"{name}  {url}")
                for keyword, value in sandbox.credentials(name).items():
                    print(f"  {keyword} = {value!r}")
            print("Ctrl-C ends", flush=True)
            sandbox.wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError) as error:
        print(f"venue_sandbox: {error}", file=sys.stderr)
        return 1
    return 0


def stock(sandbox: Sandbox, count: int) -> None:
    """Put in some open orders, in two symbols."""
    for name in sandbox.venues:
        for number in range(count):
            symbols = SYMBOLS.get(name, ("AAPL", "MSFT"))
            sandbox.book(name).add(symbols[number % 2], quantity=str(10 + number))


if __name__ == "__main__":
    sys.exit(main())
