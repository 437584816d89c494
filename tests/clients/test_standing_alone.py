"""A client is a folder that can be put anywhere: under any name, beside no toolkit."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pydantic

from .callers import Caller

BROUGHT_BY_PYDANTIC = {"pydantic_core", "typing_extensions"}
ALLOWED = {"httpx", "pydantic", *BROUGHT_BY_PYDANTIC, *sys.stdlib_module_names}

# Imported by an interpreter that sees neither this checkout nor its packages, then used by sixteen
# threads at once before anything was built: pydantic 2.11 to 2.13 return unvalidated values there.
PROBE = """
import sys, threading
sys.path[:0] = [{parent!r}, {packages!r}]
import elsewhere
assert not [name for name in sys.modules if name.startswith("venue")]
import httpx

def answer(request):
    return httpx.Response({status}, content={body!r}, headers={headers!r})

def call():
    barrier.wait()
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = elsewhere.Client("http://venue", http=http, authenticate=False)
        results.append(client.{operation}(*{arguments!r}, **{options!r}))

results = []
barrier = threading.Barrier(16)
threads = [threading.Thread(target=call) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert 16 == len(results), results
assert all(result == results[0] and type(result) is type(results[0]) for result in results)
"""


def test_a_client_imports_itself_httpx_and_pydantic(caller: Caller) -> None:
    folder = caller.document.parent

    assert set() == set(_imports(folder)) - ALLOWED


def test_a_client_works_elsewhere_and_in_many_threads(caller: Caller, tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(caller.document.parent, tmp_path / "elsewhere", ignore=ignored)
    probe = PROBE.format(
        parent=str(tmp_path),
        packages=str(Path(pydantic.__file__).parents[1]),
        status=caller.success.status,
        body=caller.success.body,
        headers=dict(caller.success.headers),
        operation=caller.operation,
        arguments=caller.arguments,
        options=dict(caller.options),
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", probe], capture_output=True, text=True)

    assert (0, "") == (done.returncode, done.stderr)


def _imports(folder: Path) -> Iterator[str]:
    """Names of the top-level packages that a client imports, other than relatively."""
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]
