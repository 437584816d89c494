"""Documents that somebody has broken: nodes deleted, retyped, renamed, moved and repeated."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, "", " ", "a", "null", "200", "#/", "#",
    "#/components/schemas/None", "#/paths", "../x.yaml#/a", "https://h.test/x.json#/b", "/{x}/{x}",
    "{", "}{", "string", "object", "array", "3.0.0", "[", "(?<!", "(a+)+$", "\n", '"""', "\\",
    "\u2028", "\x00", "\ud7ff", "ﬁ", "\u202e", "__class__", "None", "é" * 300,
    [], [None], [[]], [{}], ["a", "a"], {}, {"": {}}, {"$ref": "#"}, {"$ref": 1},
    {"type": "string"},
    {"type": ["object", "null"]}, {"allOf": []}, {"allOf": [{}]}, {"oneOf": [True, False]},
    {"enum": []}, {"enum": [None, {}, [], 1, "1", 1.0, True]}, {"const": {"a": [1]}},
    {"not": {}}, {"properties": {"a": True}}, {"items": False}, {"type": "array"},
    {"$ref": "#/components/schemas/a/properties/b"}, {"x": {"y": {"z": []}}},
)  # fmt: skip

_KEYS = (
    "", "$ref", "type", "properties", "items", "allOf", "oneOf", "anyOf", "enum", "const",
    "default",
    "example", "discriminator", "required", "schema", "content", "parameters", "name", "in", "200",
    "2XX", "default", "get", "trace", "/", "/{a}", "x-signature", "nullable",
    "additionalProperties",
    "self", "None", "class", "__init__", "model_config", "a b", "é", "\n",
)  # fmt: skip


def paths(node: Any, path: Path = ()) -> Iterator[Path]:
    """Every node of a value, by its path."""
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from paths(value, (*path, index))


def at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step]
    return root


def _scalar() -> st.SearchStrategy[Any]:
    return st.one_of(
        st.sampled_from(STRANGE).map(copy.deepcopy),  # what is drawn next may change it
        st.text(max_size=8),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
    )


def values() -> st.SearchStrategy[Any]:
    """JSON of any kind, mostly of the kind that a document would have nearly."""
    return st.recursive(
        _scalar(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.one_of(st.sampled_from(_KEYS), st.text(max_size=5)), inner, max_size=3
            ),
        ),
        max_leaves=6,
    )


def _delete(draw: st.DrawFn, root: Any, path: Path) -> None:
    del at(root, path[:-1])[path[-1]]


def _replace(draw: st.DrawFn, root: Any, path: Path) -> None:
    at(root, path[:-1])[path[-1]] = draw(values())


def _retype(draw: st.DrawFn, root: Any, path: Path) -> None:
    """The same, said in another type."""
    above, old = at(root, path[:-1]), at(root, path)
    turned: tuple[Callable[[], Any], ...] = (
        lambda: [old],
        lambda: {"value": old},
        lambda: str(old),
        lambda: list(old) if isinstance(old, dict) else {"0": old},
        lambda: {str(i): v for i, v in enumerate(old)} if isinstance(old, list) else None,
        lambda: {"allOf": [old]},
        lambda: {
            "$ref": "#/" + "/".join(str(s).replace("~", "~0").replace("/", "~1") for s in path)
        },
        lambda: -1,
    )
    above[path[-1]] = draw(st.sampled_from(turned))()


def _rename(draw: st.DrawFn, root: Any, path: Path) -> None:
    above = at(root, path[:-1])
    key = draw(st.one_of(st.sampled_from(_KEYS), st.text(max_size=6)))
    if isinstance(above, dict):
        above[key] = above.pop(path[-1])
    else:
        above.insert(0, above[path[-1]])


def _move(draw: st.DrawFn, root: Any, path: Path) -> None:
    """A copy of another part of the document."""
    others = list(paths(root))
    other = others[draw(st.integers(0, len(others) - 1))]
    at(root, path[:-1])[path[-1]] = copy.deepcopy(at(root, other))


def _refer(draw: st.DrawFn, root: Any, path: Path) -> None:
    """A reference to another part of the document, or around in a circle."""
    others = list(paths(root))
    other = others[draw(st.integers(0, len(others) - 1))]
    steps = "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in other)
    at(root, path[:-1])[path[-1]] = {"$ref": f"#{steps}"}


def _extend(draw: st.DrawFn, root: Any, path: Path) -> None:
    node = at(root, path)
    if isinstance(node, dict):
        node[draw(st.one_of(st.sampled_from(_KEYS), st.text(max_size=6)))] = draw(values())
    elif isinstance(node, list):
        node.append(draw(values()))
    else:
        at(root, path[:-1])[path[-1]] = draw(values())


_WAYS = (_delete, _replace, _retype, _rename, _move, _refer, _extend)


@st.composite
def broken(draw: st.DrawFn, seed: Any, most: int = 4) -> Any:
    """A document with up to `most` things done to it."""
    root = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, most))):
        known = [path for path in paths(root) if path]
        if not known:
            break
        path = known[draw(st.integers(0, len(known) - 1))]
        draw(st.sampled_from(_WAYS))(draw, root, path)
    return root
