"""Two documents in, findings out."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.drift.components import compare_classes, compare_components, visit_unused
from venuekit.drift.endpoints import aligned, matched
from venuekit.drift.findings import Finding
from venuekit.drift.operations import Missing, compare_operations, compare_webhooks
from venuekit.drift.reading import Side
from venuekit.drift.security import compare_credentials
from venuekit.drift.servers import compare_servers, hosts
from venuekit.drift.walking import Walk
from venuekit.records import dataclass
from venuekit.sources import Map

_SEVERAL = 3  # operations that no two documents share by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What changed between two documents."""

    findings: tuple[Finding, ...]
    hints: tuple[str, ...] = ()
    old_title: str = ""
    new_title: str = ""
    accepted: tuple[Finding, ...] = ()


def compare(old: Map, new: Map, *, missing: Sequence[Missing] = ()) -> Drift:
    """Compare two documents; what describes an operation may be missing, which removes nothing."""
    walk = Walk(Side(old), Side(new))
    before, after, bases = aligned(walk.old, walk.new)
    compare_operations(walk, (before, after), missing)
    compare_webhooks(walk)
    walk.root(None, ("servers",), lambda: compare_servers(walk, bases))
    walk.root(None, ("credentials",), lambda: compare_credentials(walk))
    visit_unused(walk)
    walk.root(None, ("components",), lambda: compare_components(walk))
    walk.root(None, ("classes",), lambda: compare_classes(walk))
    findings = tuple(walk.findings())
    return Drift(
        findings=findings,
        hints=_hints(walk, any(f.rule != "source-missing" for f in findings)),
        old_title=_title(walk.old),
        new_title=_title(walk.new),
    )


def are_of_one_api(old: Map, new: Map) -> bool:
    """Whether two documents may describe the same API: by title, by host, or else by paths.

    Where both the title and the host have changed, it takes half of the operations, and several.
    """
    one, other = Side(old), Side(new)
    titles = {side.node.get("info").text("title").casefold().strip() for side in (one, other)}
    if len(titles) == 1:
        return True
    before, after = hosts(one), hosts(other)
    if before & after:
        return True
    left, right, _ = aligned(one, other)
    same = len(matched(left, right))
    if before and after:
        return same >= max(_SEVERAL, min(len(left), len(right)) / 2)
    return same > 0 or not left


def _hints(walk: Walk, changed: bool) -> tuple[str, ...]:
    one, other = _version(walk.old), _version(walk.new)
    if one != other and not changed:
        return (
            f"info.version moved from {one} to {other} without a change: fetch all pages again",
        )
    if one == other and changed:
        return (f"info.version stood still at {one} through these changes",)
    return ()


def _version(side: Side) -> str:
    return str(side.node.get("info").map.get("version", ""))


def _title(side: Side) -> str:
    title = side.node.get("info").text("title") or "untitled"
    return f"{title} {_version(side)}".strip()
