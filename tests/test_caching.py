"""What is remembered between runs: the same bytes, and never what is out of date."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from venuekit import formatting, validation
from venuekit.caching import Cache, code, folder, key_of
from venuekit.ir import EnumClass, Field, ListOf, Model, ModelClass
from venuekit.modelling import classes, pieces
from venuekit.modelling import writers as writers_module
from venuekit.modelling.classes import begin
from venuekit.modelling.pieces import ModellingError
from venuekit.modelling.writers import Writers
from venuekit.sources import Map
from venuekit.workflow import making

SPEC = """
openapi: 3.1.0
info: {{title: Orders, version: "1"}}
servers: [{{url: "http://127.0.0.1:1"}}]
paths:
  /orders:
    get:
      operationId: list_orders
      description: {text}
      responses:
        "200":
          description: Orders
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Order"}}}}}}
components:
  schemas:
    Order: {{type: object, properties: {{id: {{type: string, example: 7}}}}}}
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENUEKIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "made.sqlite"


@pytest.fixture
def run(cache: Path, tmp_path: Path) -> Run:
    """Generate, in a process of its own, the client of a document with a description."""

    def generate(text: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "spec.yaml").write_text(SPEC.format(text=text), encoding="utf-8")
        command = [sys.executable, "-m", "venuekit", "generate", "--spec", "spec.yaml"]
        return subprocess.run(
            [*command, "--out", "client"],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
        )

    return generate


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_second_run_writes_the_same_and_says_the_same(run: Run, tmp_path: Path) -> None:
    first = run("All of them.")
    made = tree(tmp_path / "client")
    for path in (tmp_path / "client").iterdir():
        path.unlink()

    again = run("All of them.")

    assert made == tree(tmp_path / "client")
    assert "VK" in first.stderr
    assert first.stderr == again.stderr != ""


def test_a_change_is_seen(run: Run, tmp_path: Path) -> None:
    run("All of them.")
    run("None of them.")

    assert "None of them." in (tmp_path / "client" / "client.py").read_text()
    without = tree(tmp_path / "client")
    run("None of them.", VENUEKIT_CACHE="off")
    assert without == tree(tmp_path / "client")


def test_an_edited_file_is_put_right(run: Run, tmp_path: Path) -> None:
    run("All of them.")
    module = tmp_path / "client" / "errors.py"
    text = module.read_text()
    module.unlink()

    run("All of them.")

    assert text == module.read_text()


def test_an_unchanged_client_is_not_made_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from venuekit import cli

    run("All of them.")

    def made(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(making, "fresh", made)
    monkeypatch.chdir(tmp_path)
    assert 0 == cli.main(["generate", "--spec", "spec.yaml", "--out", "client"])


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the documents that are judged, one for each time."""
    found: list[str] = []
    judge = validation.validate

    def validate(document: Map, *others: Any, **more: Any) -> None:
        found.append(str(document.get("info")))
        judge(document, *others, **more)

    monkeypatch.setattr(validation, "validate", validate)
    return found


def test_a_document_without_a_fault_is_not_judged_again_for_a_word(
    cache: Path, judged: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from venuekit import cli

    def judgements(text: str, sound: str = '"7"') -> int:
        judged.clear()
        document = SPEC.format(text=text).replace("example: 7", f"example: {sound}")
        (tmp_path / "spec.yaml").write_text(document, encoding="utf-8")
        arguments = ["--spec", str(tmp_path / "spec.yaml"), "--out", str(tmp_path / "client")]
        assert 0 == cli.main(["generate", *arguments])
        return len(judged)

    assert [1, 0, 0] == [judgements(text) for text in ("All of them.", "None of them.", "Some.")]
    # What the rules read, what others see of it, and what is said of the wrong kind.
    assert [1, 1] == [judgements(text) for text in ("Returns 404 if none are.", "7")]
    assert [1, 1] == [judgements(text, "7") for text in ("Many.", "Few.")]
    # A status without a response, a description that is no text, and an example, twice.
    assert 4 == capsys.readouterr().err.count("VK2")


@pytest.mark.parametrize("damage", ["text", "folder", "truncated"])
def test_a_damaged_file_is_no_failure(damage: str, cache: Path) -> None:
    Cache().put({"a": "one"})
    assert {"a": "one"} == Cache().get(["a", "b"])
    data = cache.read_bytes()
    cache.unlink()
    if damage == "folder":
        cache.mkdir()
    else:
        cache.write_bytes(b"no database, " * 100 if damage == "text" else data[: len(data) // 2])

    assert {} == Cache().get(["a"])
    Cache().put({"a": "two"})
    expected = {} if damage == "folder" else {"a": "two"}
    Cache().put({"a": "two"})
    assert expected == Cache().get(["a"])


def test_a_folder_that_cannot_be_looked_into_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As one that the user may not search: what the system refuses here, it refuses to anybody."""
    monkeypatch.setenv("VENUEKIT_CACHE", str(tmp_path / ("long" * 100)))

    Cache().put({"a": "one"})

    assert not Cache().is_there
    assert {} == Cache().get(["a"])


def test_nothing_is_kept_where_the_caller_says_so(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENUEKIT_CACHE", "off")

    Cache().put({"a": "one"})

    assert {} == Cache().get(["a"])
    assert not cache.exists()


def test_the_folder_is_that_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VENUEKIT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert tmp_path / "venuekit" == folder()


def test_to_ask_writes_nothing(cache: Path) -> None:
    known = Cache()
    known.put({"a": "b"})
    before = cache.read_bytes()

    assert {"a": "b"} == known.get(["a", "c"])
    assert before == cache.read_bytes()


def test_keys_tell_all_texts_apart() -> None:
    assert key_of("ab", "c") != key_of("a", "bc") != key_of("abc")
    assert key_of("a", b"a") == key_of("a", "a")
    assert 64 == len(code())


def test_formatted_modules_are_remembered(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import PurePosixPath

    modules = {PurePosixPath("a.py"): "x  =  1\n", PurePosixPath("b.md"): "x  =  1\n"}
    first = formatting.format_tree(modules, Cache())
    monkeypatch.delattr(formatting, "_ruff")

    assert first == formatting.format_tree(modules, Cache())
    assert "x = 1\n" == first[PurePosixPath("a.py")]


ENUMS = [EnumClass(name=f"Kind{n}", members=(("A", "a"), ("B", f"b{n}"))) for n in range(120)]


def test_writers_write_what_one_process_would(cache: Path) -> None:
    with Writers() as writers:
        beside = begin([], ENUMS, writers, Cache())()

    assert begin([], ENUMS)() == beside
    assert beside == begin([], ENUMS, None, Cache())()


def test_equal_classes_are_written_once_and_read_as_each_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where a class names itself, or its first line is folded."""
    long = "A" + "VeryLongName" * 6
    enums = [EnumClass(name=n, members=(("A", "a"),)) for n in ("One", "Two", long, f"{long}s")]
    fields = (
        Field(wire="in", name="in_", type=ListOf(Model("Node")), required=False),
        Field(wire="kind", name="kind", type=Model("One"), required=True),
    )
    models = [ModelClass(name=n, fields=fields) for n in ("Leaf", "Node", "Other", f"{long}Model")]
    alone = {model.name: begin([model], [])()[model.name] for model in models}
    alone |= {enum.name: begin([], [enum])()[enum.name] for enum in enums}
    written: list[str] = []

    def counted(document: str, aliases: Mapping[str, str]) -> str:
        written.extend(json.loads(document)["$defs"])
        return pieces.written(document, aliases)

    monkeypatch.setattr(classes, "written", counted)
    together = begin(models, enums)()

    assert alone == together
    assert {"VxOne", "VxLeaf", "VxNode"} <= {*written}
    assert {"VxTwo", "VxOther"}.isdisjoint(written)


@pytest.mark.parametrize("hurried", [True, False])
def test_much_to_write_is_shared_out(hurried: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_module.os, "cpu_count", lambda: 3)
    begun: list[object] = []
    process = writers_module._process

    def counted() -> object:
        begun.append(process())
        return begun[-1]

    monkeypatch.setattr(writers_module, "_process", counted)
    with Writers() as writers:
        if hurried:
            writers.hurry()
        writers.expect(6)
        assert 2 * hurried == len(begun), "only where there was hurry"
        answers = [writers.write('{"$defs": {}}', {}) for _ in range(30)]
        assert 2 == len(begun), "one core is for who asks"
        answers += [writers.write('{"$defs": {}}', {}) for _ in range(30)]
        assert 3 == len(begun), "and never more than there are cores"
        del answers


def test_a_writer_that_fails_says_why() -> None:
    with Writers() as writers:
        answer = writers.write('{"$defs": [', {})
        with pytest.raises(ModellingError):
            answer()
        assert "class Kind0" in begin([], ENUMS[:1], writers)()["Kind0"]


def test_a_writer_that_dies_fails_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_module, "_SERVE", "import sys; sys.stdin.readline(); sys.exit(7)")
    with Writers() as writers:
        answers = [writers.write("{}", {}) for _ in range(20)]
        for answer in answers:
            with pytest.raises(ModellingError, match="ended with 7"):
                answer()


def test_an_error_elsewhere_ends_the_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_module, "_SERVE", "import time; time.sleep(600)")

    def fail() -> None:
        with Writers() as writers:
            for _ in range(20):
                writers.write("{}", {})
            raise KeyError("elsewhere")

    with pytest.raises(KeyError):
        fail()


UNCOMPILING = """
import sys
import jinja2
def parse(*_):
    raise AssertionError("compiled")
jinja2.Environment.parse = jinja2.Environment._parse = parse
from venuekit.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("damage", ["", "truncated", "other"])
def test_templates_stay_compiled_as_modules_do(
    damage: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "bytecode"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    run("All of them.")
    made = tree(tmp_path / "client")
    [kept] = (tmp_path / "bytecode").rglob("compiled.*.bin")
    data = kept.read_bytes()
    damaged = data[:-1] if damage == "truncated" else data[:50] + b"\0" + data[51:]
    if damage:
        kept.write_bytes(damaged)
    shutil.rmtree(tmp_path / "client")
    monkeypatch.setenv("VENUEKIT_CACHE", str(tmp_path / "another"))

    command = [sys.executable, "-c", UNCOMPILING, "generate", "--spec", "spec.yaml"]
    done = subprocess.run([*command, "--out", "client"], cwd=tmp_path, check=False)

    assert bool(damage) == bool(done.returncode)
    if damage:
        run("All of them.")
        assert damaged != kept.read_bytes()
    assert made == tree(tmp_path / "client")


@pytest.mark.parametrize("name", ["PYTHONDONTWRITEBYTECODE", "VENUEKIT_CACHE"])
def test_templates_are_not_kept_where_nothing_is(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "bytecode"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    monkeypatch.setenv(name, "off")

    run("All of them.")

    assert [] == [*(tmp_path / "bytecode").rglob("compiled.*.bin")]
