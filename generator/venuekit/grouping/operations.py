"""The operations of a large document by tag, so that each module has a size to read."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit import naming
from venuekit.ir import Api, Operation
from venuekit.records import dataclass

_MANY = 50  # operations that a client has in one module
_LONG = 1_500  # lines of a module
_SHORT = 300  # lines that are not worth a module


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

    @property
    def streamed(self) -> str:
        """The names of those whose answers can be read as they arrive."""
        return " ".join(o.name for o in self.operations if o.items or o.is_download)

    @property
    def paged(self) -> str:
        """The names of those that are listings with pages."""
        return " ".join(o.name for o in self.operations if o.pagination)


def is_parted(api: Api) -> bool:
    """Whether the client is too large for one module."""
    return len(api.operations) > _MANY


def groups(api: Api) -> tuple[Group, ...]:
    """The operations in modules; none if there are few."""
    return by_tag(api) if is_parted(api) else ()


def by_tag(api: Api) -> tuple[Group, ...]:
    """The operations by their first tag, or by the first part of their path.

    A group that is too long for a module is parted by the next parts of the paths.
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
    """Take the larger parts of a group out of it, until the others fit into one module."""
    remains = sum(map(_extent, operations))
    if remains <= _LONG or not any(_segment(o, depth) for o in operations):
        return {name: list(operations)}
    parts: dict[str, list[Operation]] = {}
    for operation in operations:
        segment = _segment(operation, depth)
        parts.setdefault(naming.snake(segment) if segment else "", []).append(operation)
    if len(parts) == 1:  # a part that all have
        return _parted(name, operations, depth + 1)
    sizes = {part: sum(map(_extent, members)) for part, members in parts.items()}
    found: dict[str, list[Operation]] = {}
    left = dict(parts)
    for part in sorted(parts.keys() - {""}, key=lambda part: (-sizes[part], part)):
        if remains <= _LONG or sizes[part] < _SHORT:
            break
        remains -= sizes[part]
        for key, chosen in _parted(f"{name}_{part}", left.pop(part), depth + 1).items():
            found.setdefault(key, []).extend(chosen)
    rest = {id(operation) for members in left.values() for operation in members}
    kept = [operation for operation in operations if id(operation) in rest]
    return {name: kept, **found} if kept else found


def _extent(operation: Operation) -> int:
    """About how many lines an operation takes, in all of its forms."""
    return 50 + 25 * (len(operation.parameters) + (operation.body is not None))


def _segment(operation: Operation, number: int) -> str:
    """A part of the path that is no parameter; empty behind the last."""
    fixed = [part for part in operation.path.split("/") if part and "{" not in part]
    return fixed[number] if number < len(fixed) else ""
