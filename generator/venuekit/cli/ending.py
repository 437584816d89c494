"""Signals that end a run: it undoes what it has begun, and says by its exit code which it was."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType
from typing import NoReturn

_SIGNALS = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


@contextlib.contextmanager
def ended_in_order() -> Generator[None]:
    """End by SystemExit of 128 and the signal's number, as shells count, where one would kill us.

    A signal that somebody ignores (nohup) or handles is left alone.
    """
    before: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():
        found = (getattr(signal, name, None) for name in _SIGNALS)
        before = [s for s in found if s is not None and signal.getsignal(s) is signal.SIG_DFL]
    for each in before:
        signal.signal(each, _end)
    try:
        yield
    finally:
        for each in before:
            signal.signal(each, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
