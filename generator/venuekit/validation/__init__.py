"""A document in, diagnostics out: references, the standard, our own rules, examples, evidence."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.diagnostics import Report
from venuekit.documents import document_hash, has_parts, version_of
from venuekit.extraction import Page
from venuekit.sources import Map, locate
from venuekit.validation.dialect import Schemas
from venuekit.validation.evidence import check_evidence
from venuekit.validation.examples import check_examples
from venuekit.validation.operations import check_operations
from venuekit.validation.references import read_parts
from venuekit.validation.rules import Rules

__all__ = ["validate"]


def validate(
    document: Map, pages: Sequence[Page], report: Report, *, known_valid: str | None = None
) -> None:
    """Report everything that is wrong with a document, each cause once.

    `known_valid` is the hash of a document that the standard is known to accept.
    """
    version = _version_of(document, report)
    if version is None:
        return
    parts = read_parts(document, report)
    rules = Rules(parts, version, report)
    if not has_parts(document):
        report.error(
            "VK202",
            "the document has no paths, no webhooks and no components: there is no client to make",
            locate(document, ()),
            "check that it is the whole document",
        )
        rules.settled.add(())
    elif (paths := document.get("paths")) and not isinstance(paths, Map):
        report.error(
            "VK202",
            "'paths' is no object: there is no operation to make a client of",
            locate(document, ("paths",)),
            "write each path as a key of 'paths', with its path item",
        )
        rules.settled.add(("paths",))
    check_operations(rules)
    is_accepted = known_valid is not None and known_valid == document_hash(document)
    _check_standard(rules, is_accepted)
    schemas = Schemas(parts, version)
    check_examples(rules, schemas)
    check_evidence(rules, schemas, pages)


def _version_of(document: Map, report: Report) -> str | None:
    version = version_of(document)
    if version is not None:
        return version
    written = document.get("openapi")
    text = str(getattr(written, "text", written))
    place = locate(document, ("openapi",))
    help = "OpenAPI 3.0, 3.1 and 3.2 and Swagger 2.0 are read"
    if "swagger" in document and written is None:
        place = locate(document, ("swagger",))
        old = document["swagger"]
        message = f"the version '{str(getattr(old, 'text', old))[:40]}' of Swagger is not read"
        report.error("VK201", message, place, help)
    elif written is None:
        report.error("VK201", "the document does not say its OpenAPI version", place, help)
    else:
        report.error("VK201", f"the OpenAPI version '{text[:40]}' is unknown", place, help)
    return None


def _check_standard(rules: Rules, is_accepted: bool) -> None:
    # Imported when needed: the validator takes half a second to import.
    from venuekit.validation.standard import Incomplete, findings_of

    parts, report = rules.parts, rules.report
    try:
        found = findings_of(parts, rules.version, is_accepted=is_accepted)
    except Incomplete as failed:
        place = locate(parts.document, ())
        help = "what it had not reached is not held against the standard"
        report.warning("VK209", f"the standard's validator gave up: {failed}", place, help)
        return
    for finding in found:
        if finding.path not in rules.settled:
            place = locate(parts.document, finding.path)
            report.warning("VK203", finding.message, place, finding.help)
