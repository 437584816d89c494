"""Files on the disk, of which a document may refer to those of its own folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from venuekit.bundling.library import Refusal
from venuekit.config import shown
from venuekit.records import dataclass
from venuekit.sources import bounded

_MISSING = Refusal("VK205", "which does not exist", is_missing=True)


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a root; others only where that is allowed.

    `home` is the folder that files are called after in records.
    """

    root: Path
    home: Path
    is_open: bool = False

    def locate(self, base: str, path: str) -> str | Refusal:
        try:
            found = Path(os.path.realpath(os.path.join(os.path.dirname(base), path)))
        except ValueError:
            return _MISSING
        root = Path(os.path.realpath(self.root))
        if not self.is_open and not found.is_relative_to(root):
            return Refusal(
                "VK120",
                f"which leads out of '{shown(self.root)}' and is not read",
                "copy it there, or allow it with --allow-outside",
            )
        return str(found)

    def read(self, location: str) -> bytes | Refusal:
        path = Path(location)
        try:
            if not path.exists():
                return _MISSING
            if not path.is_file():
                return Refusal("VK100", "which is no file", "name a file in it")
            return bounded(path)
        except (OSError, ValueError) as failed:
            reason = failed.strerror if isinstance(failed, OSError) else str(failed)
            return Refusal("VK100", f"which cannot be read: {reason or failed}")

    def shown(self, location: str) -> str:
        return shown(Path(location))

    def label(self, location: str) -> str:
        home = os.path.realpath(self.home)
        return PurePosixPath(os.path.relpath(location, home)).as_posix()
