"""Faults of a project's own templates, told from those of this tool's."""

from __future__ import annotations

import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError

from venuekit.config import shown
from venuekit.diagnostics import Diagnostic, Fault, Place, Severity


@contextmanager
def blamed(folders: Sequence[Path]) -> Generator[None]:
    """Raise a `Fault` for an error within a project's template; all others pass as they are.

    The last of `folders` has the tool's own templates, where an error is a bug.
    """
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        found = _diagnostic(error, folders[:-1])
        if found is None:
            raise
        raise Fault(found) from error


def _diagnostic(error: Exception, theirs: Sequence[Path]) -> Diagnostic | None:
    place = _place(error, theirs)
    if place is None:
        return None
    match error:
        case UnicodeDecodeError():
            says, help = "is not UTF-8", "write it in UTF-8"
        case TemplateNotFound():
            says, help = f"there is no template '{error.name}'", "correct the name, or add it"
        case TemplateSyntaxError():
            says, help = str(error.message), "write it as Jinja has it"
        case _:
            says = f"{type(error).__name__}: {error}"
            help = "compare it with the tool's own template of this name, which may have changed"
    return Diagnostic("VK014", Severity.ERROR, says, place, help)


def _place(error: Exception, theirs: Sequence[Path]) -> Place | None:
    """Where a project's template fails: what it calls may fail for what it gives."""
    if isinstance(error, UnicodeDecodeError):  # by the loader, which does not say of which file
        unread = (file for folder in theirs for file in sorted(folder.rglob("*.jinja")))
        return next((Place(shown(file)) for file in unread if not _is_text(file)), None)
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or "", error.lineno
    else:
        frames = traceback.extract_tb(error.__traceback__)
        found = [frame for frame in frames if frame.filename.endswith(".jinja")]
        file, line = (found[-1].filename, found[-1].lineno or 1) if found else ("", 0)
    if not any(Path(file).is_relative_to(folder) for folder in theirs):
        return None
    return Place(shown(Path(file)), line, 1)


def _is_text(file: Path) -> bool:
    try:
        file.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True
