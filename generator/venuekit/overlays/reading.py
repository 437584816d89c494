"""An overlay document checked and read into its actions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal

from venuekit.diagnostics import Place, Report
from venuekit.overlays.queries import BadQuery, Query
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, locate, place_of

Path = tuple[str | int, ...]
Verb = Literal["update", "copy", "remove"]
Version = Literal["1.0", "1.1"]

_ROOT_FIELDS = frozenset({"overlay", "info", "extends", "actions"})
_INFO_FIELDS = {
    "1.0": frozenset({"title", "version"}),
    "1.1": frozenset({"title", "version", "description"}),
}
_ACTION_FIELDS = {
    "1.0": frozenset({"target", "description", "update", "remove"}),
    "1.1": frozenset({"target", "description", "update", "copy", "remove"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One change: where it is made, and what it says."""

    version: Version
    verb: Verb
    target: Query
    place: Place  # of the target
    value: JSON  # what an update adds
    value_place: Place
    source: Query | None  # what a copy takes


def read_actions(overlay: Map, report: Report) -> tuple[Action, ...] | None:
    """Check an overlay document and read its actions; None where it is unsound."""
    reader = _Reader(overlay, report)
    actions = reader.read()
    return actions if reader.sound else None


class _Reader:
    """Reads one overlay document, and knows whether it is sound so far."""

    def __init__(self, overlay: Map, report: Report) -> None:
        self.overlay = overlay
        self.report = report
        self.sound = True

    def read(self) -> tuple[Action, ...]:
        version = self._version()
        self._fields(self.overlay, (), _ROOT_FIELDS)
        self._string(self.overlay, (), "extends", required=False)
        info = self.overlay.get("info")
        if isinstance(info, Map):
            self._fields(info, ("info",), _INFO_FIELDS[version])
            self._string(info, ("info",), "title")
            self._string(info, ("info",), "version")
            self._string(info, ("info",), "description", required=False)
        else:
            self._problem(("info",), "an overlay needs an `info` object of title and version")
        actions = self.overlay.get("actions")
        if not isinstance(actions, Seq) or not actions:
            self._problem(("actions",), "an overlay needs a list of at least one action")
            return ()
        return tuple(self._actions(actions, version))

    def _version(self) -> Version:
        text = self.overlay.get("overlay")
        parts = text.split(".") if isinstance(text, str) else []
        if len(parts) == 3 and parts[2].isascii() and parts[2].isdigit():
            if parts[:2] == ["1", "0"]:
                return "1.0"
            if parts[:2] == ["1", "1"]:
                return "1.1"
        self._problem(
            ("overlay",),
            "an overlay states its version, 1.0.x or 1.1.x, as a string",
            "write `overlay: 1.1.0`",
        )
        return "1.1"

    def _actions(self, actions: Seq, version: Version) -> Iterator[Action]:
        seen: dict[str, int] = {}
        for index, action in enumerate(actions):
            path = ("actions", index)
            if not isinstance(action, Map):
                self._problem(path, "an action is an object")
                continue
            text = json.dumps(action, sort_keys=True)
            if text in seen:
                first = place_of(actions, seen[text])
                self._problem(path, f"the action is the same as the one at {first}")
            seen.setdefault(text, index)
            if (read := self._action(action, path, version)) is not None:
                yield read

    def _action(self, action: Map, path: Path, version: Version) -> Action | None:
        self._fields(action, path, _ACTION_FIELDS[version])
        self._string(action, path, "description", required=False)
        self._reason(action, path)
        target = self._query(action, path, "target")
        copies = version == "1.1" and "copy" in action
        source = self._query(action, path, "copy") if copies else None
        verb = self._verb(action, path)
        if target is None or verb is None:
            return None
        return Action(
            version=version,
            verb=verb,
            target=target,
            place=self._place((*path, "target")),
            value=action.get("update"),
            value_place=self._place((*path, verb)),
            source=source,
        )

    def _verb(self, action: Map, path: Path) -> Verb | None:
        removes = action.get("remove", False)
        if not isinstance(removes, bool):
            return self._problem((*path, "remove"), "`remove` is true or false")
        if removes:
            for other in ("update", "copy"):
                if other in action:
                    message = f"`{other}` has no effect beside `remove: true`"
                    self.report.warning(
                        "VK147", message, self._place((*path, other)), f"drop `{other}`"
                    )
            return "remove"
        if "update" in action and "copy" in action:
            return self._problem((*path, "copy"), "an action has `update` or `copy`, not both")
        if "update" in action:
            return "update"
        if "copy" in action:
            return "copy"
        if "remove" not in action:
            return self._problem(path, "an action needs one of `update`, `copy` and `remove`")
        self.sound = False
        message = "the action changes nothing: its `remove` is false"
        self.report.error("VK142", message, self._place((*path, "remove")), "drop the action")
        return None

    def _reason(self, action: Map, path: Path) -> None:
        reason = action.get("description", "")
        if isinstance(reason, str) and not reason.strip():
            field = "description" if "description" in action else "target"
            self.report.warning(
                "VK145",
                "the action gives no reason",
                self._place((*path, field)),
                "say in its `description` what the page gets wrong, and how one knows",
            )

    def _query(self, action: Map, path: Path, field: str) -> Query | None:
        text = action.get(field)
        if not isinstance(text, str):
            return self._problem((*path, field), f"an action's `{field}` is a JSONPath, a string")
        try:
            return Query(text)
        except BadQuery as error:
            self.sound = False
            self.report.error(
                "VK143",
                f"{text!r} is no JSONPath: {error}",
                self._place((*path, field)),
                "write it as RFC 9535 has it; a key that is no plain word goes into ['...']",
            )
            return None

    def _fields(self, node: Map, path: Path, known: frozenset[str]) -> None:
        for key in node:
            if key not in known and not key.startswith("x-"):
                names = ", ".join(sorted(known))
                self._problem((*path, key), f"unknown field `{key}`", f"known are {names} and x-*")

    def _string(self, node: Map, path: Path, field: str, *, required: bool = True) -> None:
        if (required or field in node) and not isinstance(node.get(field), str):
            state = "must be a string" if field in node else "is missing"
            self._problem((*path, field), f"`{field}` {state}")

    def _place(self, path: Path) -> Place:
        return locate(self.overlay, path)

    def _problem(self, path: Path, message: str, help: str = "") -> None:
        self.sound = False
        self.report.error("VK140", message, self._place(path), help)
