"""A function in a child process: what it returns, how long it takes, how much memory it needs."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TICK = 0.02


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    value: Any  # JSON; None where it failed
    said: str  # its traceback or signal; empty where it returned
    seconds: float
    megabytes: int


def in_child(work: Callable[[], Any], seconds: float) -> Ended:
    """Call a function of which nothing stays in this process but what it returns, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        begun = time.monotonic()
        with warnings.catch_warnings():  # of threads: the child starts none of them
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            _answer(work, answer)
        status, usage = _ended(child, begun + seconds)
        taken = time.monotonic() - begun
        found: dict[str, Any] = {}
        if answer.exists() and status == 0:
            found = json.loads(answer.read_text(encoding="utf-8"))
        scale = 2**20 if sys.platform == "darwin" else 2**10
        killed = f"ended with status {status} after {taken:.0f} s"
        said = found.get("said", "") if found else killed
        return Ended(found.get("value"), said, taken, round(usage / scale))


def _answer(work: Callable[[], Any], path: Path) -> None:
    """The child's life."""
    status = 1
    try:
        os.setpgid(0, 0)
        try:
            found = {"value": work()}
        except BaseException:  # noqa: BLE001 - whatever it is, it is what the child has to say
            found = {"said": " < ".join(reversed(traceback.format_exc(limit=-3).splitlines()))}
        path.write_text(json.dumps(found), encoding="utf-8")
        status = 0
    finally:
        os._exit(status)


def _ended(child: int, until: float) -> tuple[int, int]:
    """Wait for a child, and for no longer than a time; its status and its peak memory."""
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss
        time.sleep(_TICK)
