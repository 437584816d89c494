"""Processes that write classes side by side, while the one that asks goes on."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, cast

from venuekit.modelling.pieces import GENERATOR, ModellingError, written

if TYPE_CHECKING:
    import subprocess
    from concurrent.futures import ThreadPoolExecutor

# What a keyboard sends to all, whoever asked passes on: it is ignored before anything is loaded.
# What is loaded stays: to look for cycles in it meanwhile is a tenth of the time that it takes.
_SERVE = """
import gc; gc.disable()
import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)
from venuekit.modelling.pieces import serve; serve()
"""

_WORTH = 6  # modules to write for which one more process pays
_MANY = 40  # modules for which that also is so where the process that asks has no core left


def writers() -> contextlib.AbstractContextManager[Writers | None]:
    """Writers, or none: once the generator is loaded here, a process more costs than it brings."""
    return contextlib.nullcontext() if GENERATOR in sys.modules else Writers()


class Writers:
    """Processes, at the most as many as there are cores, each begun when there is work for it."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []
        self._asked, self._most = 0, os.cpu_count() or 1
        self._threads: ThreadPoolExecutor | None = None

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
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        self._kill()
        for process in self._all:
            process.communicate()

    def _kill(self) -> None:
        """End the processes: what they were asked for is answered, or no longer wanted."""
        for process in self._all:
            process.kill()

    def hurry(self) -> None:
        """Begin the first process before there is work for it: it takes a while to load."""
        self._begin(1)

    def expect(self, modules: int) -> None:
        """Begin as many processes as so many modules need, where there was hurry for the first."""
        if self._all:
            self._begin(modules)

    def write(self, document: str, aliases: Mapping[str, str]) -> Callable[[], str]:
        """Have a module written; the result waits for it."""
        self._asked += 1
        self._begin(self._asked)
        if not self._all:
            return lambda: written(document, aliases)
        if not self._threads:  # imported while the first process loads
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(self._most)
        return self._threads.submit(self._ask, document, aliases).result

    def _ask(self, document: str, aliases: Mapping[str, str]) -> str:
        process = self._idle.get()
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

    def _begin(self, modules: int) -> None:
        """Begin the processes that are wanting for some modules."""
        most = self._most if modules >= _MANY else max(1, self._most - 1)
        wanted = min(1 + modules // _WORTH, most)
        with contextlib.suppress(OSError):  # where no more are to be had, fewer do the work
            while len(self._all) < wanted:
                self._all.append(_process())
                self._idle.put(self._all[-1])


def _process() -> subprocess.Popen[str]:
    import subprocess  # mostly, all classes are known

    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-c", _SERVE],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogatepass",
    )
