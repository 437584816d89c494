"""The operations of a large document by tag, so that each module has a size to read."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit import naming
from venuekit.ir import Api, Operation
from venuekit.records import dataclass

_MANY = 50  # operations that one module takes


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that share a module, by the module's name."""

    name: str
    operations: tuple[Operation, ...]
    tag: str  # as a name, which groups may share that were too large for one module

    @property
    def names(self) -> str:
        """The names of its methods, with spaces between."""
        return " ".join(operation.name for operation in self.operations)


def is_parted(api: Api) -> bool:
    """Whether the client is too large for one module."""
    return len(api.operations) > _MANY


def groups(api: Api) -> tuple[Group, ...]:
    """The operations in modules; none if there are few."""
    return by_tag(api) if is_parted(api) else ()


def by_tag(api: Api) -> tuple[Group, ...]:
    """The operations by their first tag, or by the first part of their path.

    A group that is too large is parted by the next parts of the paths.
    """
    found: dict[str, list[Operation]] = {}
    for operation in api.operations:
        tag = operation.tags[0] if operation.tags else _segment(operation, 0)
        found.setdefault(naming.snake(tag) if tag else "other", []).append(operation)
    parted: dict[str, list[Operation]] = {}
    tags: dict[str, str] = {}
    for tag, operations in found.items():
        for name, part in _parted(tag, operations, 0).items():
            parted.setdefault(name, []).extend(part)
            tags[name] = tag if tags.get(name, tag) == tag else name
    return tuple(
        Group(naming.module(name), tuple(parted[name]), naming.module(tags[name]))
        for name in sorted(parted)
    )


def _parted(name: str, operations: Sequence[Operation], depth: int) -> dict[str, list[Operation]]:
    if len(operations) <= _MANY or not any(_segment(o, depth) for o in operations):
        return {name: list(operations)}
    parts: dict[str, list[Operation]] = {}
    for operation in operations:
        segment = _segment(operation, depth)
        parts.setdefault(naming.snake(segment) if segment else "", []).append(operation)
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
