"""Bytes of a file, and the text that they are."""

from __future__ import annotations

import codecs
import errno
import os
from pathlib import Path

from venuekit.diagnostics import Place, Report
from venuekit.sources.limits import SIZE

_CHUNK = 1 << 20
_SAVE = "save it as UTF-8"
# How files begin that are no text in UTF-8: what they are, and what to do.
_MARKS = {
    codecs.BOM_UTF32_LE: ("text in UTF-32", _SAVE),
    codecs.BOM_UTF32_BE: ("text in UTF-32", _SAVE),
    codecs.BOM_UTF16_LE: ("text in UTF-16", _SAVE),
    codecs.BOM_UTF16_BE: ("text in UTF-16", _SAVE),
    b"\x1f\x8b": ("compressed by gzip", "decompress it"),
    b"PK\x03\x04": ("a zip archive", "extract the document from it"),
}


def bounded(path: Path) -> bytes:
    """The bytes of a file, or of whatever yields bytes; OSError where they are too many."""
    with path.open("rb") as file:
        data = bytearray()
        if os.fstat(file.fileno()).st_size <= SIZE:
            while len(data) <= SIZE and (more := file.read(_CHUNK)):
                data += more
            if len(data) <= SIZE:
                return bytes(data)
    raise OSError(errno.EFBIG, f"it has more than {SIZE >> 20} MB")


def read_bytes(path: Path, file: str, report: Report) -> bytes | None:
    """The bytes of a file, shown to people as `file`; None if an error was reported."""
    try:
        return bounded(path)
    except IsADirectoryError:
        report.error("VK100", "this is a folder, not a file", Place(file), help="name a file in it")
    except (OSError, ValueError) as failed:
        reason = failed.strerror if isinstance(failed, OSError) else str(failed)
        report.error("VK100", f"the file cannot be read: {reason or failed}", Place(file))
    return None


def decode(data: bytes, file: str, report: Report) -> str | None:
    """The text of bytes in UTF-8, without a byte order mark; None if an error was reported."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if what := next((what for mark, what in _MARKS.items() if data.startswith(mark)), None):
        report.error("VK101", f"the file is {what[0]}", Place(file, 1, 1), help=what[1])
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as broken:
        before = data[: broken.start].decode("utf-8")
        report.error(
            "VK101",
            f"the file is no text in UTF-8: byte 0x{data[broken.start]:02x}",
            _end(before, file),
            help=_SAVE,
        )
        return None
    if (offset := text.find("\0")) >= 0:
        says = "the file is no text: it holds a null byte"
        report.error("VK101", says, _end(text[:offset], file), help=_SAVE)
        return None
    return text


def _end(before: str, file: str) -> Place:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(file, len(lines), len(lines[-1]) + 1)
