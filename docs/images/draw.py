"""Draw `demo.svg`: what `venue-desk demo` prints on a terminal. `nox -s picture` runs this."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from html import escape
from pathlib import Path
from unittest import mock

from venue_desk.command import main

PICTURE = Path(__file__).with_name("demo.svg")
TIME, SHOWN = re.compile(r"at \d\d:\d\d:\d\dZ"), "at 14:30:00Z"  # the same picture at any hour
STYLES = {"32": 'fill="#3fb950"', "31": 'fill="#f85149"', "33": 'fill="#d29922"'}
CHARACTER, LINE, MARGIN, TOP = 8.43, 20, 20, 50  # pixels


class Terminal(io.StringIO):
    """Takes what is printed, and says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed() -> list[str]:
    """The lines of the demo, with their colours."""
    terminal = Terminal()
    with contextlib.redirect_stdout(terminal), mock.patch.dict("os.environ", clear=False) as given:
        given.pop("NO_COLOR", None)
        code = main(["demo"])
    if code:
        sys.exit(f"the demo ended with {code}")
    return ["$ venue-desk demo", *TIME.sub(SHOWN, terminal.getvalue()).splitlines()]


def drawn(lines: list[str]) -> str:
    """The picture of some lines of a terminal."""
    longest = max(len(re.sub("\033\\[[0-9]*m", "", line)) for line in lines)
    width, height = round(longest * CHARACTER) + 2 * MARGIN, TOP + len(lines) * LINE
    label = escape(re.sub("\033\\[[0-9]*m", "", "; ".join(lines)), quote=True)
    dots = zip((22, 42, 62), ("#ff5f56", "#ffbd2e", "#27c93f"), strict=True)
    font = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
    size = f'width="{width}" height="{height}"'
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">',
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
        "".join(f'<circle cx="{x}" cy="18" r="6" fill="{colour}"/>' for x, colour in dots),
        f'<g font-family="{font}" font-size="14" fill="#e6edf3">',
    ]
    for number, line in enumerate(lines):
        text = re.sub("\033\\[0m", "</tspan>", escape(line))
        text = re.sub("\033\\[([0-9]+)m", lambda m: f"<tspan {STYLES[m[1]]}>", text)
        rows.append(f'<text x="20" y="{TOP + number * LINE}" xml:space="preserve">{text}</text>')
    return "\n".join([*rows, "</g>", "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawn(printed()), encoding="utf-8", newline="\n")
