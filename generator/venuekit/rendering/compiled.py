"""Templates as Python runs them, for the other clients of a run and for other runs."""

from __future__ import annotations

import marshal
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from venuekit.caching import Beside, Cache, code, key_of
from venuekit.installed import version


class Compiled(BytecodeCache):
    """Keeps what templates were compiled to.

    The tool's own stay beside this module, as Python keeps what it compiles; those of a project
    are in the cache of its user.
    """

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}
        self._fresh: set[str] = set()
        self._ours: set[str] = set()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name alone: what a template is compiled to does not depend on where it lies."""
        return name

    def get_source_checksum(self, source: str) -> str:
        return source  # to be hashed with the name

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_key(bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            key = _key(bucket.key, bucket.checksum)
            self._codes[key] = bucket.code
            self._fresh.add(key)

    def recall(self, environment: Environment, ours: Path, cache: Cache) -> None:
        """Load what earlier runs have compiled; `ours` is the folder of the tool's templates."""
        keys = set(self._keys(environment, ours)) - self._codes.keys()
        if keys & self._ours:
            beside = _read(Beside(__file__).read())
            self._codes.update((key, beside[key]) for key in keys & beside.keys())
        found = cache.get(sorted(keys - self._codes.keys()))
        self._codes.update((key, _code(b64decode(text))) for key, text in found.items())

    def _keys(self, environment: Environment, ours: Path) -> Iterable[str]:
        loader = environment.loader
        assert loader is not None
        for name in environment.list_templates(extensions=["jinja"]):
            source, place, _ = loader.get_source(environment, name)
            key = _key(name, source)
            if place is not None and Path(place).is_relative_to(ours):
                self._ours.add(key)
            yield key

    def keep(self, cache: Cache) -> None:
        """Remember what this run has compiled."""
        if self._fresh & self._ours:
            kept = {key: self._codes[key] for key in self._ours & self._codes.keys()}
            if Beside(__file__).write(marshal.dumps(kept)):
                self._fresh -= self._ours
        texts = {key: b64encode(marshal.dumps(self._codes[key])).decode() for key in self._fresh}
        cache.put(texts)
        self._fresh.clear()


def _key(name: str, source: str) -> str:
    return key_of("template", code(), version("jinja2"), sys.version, name, source)


def _code(data: bytes) -> CodeType:
    return marshal.loads(data)  # noqa: S302 - our own, as Python's are


def _read(data: bytes | None) -> Mapping[str, CodeType]:
    return marshal.loads(data) if data else {}  # noqa: S302 - our own, as Python's are
