"""The verdicts of drift, shown: callers type-checked, and old clients against the new server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openapi_core
import pytest

from venuekit.drift import compare
from venuekit.drift.rules import worst

from .clients.judge import Judged
from .clients.loopback import Answer, venue
from .making import make_client, write_client
from .test_drift import CASES, document

CALLERS = sorted(path.parent.name for path in CASES.glob("*/caller.py"))
EXCHANGES = sorted(path.parent.name for path in CASES.glob("*/exchange.json"))


def verdict(case: str, kind: str) -> str:
    folder = CASES / case
    findings = compare(document(folder / "old.yaml"), document(folder / "new.yaml")).findings
    return worst(getattr(finding, kind) for finding in findings)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the type checker says of each caller, before (`case/old`) and after (`case/new`)."""
    root = tmp_path_factory.mktemp("callers").resolve()
    found: dict[str, list[str]] = {}
    for case in CALLERS:
        for side in ("old", "new"):
            folder = root / case / side
            folder.mkdir(parents=True)
            text = (CASES / case / f"{side}.yaml").read_text()
            write_client(text, folder).rename(folder / "client")
            (folder / "caller.py").write_text((CASES / case / "caller.py").read_text())
            found[f"{case}/{side}"] = []
    (root / "pyrightconfig.json").write_text(
        json.dumps(
            # A deprecated method still works: the mark is advice, not a broken caller.
            {
                "typeCheckingMode": "strict",
                "reportDeprecated": "none",
                "include": ["**/caller.py"],
            }
        )
    )
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 2 * len(CALLERS)
    for diagnostic in report["generalDiagnostics"]:
        path = Path(diagnostic["file"]).relative_to(root)
        found["/".join(path.parts[:2])].append(diagnostic["message"])
    return found


@pytest.mark.parametrize("case", CALLERS)
def test_the_source_verdict_is_that_of_the_type_checker(
    case: str, complaints: dict[str, list[str]]
) -> None:
    expected = verdict(case, "source")

    assert [] == complaints[f"{case}/old"]
    if expected != "risk":
        assert (expected == "breaking") == bool(complaints[f"{case}/new"]), complaints[
            f"{case}/new"
        ]


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("case", EXCHANGES)
def test_the_wire_verdict_is_that_of_the_old_client(case: str, tmp_path: Path) -> None:
    """The old client meets a server that judges requests and answers by the new document."""
    exchange = json.loads((CASES / case / "exchange.json").read_text())
    client = make_client((CASES / case / "old.yaml").read_text(), tmp_path)
    expected = verdict(case, "wire")

    broken = _meets(client, exchange, document(CASES / case / "new.yaml"))

    if expected != "risk":
        assert (expected == "breaking") == bool(broken), broken


def _meets(client: Any, exchange: dict[str, Any], new: dict[str, Any]) -> str:
    """Why the old client does not get along with the new server; empty where it does."""
    answer = exchange["answer"]
    status = exchange["status"]
    answers = Answer(status) if answer is None else Answer.json(status, answer)
    with venue(answers) as server:
        options = {"authenticate": False} if not exchange["client"] else exchange["client"]
        with client.Client(server.url, **options) as old:
            try:
                getattr(old, exchange["method"])(**exchange["arguments"])
            except client.Error as error:
                return repr(error)
    try:
        judged = Judged(new["servers"][0]["url"], server.sent[0])
        openapi_core.OpenAPI.from_dict(new).validate_request(judged)  # pyright: ignore[reportUnknownMemberType]  # untyped there
    except openapi_core.exceptions.OpenAPIError as refused:
        return repr(refused)
    return ""
