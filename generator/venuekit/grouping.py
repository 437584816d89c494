"""The operations of a large document by tag, so that each module has a size to read."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass

from venuekit import naming
from venuekit.ir import Api, Operation

_DEVICES = {"aux", "con", "nul", "prn"}  # of Windows: no file may have their names
_MANY = 50  # operations that one module takes


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that share a module, by the module's name."""

    name: str
    operations: tuple[Operation, ...]

    @property
    def names(self) -> str:
        """The names of its methods, with spaces between."""
        return " ".join(operation.name for operation in self.operations)


def is_parted(api: Api) -> bool:
    """Whether the client is too large for one module."""
    return len(api.operations) > _MANY


def groups(api: Api) -> tuple[Group, ...]:
    """The operations by their first tag, or by the first part of their path; none if there are few.

    A group that is still too large is parted by the next parts of the paths.
    """
    if not is_parted(api):
        return ()
    found: dict[str, list[Operation]] = {}
    for operation in api.operations:
        tag = operation.tags[0] if operation.tags else _segment(operation, 0)
        found.setdefault(naming.snake(tag) or "other", []).append(operation)
    parted = {
        name: part
        for tag, operations in found.items()
        for name, part in _parted(tag, operations, 0).items()
    }
    return tuple(Group(_module(name), tuple(parted[name])) for name in sorted(parted))


def _module(name: str) -> str:
    """A name that a module can have, on every system."""
    if not name.isidentifier():
        return f"tag_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _DEVICES else name


def _parted(name: str, operations: Sequence[Operation], depth: int) -> dict[str, list[Operation]]:
    if len(operations) <= _MANY or not any(_segment(o, depth) for o in operations):
        return {name: list(operations)}
    parts: dict[str, list[Operation]] = {}
    for operation in operations:
        parts.setdefault(naming.snake(_segment(operation, depth)), []).append(operation)
    found: dict[str, list[Operation]] = {}
    for part, members in parts.items():
        inner = f"{name}_{part}" if part and len(parts) > 1 else name
        for key, chosen in _parted(inner, members, depth + 1).items():
            found.setdefault(key, []).extend(chosen)
    return found


def _segment(operation: Operation, number: int) -> str:
    """A part of the path that is no parameter; empty behind the last."""
    fixed = [part for part in operation.path.split("/") if part and "{" not in part]
    return fixed[number] if number < len(fixed) else ""
