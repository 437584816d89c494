"""The forms that findings are given out in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from venuekit.drift.comparing import Drift
from venuekit.drift.exchange import as_github, as_json, as_junit, as_sarif
from venuekit.drift.listing import as_markdown
from venuekit.drift.page import as_html

FORMATS: Mapping[str, Callable[[Drift], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "markdown": as_markdown,
    "html": as_html,
    "junit": as_junit,
}
"""Those for programs and pages; text is for terminals and knows colour."""
