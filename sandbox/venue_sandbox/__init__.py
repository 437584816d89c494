"""Five simulated venues on loopback, for tests and for the demo."""

from venue_sandbox.book import (
    CANCELS,
    FILLS,
    LOST,
    REFUSES,
    STUCK,
    Book,
    Clock,
    Fate,
    Order,
    Status,
)
from venue_sandbox.faults import KINDS, PHASES, Fault
from venue_sandbox.limits import Bucket, Window
from venue_sandbox.serving import VENUES, Sandbox, running
from venue_sandbox.venue import Seen, Venue

__all__ = [
    "CANCELS", "FILLS", "KINDS", "LOST", "PHASES", "REFUSES", "STUCK", "VENUES", "Book", "Bucket",
    "Clock", "Fate", "Fault", "Order", "Sandbox", "Seen", "Status", "Venue", "Window", "running",
]  # fmt: skip
