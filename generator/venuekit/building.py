"""A document and its settings into the modules of a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from venuekit.caching import Cache
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.ir import Api
from venuekit.modelling import classes
from venuekit.modelling.writers import Writers
from venuekit.normalisation import normalise
from venuekit.records import dataclass
from venuekit.sources import Map


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The modules of a client, not yet formatted, and the model that they were made from.

    `models` waits for the classes, and makes the modules that hold them; `modules` are the others.
    """

    api: Api
    modules: dict[PurePosixPath, str]
    models: Callable[[], dict[PurePosixPath, str]]

    @property
    def operations(self) -> tuple[tuple[str, str, str, str], ...]:
        """The id, method, path and name of each operation."""
        return tuple((o.id, o.method, o.path, o.name) for o in self.api.operations)


def begin(
    document: Map,
    settings: ClientSettings,
    *,
    templates: Sequence[Path],
    http: str,
    report: Report,
    urls: Mapping[str, str] | None = None,
    writers: Writers | None = None,
    cache: Cache | None = None,
) -> Callable[[], Client] | None:
    """Begin to make the modules of a client; None where an error was reported.

    `urls` says where documents were fetched from, by their files. `writers` write the classes
    beside this process, `cache` knows those of earlier runs.
    """
    if writers:
        writers.expect(_least(document) // classes.SIZE)
    api = normalise(document, settings, report, http=http, urls=urls)
    if api is None:
        return None
    written = classes.begin(api.models, api.enums, writers, cache)
    # Imported while the classes are written.
    from venuekit.features import features
    from venuekit.rendering import render
    from venuekit.rendering.faults import blamed

    whole = replace(api, features=features(api))

    def rendered() -> Client:
        with blamed(templates):
            modules, models = render(whole, templates, cache)

        def waited() -> dict[PurePosixPath, str]:
            sources = written()
            with blamed(templates):
                return models(sources)

        return Client(api=whole, modules=modules, models=waited)

    return rendered


def _least(document: Map) -> int:
    """How many classes a large document gives at the least: one a schema, and one a path."""
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, Map) else None
    return sum(len(found) for found in (schemas, document.get("paths")) if isinstance(found, Map))
