"""Processes that write classes side by side, while the one that asks goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import cast

from venuekit.modelling.pieces import ModellingError, written

_SERVE = "from venuekit.modelling.pieces import serve; serve()"


class Writers:
    """As many processes as there are cores, each begun when there is work for it."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1)

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

    def _kill(self) -> None:
        """End the processes: what they were asked for is answered, or no longer wanted."""
        for process in self._all:
            process.kill()
            process.communicate()

    def write(self, document: str, aliases: Mapping[str, str]) -> Callable[[], str]:
        """Have a module written; the result waits for it."""
        return self._threads.submit(self._ask, document, aliases).result

    def _ask(self, document: str, aliases: Mapping[str, str]) -> str:
        try:
            process = self._idle.get_nowait()
        except Empty:
            try:
                process = self._begun()
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
        if not line:
            raise ModellingError(f"the process that writes classes ended with {process.wait()}")
        self._idle.put(process)
        answer = cast("dict[str, str]", json.loads(line))
        if "module" not in answer:
            raise ModellingError(answer["error"])
        return answer["module"]

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
