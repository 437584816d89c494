"""What the benchmarks share: sides timed in turn, and rows that compare two of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Times = Sequence[float]
"""Seconds, one a round."""


class MeasurementError(Exception):
    """What should be timed did not do its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are, and how often whole processes are run."""

    root: Path
    peers: Path
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Two sides of one comparison, timed in the same rounds; or what memory they took."""

    what: str
    peer: str
    times: Times
    peer_times: Times
    measure: Literal["ratio", "beyond"] = "ratio"
    unit: Literal["s", "MB"] = "s"
    target: float | None = None

    @property
    def least(self) -> float:
        """What the fastest rounds say."""
        return self._compared(min)

    @property
    def median(self) -> float:
        """What the middle rounds say."""
        return self._compared(statistics.median)

    @property
    def verdict(self) -> str:
        """Whether the target is met, by the fastest and by the middle rounds."""
        if self.target is None:
            return ""
        return "ok" if max(self.least, self.median) <= self.target else "MISSED"

    def _compared(self, summary: Callable[[Times], float]) -> float:
        ours, peer = summary(self.times), summary(self.peer_times)
        return ours - peer if self.measure == "beyond" else ours / peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A comparison that this machine cannot make."""

    what: str
    why: str


Subject = Callable[[Settings], Iterator[Row | Skipped]]


def interleave(
    sides: Mapping[str, Callable[[], object]], *, rounds: int, calls: int = 1
) -> dict[str, list[float]]:
    """Time every side once a round, in turns that reverse; one round before them does not count.

    `calls` is how often a side does its work in one go; the result is the seconds of once.
    """
    times: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name in list(sides)[:: 1 if number % 2 else -1]:
            seconds = timed(sides[name])
            if number:
                times[name].append(seconds / calls)
    return times


def timed(side: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    side()
    return time.perf_counter() - began


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run a whole process to its end; one that fails measures nothing."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=_environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise MeasurementError(f"{Path(command[0]).name} ended with {done.returncode}: {said}")


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """The environment of a process, which keeps bytecode: what pip has installed is compiled."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **(more or {})}


def used(
    command: Sequence[str | Path],
    folder: Path,
    expected: int = 0,
    environment: Mapping[str, str] | None = None,
) -> tuple[float, float, float]:
    """Seconds, processor seconds and megabytes that a process takes, with those that it starts."""
    began = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=_environment(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        said = " ".join(str(part) for part in command[1:])
        raise MeasurementError(f"{said} ended with {process.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / unit
