"""What pages without OpenAPI show, held against the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from venuekit.extraction import Evidence, Page
from venuekit.sources import JSON, Map, Seq, locate
from venuekit.validation.dialect import Schemas
from venuekit.validation.examples import describe
from venuekit.validation.misfits import Misfit
from venuekit.validation.parts import Part, plain_copy
from venuekit.validation.rules import Endpoint, Rules, endpoints_of

_TEMPLATE = re.compile(r"\{[^{}/]*\}|\$\{?\w+\}?|:\w+|<[^<>/]*>")


def check_evidence(rules: Rules, schemas: Schemas, pages: Sequence[Page]) -> None:
    """Report what a page shows and the document contradicts."""
    known = {
        (endpoint.method.lower(), _shape(endpoint.url)): endpoint
        for endpoint in endpoints_of(rules.parts)
    }
    for page in pages:
        if page.evidence is not None:
            _check_page(rules, schemas, page.evidence, known)


def _shape(path: str) -> str:
    return _TEMPLATE.sub("{}", path).rstrip("/") or "/"


def _check_page(
    rules: Rules, schemas: Schemas, evidence: Evidence, known: dict[tuple[str, str], Endpoint]
) -> None:
    shown: dict[tuple[str, str], Endpoint] = {}
    for method, path, place in evidence.requests:
        endpoint = known.get((method.lower(), _shape(path)))
        if endpoint is None:
            rules.report.warning(
                "VK150",
                f"the page shows {method.upper()} {path}, which the document does not have",
                place,
                "add the operation to the document, or correct its path",
            )
        else:
            shown[method.lower(), _shape(path)] = endpoint
    if len(shown) != 1:
        return  # the examples may be of any of them
    (endpoint,) = shown.values()
    told: set[tuple[str, str]] = set()
    for status, value, place in evidence.examples:
        said = _contradiction(rules, schemas, endpoint, status, value)
        if said is None or said[:2] in told:
            continue
        told.add(said[:2])
        code, message, path = said
        where = locate(value, path) if isinstance(value, Map | Seq) and path else place
        where = replace(where, pointer="")
        rules.report.warning(code, message, where, _help(code, endpoint, status))


def _help(code: str, endpoint: Endpoint, status: int | None) -> str:
    if code == "VK151":
        return f"add the response {status or 200} to {endpoint.title}"
    return f"correct the response's schema in {endpoint.title}"


def _contradiction(
    rules: Rules, schemas: Schemas, endpoint: Endpoint, status: int | None, value: JSON
) -> tuple[str, str, tuple[str | int, ...]] | None:
    """How an example contradicts the document: code, message, and where in the example."""
    declared = {
        key: part
        for key, part in rules.parts.children(endpoint.operation, "responses")
        if not key.startswith("x-")
    }
    what = "a success" if status is None else f"status {status}"
    candidates = _candidates(declared, status)
    if not candidates:
        says = f"the page shows an answer of {what} of {endpoint.title}, which has no such response"
        return "VK151", says, ()
    nearest: list[Misfit] | None = None
    for response in candidates:
        path = _json_schema(rules, response)
        if path is None:
            continue
        misfits = schemas.misfits(path, plain_copy(value), "response")
        if not misfits:
            return None
        if nearest is None or len(misfits) < len(nearest):
            nearest = misfits
    if nearest is None:
        says = f"the page shows JSON for {what} of {endpoint.title}, whose response has no schema"
        return "VK152", says, ()
    says = f"the page's example of {what} does not fit {endpoint.title}"
    return "VK152", describe(says, nearest), nearest[0].path


def _candidates(declared: dict[str, Part], status: int | None) -> list[Part]:
    if status is None:
        return [part for key, part in declared.items() if key[:1] == "2"]
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in declared:
            return [declared[key]]
    return []


def _json_schema(rules: Rules, response: Part) -> tuple[str | int, ...] | None:
    for media, part in rules.parts.children(response, "content"):
        if media.partition(";")[0].strip().lower().endswith(("/json", "+json", "*/*")):
            return (*part.path, "schema") if "schema" in part.node else None
    return None
