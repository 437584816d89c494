"""References to other files and to addresses, as the commands treat them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from venuekit.cli import main

from .clients.loopback import Answer, venue

DOCUMENT = """\
openapi: 3.0.3
info: {title: API, version: '1'}
servers: [{url: https://api.test}]
paths:
  /orders:
    get:
      operationId: listOrders
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: 'PLACE'}}}}
"""
ORDER = "type: object\nproperties: {id: {type: string}}\n"
YAML = {"Content-Type": "application/yaml"}


def spec(folder: Path, reference: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "openapi.yaml"
    file.write_text(DOCUMENT.replace("PLACE", reference))
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["-q", *map(str, arguments)])
    return code, capsys.readouterr().err


def test_a_change_of_a_file_that_is_referred_to_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = spec(tmp_path / "api", "parts/Order.yaml"), tmp_path / "client"
    part = tmp_path / "api" / "parts" / "Order.yaml"
    part.parent.mkdir()
    part.write_text(ORDER)

    assert (0, "") == run(capsys, "generate", "--spec", file, "--out", out)

    sources = json.loads((out / "provenance.json").read_text())["sources"]
    assert ["openapi.yaml", "parts/Order.yaml"] == [source["file"] for source in sources]
    document = json.loads((out / "openapi.json").read_text())
    assert ["Order"] == list(document["components"]["schemas"])
    assert (0, "") == run(capsys, "check", "--spec", file, "--out", out)
    part.write_text(ORDER.replace("id", "name"))
    code, said = run(capsys, "check", "--spec", file, "--out", out)
    assert 1 == code
    assert "parts/Order.yaml changed since it was generated" in said
    assert (0, "") == run(capsys, "generate", "--spec", file, "--out", out)
    assert (0, "") == run(capsys, "check", "--spec", file, "--out", out)


def test_a_file_that_was_missing_is_noticed_when_it_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = spec(tmp_path / "api", "Order.yaml"), tmp_path / "client"
    for _ in range(2):
        assert 0 == run(capsys, "generate", "--spec", file, "--out", out)[0]
    assert '"Order"' not in (out / "openapi.json").read_text()
    (tmp_path / "api" / "Order.yaml").write_text(ORDER)

    assert 1 == run(capsys, "check", "--spec", file, "--out", out)[0]
    assert 0 == run(capsys, "generate", "--spec", file, "--out", out)[0]
    assert '"Order"' in (out / "openapi.json").read_text()


def test_a_file_outside_is_read_only_where_that_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = spec(tmp_path / "api", "../Order.yaml"), tmp_path / "client"
    (tmp_path / "Order.yaml").write_text(ORDER)

    code, said = run(capsys, "generate", "--spec", file, "--out", out)
    assert 1 == code
    assert "error[VK120]" in said
    assert not out.exists()
    arguments = ("generate", "--spec", file, "--out", out, "--allow-outside")
    assert (0, "") == run(capsys, *arguments)
    sources = json.loads((out / "provenance.json").read_text())["sources"]
    assert "../Order.yaml" == sources[1]["file"]


def test_an_address_is_fetched_only_where_that_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with venue(Answer(200, ORDER.encode(), YAML)) as here:
        file = spec(tmp_path / "api", f"{here.url}/Order.yaml")
        code, said = run(capsys, "validate", "--spec", file)

    assert 1 == code
    assert "error[VK121]" in said
    assert "--allow-network-refs" in said
    assert [] == here.sent


def test_what_an_address_held_is_locked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = ORDER.replace("id", "name").encode()
    answers = [Answer(200, ORDER.encode(), YAML)] * 3 + [Answer(200, changed, YAML)] * 3
    out = tmp_path / "client"
    with venue(*answers) as here:
        file = spec(tmp_path / "api", f"{here.url}/parts/Order.yaml#/properties/id")
        lock = file.with_name("openapi.yaml.references.lock")
        arguments = ("--spec", file, "--out", out, "--allow-network-refs")

        assert (0, "") == run(capsys, "validate", "--spec", file, "--allow-network-refs")
        assert not lock.exists()
        assert (0, "") == run(capsys, "generate", *arguments)
        (entry,) = json.loads(lock.read_text())["references"]
        assert f"{here.url}/parts/Order.yaml" == entry["url"]
        assert (0, "") == run(capsys, "check", *arguments)
        code, said = run(capsys, "generate", *arguments)
        assert 1 == code
        assert "error[VK126]" in said
        assert f"{lock.name}" in said
        lock.unlink()
        code, said = run(capsys, "generate", *arguments)
    assert "VK126" not in said
    assert entry["sha256"] not in (lock.read_text() if lock.exists() else "")


def test_what_cannot_be_fetched_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with venue(Answer(404)) as here:
        file = spec(tmp_path / "api", f"{here.url}/Order.yaml")
        code, said = run(capsys, "validate", "--spec", file, "--allow-network-refs")

    assert 1 == code
    assert "openapi.yaml:9:72: error[VK125]: reference to 'http://127.0.0.1" in said
    assert "404" in said


def test_what_was_fetched_names_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    text = f"properties: {{a: {{$ref: 'file://{tmp_path}/secret.yaml'}}, b: {{$ref: Id.yaml}}}}\n"
    answers = [Answer(200, text.encode(), YAML), Answer(200, b"type: integer\n", YAML)]
    with venue(*answers) as here:
        file = spec(tmp_path / "api", f"{here.url}/parts/Order.yaml")
        code, said = run(
            capsys, "validate", "--spec", file, "--allow-network-refs", "--allow-outside"
        )

    assert 1 == code
    assert "error[VK120]" in said
    assert ["/parts/Order.yaml", "/parts/Id.yaml"] == [sent.path for sent in here.sent]


def test_the_settings_of_a_client_allow_what_flags_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.venuekit]\noutput = "generated"\n')
    folder = tmp_path / "specs" / "paper"
    spec(folder, "../../shared/Order.yaml")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "Order.yaml").write_text("properties: {up: {$ref: ../../Up.yaml}}\n")
    (tmp_path.parent / "Up.yaml").write_text("type: string\n")

    code, said = run(capsys, "validate", "--project", tmp_path)
    assert 1 == code
    assert "Order.yaml:1:19: error[VK120]" in said
    (folder / "client.toml").write_text("[references]\noutside = true\n")
    assert (0, "") == run(capsys, "validate", "--project", tmp_path)
    with venue(Answer(200, ORDER.encode(), YAML)) as here:
        spec(folder, f"{here.url}/Order.yaml")
        (folder / "client.toml").write_text("[references]\nnetwork = true\n")
        assert (0, "") == run(capsys, "generate", "--project", tmp_path)
    assert here.url in (folder / "references.lock").read_text()


def test_two_states_of_several_files_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec(tmp_path / "api", "parts/Order.yaml")
    part = tmp_path / "api" / "parts" / "Order.yaml"
    part.parent.mkdir()
    part.write_text(ORDER)
    monkeypatch.chdir(tmp_path)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    for words in (["init", "-q"], ["add", "api"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], check=True)
    part.write_text(ORDER.replace("{type: string}", "{type: integer}"))

    code = main(["diff", "--format", "json", "HEAD:api/openapi.yaml", "api/openapi.yaml"])

    found = json.loads(capsys.readouterr().out)["findings"]
    assert 1 == code
    places = [
        (json.dumps(finding["old_place"]), json.dumps(finding["new_place"])) for finding in found
    ]
    assert any(
        "HEAD:api/parts/Order.yaml" in old and "api/parts/Order.yaml" in new for old, new in places
    )


def test_a_document_of_swagger_is_its_upgraded_self(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = Path(__file__).parent / "wire" / "swagger.yaml", tmp_path / "client"

    assert (0, "") == run(capsys, "generate", "--spec", file, "--out", out)
    code = main(["diff", "--format", "json", str(file), str(out)])

    assert (0, []) == (code, json.loads(capsys.readouterr().out)["findings"])
    assert (0, "") == run(capsys, "check", "--spec", file, "--out", out)
    assert (0, "") == run(capsys, "validate", "--spec", file)
