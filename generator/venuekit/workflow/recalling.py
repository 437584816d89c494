"""Clients that an earlier run has made of the same inputs, by the same code."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from venuekit import comparison, installed, output, provenance
from venuekit.caching import Cache, code, key_of
from venuekit.config import ClientSettings, SourceFile, shown
from venuekit.diagnostics import Diagnostic, Place, Severity
from venuekit.records import dataclass


@dataclass(frozen=True, slots=True)
class Recalled:
    """A client, and what was to be said of it."""

    client: comparison.Client
    diagnostics: tuple[Diagnostic, ...]


def keys(
    clients: Mapping[PurePosixPath, ClientSettings], templates: Iterable[Path], http: str
) -> dict[PurePosixPath, str]:
    """The hash of all that decides the bytes of each client whose inputs can be read."""
    try:
        common = _common(templates, http)
    except OSError:
        return {}
    found: dict[PurePosixPath, str] = {}
    for folder, settings in clients.items():
        with contextlib.suppress(OSError):
            inputs = [
                part
                for source in (*settings.sources, *settings.overlays)
                for part in (shown(source.path), _contents(source))
            ]
            found[folder] = key_of("client", common, repr(settings), *inputs)
    return found


def _common(templates: Iterable[Path], http: str) -> str:
    """The hash of what decides the bytes of all clients."""
    texts = [
        part
        for folder in templates
        for path in sorted(folder.rglob("*.jinja"))
        for part in (str(path.relative_to(folder)), path.read_bytes())
    ]
    return key_of(code(), repr(installed.everything()), http, *texts)


def _contents(source: SourceFile) -> bytes:
    return source.path.read_bytes() if source.data is None else source.data


def recall(
    clients: Mapping[PurePosixPath, ClientSettings],
    keys: Mapping[PurePosixPath, str],
    cache: Cache,
) -> dict[PurePosixPath, Recalled]:
    """What is known of some clients, by their keys."""
    known = cache.get(keys.values())
    return {
        folder: _read(json.loads(known[key]), clients[folder])
        for folder, key in keys.items()
        if key in known
    }


def _read(entry: dict[str, Any], settings: ClientSettings) -> Recalled:
    files = {PurePosixPath(path): text for path, text in entry["files"].items()}
    origin = provenance.read(files[PurePosixPath(output.PROVENANCE)].encode())
    assert origin is not None
    diagnostics = tuple(
        Diagnostic(
            code=found["code"],
            severity=Severity(found["severity"]),
            message=found["message"],
            place=Place(**found["place"]) if found["place"] else None,
            help=found["help"],
        )
        for found in entry["diagnostics"]
    )
    client = comparison.Client(
        name=settings.name, files=files, provenance=origin, labels=labels(settings)
    )
    return Recalled(client, diagnostics)


def kept(client: comparison.Client, diagnostics: Iterable[Diagnostic]) -> str:
    """The text by which a client is remembered."""
    return json.dumps(
        {
            "files": {str(path): text for path, text in client.files.items()},
            "diagnostics": [
                {
                    "code": found.code,
                    "severity": found.severity.value,
                    "message": found.message,
                    "place": asdict(found.place) if found.place else None,
                    "help": found.help,
                }
                for found in diagnostics
            ],
        }
    )


def labels(settings: ClientSettings) -> dict[str, str]:
    """How the inputs of a client are shown, by their files."""
    return {file.file: shown(file.path) for file in (*settings.sources, *settings.overlays)}
