"""A text and its places: JSON and YAML in, values out that know where they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venuekit.diagnostics import Report
from venuekit.sources.files import bounded, decode, read_bytes
from venuekit.sources.json import read_json
from venuekit.sources.pointers import (
    child,
    escape,
    locate,
    pointer,
    scheme_name,
    step,
    tokens_of,
    unescape,
)
from venuekit.sources.tree import (
    JSON,
    Float,
    Map,
    Origin,
    Seq,
    append,
    clone,
    new_map,
    new_seq,
    place_of,
    put,
    remove,
)
from venuekit.sources.types import TYPES, is_of_type
from venuekit.sources.writing import written

__all__ = [
    "JSON",
    "TYPES",
    "Float",
    "Map",
    "Seq",
    "append",
    "bounded",
    "child",
    "clone",
    "decode",
    "escape",
    "is_of_type",
    "locate",
    "new_map",
    "new_seq",
    "place_of",
    "pointer",
    "put",
    "read",
    "read_bytes",
    "read_json",
    "read_yaml",
    "remove",
    "scheme_name",
    "step",
    "tokens_of",
    "unescape",
    "written",
]


def read_yaml(
    text: str,
    file: str,
    report: Report,
    *,
    line: int = 1,
    column: int = 1,
    margins: Sequence[int] = (),
    hints: bool = False,
) -> JSON:
    """Read a YAML text; None if an error was reported.

    `line`, `column` and `margins` say where the text stands in its file, see `Origin`. `hints` is
    for texts that are ours to edit: it warns of values in `enum` and `const` that other tools,
    which read YAML 1.1, would not take for strings.
    """
    from venuekit.sources import yaml  # takes longer to import than most JSON to be read

    origin = Origin(file, text, line, column, margins)
    return yaml.read(origin, report, hints=hints)


_JSON = re.compile(r"\s*[{\[]")


def read(
    text: str,
    file: str,
    report: Report,
    *,
    line: int = 1,
    column: int = 1,
    margins: Sequence[int] = (),
    hints: bool = False,
) -> JSON:
    """Read a text by its content: JSON if it begins with a bracket, else YAML.

    None if an error was reported. See `read_json` and `read_yaml`.
    """
    if _JSON.match(text):
        return read_json(text, file, report, line=line, column=column, margins=margins)
    return read_yaml(text, file, report, line=line, column=column, margins=margins, hints=hints)
