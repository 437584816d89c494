"""Processes that write classes side by side, while the one that asks goes on."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import cast

from venuekit.modelling.pieces import GENERATOR, ModellingError, written

# What a keyboard sends to all, whoever asked passes on: it is ignored before anything is loaded.
_SERVE = """
import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)
from venuekit.modelling.pieces import serve; serve()
"""

_WORTH = 6  # modules to write for which one more process pays


def writers() -> contextlib.AbstractContextManager[Writers | None]:
    """Writers, or none: once the generator is loaded here, a process more costs than it brings."""
    return contextlib.nullcontext() if GENERATOR in sys.modules else Writers()


class Writers:
    """Processes, at the most as many as there are cores, each begun when there is work for it."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []
        self._lock, self._asked, self._is_over = threading.Lock(), 0, False
        self._most = (os.cpu_count() or 1) - 1  # besides the first
        self._threads = ThreadPoolExecutor(self._most + 1)

    def __enter__(self) -> Writers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._kill()
        self._threads.shutdown(cancel_futures=True)
        self._kill()
        for process in self._all:
            process.communicate()

    def _kill(self) -> None:
        """End the processes: what they were asked for is answered, or no longer wanted."""
        with self._lock:
            self._is_over = True
            for process in self._all:
                process.kill()

    def hurry(self) -> None:
        """Begin the first process before there is work for it: it takes a while to load."""
        with self._lock, contextlib.suppress(OSError):  # where it fails, the work will say so
            self._idle.put(self._begun())

    def write(self, document: str, aliases: Mapping[str, str]) -> Callable[[], str]:
        """Have a module written; the result waits for it."""
        self._asked += 1
        return self._threads.submit(self._ask, document, aliases).result

    def _ask(self, document: str, aliases: Mapping[str, str]) -> str:
        try:
            process = self._free()
        except OSError:  # no more processes are to be had
            return written(document, aliases)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"document": document, "aliases": aliases}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        self._idle.put(process)  # also one that has ended: whoever takes it learns that, too
        if not line:
            raise ModellingError(f"the process that writes classes ended with {process.wait()}")
        answer = cast("dict[str, str]", json.loads(line))
        if "module" not in answer:
            raise ModellingError(answer["error"])
        return answer["module"]

    def _free(self) -> subprocess.Popen[str]:
        """A process that has nothing to do; one more where there is enough for it."""
        with self._lock:
            if (
                not self._is_over
                and self._idle.empty()
                and len(self._all) <= min(self._asked // _WORTH, self._most)
            ):
                return self._begun()
            if not self._all:
                raise ModellingError("no process that writes classes was begun")
        return self._idle.get()

    def _begun(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _SERVE],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogatepass",
        )
        self._all.append(process)
        return process
