"""The search of a text for documents: bare, embedded in HTML, or in the blocks of a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeAlias

from venuekit.diagnostics import Place, Report
from venuekit.extraction.blocks import Block, blocks_of, indented_blocks_of
from venuekit.extraction.evidence import evidence_of
from venuekit.extraction.html import embedded_in, is_html, is_script, shown_in
from venuekit.extraction.page import Evidence, Fragment
from venuekit.extraction.recognition import (
    What,
    describe,
    holds_document,
    kind_of_block,
    names_version,
    what_is,
)
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, place_of, read, read_json, read_yaml

_BARE_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[\]{"\d])')
_YAML_KEY = re.compile(r"""(["']?)[\w$][\w.$-]*\1[ \t]*:(?:[ \t]|$)|---|%YAML""")
_FENCE = re.compile(r"^[ \t>]*(?:```|~~~)", re.MULTILINE)
_ESCAPE = re.compile(r"&(?:quot|#34|#x22|#39|#x27);", re.IGNORECASE)
_DATA = re.compile(r"json|ya?ml", re.IGNORECASE)

Content: TypeAlias = tuple[tuple[Fragment, ...], Evidence | None]


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a page below its header, and the number of the first."""

    file: str
    lines: list[str]
    line: int
    hints: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def start(self) -> Place:
        """Where the first line stands that is not blank."""
        blank = next((n for n, line in enumerate(self.lines) if line.strip()), 0)
        return Place(self.file, self.line + blank, 1)


def find(body: Body, report: Report) -> Content | None:
    """What a page holds: fragments, or evidence; None if an error was reported."""
    text = body.text
    if is_html(text) or is_script(body.file):
        return _from_html(body, text, report)
    kind = _bare_kind(body.file, text)
    if kind is None:
        is_headed = text.startswith("---")  # by a header that tells of more than the page
        return _from_header(body, report) if is_headed else _from_page(body, text, report)
    problems = Report()
    value = _read_bare(kind, body, text, problems)
    if value is None and not _is_data_file(body.file) and _FENCE.search(text):
        return _from_page(body, text, report)
    report.extend(problems)
    if value is None:
        return None
    if what_is(value) is What.OPENAPI and isinstance(value, Map):
        return (Fragment(value, body.file, kind),), None
    from venuekit.extraction.links import stats_link

    if named := stats_link(text):
        _refer(f"names its document, {named}", named, body, report)
    else:
        _refuse(value, report, Place(body.file, body.line, 1))
    return None


def _refer(what: str, url: str, body: Body, report: Report) -> None:
    """Say that what was asked for is elsewhere."""
    help = f"fetch it with `venuekit add NAME {url}`, or save it and name that file"
    report.error("VK118", f"this holds no document; it {what}", body.start, help)


def _read_bare(kind: str, body: Body, text: str, report: Report) -> JSON:
    """Read a text as a whole; what is no JSON and a document to YAML is let through as that."""
    file, line = body.file, body.line
    if kind == "yaml":
        return read_yaml(text, file, report, line=line, hints=body.hints)
    broken = Report()
    value = read_json(text, file, broken, line=line)
    if any(problem.code == "VK102" for problem in broken):
        value = read_yaml(text, file, Report(), line=line)
        if what_is(value) is What.OPENAPI:
            problem = next(iter(broken))
            cause = problem.message.removeprefix("broken JSON: ")
            message = f"this is YAML and no JSON, which some tools will not read: {cause}"
            report.warning("VK117", message, problem.place, help="write it as JSON")
            return value
    report.extend(broken)
    return value if len(broken) == 0 else None


def _bare_kind(file: str, text: str) -> str | None:
    """Whether a text as a whole is JSON or YAML, by its first lines; None for a page."""
    named = names_version(text)
    if _BARE_JSON.match(text):
        return None if not _is_data_file(file) and _runs_on(text) else "json"
    if _is_data_file(file):
        return "yaml" if named or not file.endswith(".json") else "json"
    content = (line for line in text.split("\n") if line.strip() and not line.startswith("#"))
    if not named or not _YAML_KEY.match(next(content, "")):
        return None
    fence = _FENCE.search(text)
    return None if fence and not names_version(text[: fence.start()]) else "yaml"


def _is_data_file(file: str) -> bool:
    return PurePosixPath(file).suffix.lower() in (".json", ".yaml", ".yml")


def _runs_on(text: str) -> bool:
    """Whether more follows the JSON value that a text begins with."""
    start = len(text) - len(text.lstrip())
    try:
        end = json.JSONDecoder().raw_decode(text, start)[1]
    except (RecursionError, ValueError):
        return False
    return bool(text[end:].strip())


def _refuse(value: JSON, report: Report, start: Place | None = None) -> None:
    """Say what was found that is no OpenAPI document; a single value is where its text starts."""
    place = place_of(value) if isinstance(value, Map | Seq) else start
    what = what_is(value)
    if what is What.MINTLIFY:
        report.error(
            "VK113",
            "this is Mintlify's older page model, which is not OpenAPI",
            place,
            help="fetch the page again, or the document that it names, or write one by hand",
        )
    elif what is What.ASYNCAPI:
        report.error(
            "VK114",
            "this is AsyncAPI, which describes messages and not requests",
            place,
            help="use the OpenAPI document of the same API",
        )
    else:
        report.error(
            "VK115",
            describe(value),
            place,
            help="an OpenAPI document has 'openapi' and 'paths' at its root",
        )


def _from_html(body: Body, text: str, report: Report) -> Content | None:
    problems = Report()
    documents = embedded_in(text, body.file, body.line, problems)
    if documents:
        return _together([Fragment(d, body.file, "html") for d in documents], report)
    if problems.has_errors:
        report.extend(problems)
        return None
    from venuekit.extraction.links import LOOKED_FOR, links_of_html, links_of_script

    links = links_of_html(text) if is_html(text) else links_of_script(text)
    named = (*links.documents, *links.pages, *links.scripts)
    report.error(
        "VK116",
        f"this is {'HTML' if is_html(text) else 'a script'}, and none of its scripts holds a JSON "
        "object with 'openapi' and 'paths'",
        body.start,
        help=f"save the document that it loads: {named[0]}"
        if named
        else f"save the page as Markdown, or its document; looked for: {LOOKED_FOR}",
    )
    return None


def _from_header(body: Body, report: Report) -> Content | None:
    """The operation that the header of a page holds; else what is in its blocks."""
    from venuekit.extraction.docusaurus import operation_of

    problems = Report()
    held = operation_of(body.lines, body.file, body.line, problems)
    if held is not None:
        return (Fragment(held, body.file, "docusaurus"),), None
    report.extend(problems)
    return None if problems.has_errors else _from_page(body, body.text, report)


def _from_page(body: Body, text: str, report: Report) -> Content | None:
    """Search the blocks of a page; where none is a document, the page is evidence."""
    others: list[Block] = []
    for blocks_in in (blocks_of, indented_blocks_of):
        blocks = [_unescaped(block) for block in blocks_in(body.lines, body.line)]
        others = [block for block in blocks if not holds_document(block.text)]
        visible = [block for block in blocks if holds_document(block.text)]
        problems = Report()
        documents, refused = _documents(visible, body.file, problems)
        if problems.has_errors:
            report.extend(problems)
            return None
        if documents:
            return _together(documents, report)
        if refused:
            _refuse(refused[0], report)
            return None
    problems = Report()
    shown = shown_in(text, body.file, body.line, problems)
    if problems.has_errors:
        report.extend(problems)
        return None
    if shown:
        return _together([Fragment(d, body.file, "html") for d in shown], report)
    evidence = evidence_of(text, body.file, body.line)
    if not evidence.requests and not _are_readable(others, body.file, report):
        return None
    if evidence.requests or evidence.examples:
        return (), evidence
    from venuekit.extraction.links import links_of_list

    if (links := links_of_list(text)) and (links.documents or links.scripts):
        first = (*links.documents, *links.scripts)[0]
        _refer(f"lists other pages, such as {first}", first, body, report)
        return None
    report.error(
        "VK111",
        "the page holds no OpenAPI document, no request line and no JSON example",
        body.start,
        help="save the page of an endpoint, as Markdown where the site offers it",
    )
    return None


def _unescaped(block: Block) -> Block:
    """A block without the escapes that HTML needs, where a document shows only then.

    Its lines stay what they are; what stands right of an escape, stands further right.
    """
    if not _ESCAPE.search(block.text) or holds_document(block.text):
        return block
    from html import unescape

    text = unescape(block.text)
    return replace(block, text=text) if holds_document(text) else block


def _documents(
    blocks: list[Block], file: str, problems: Report
) -> tuple[list[Fragment], list[Map | Seq]]:
    """The documents of blocks that should hold one, and what else they hold."""
    documents: list[Fragment] = []
    refused: list[Map | Seq] = []
    for block in blocks:
        value = _read_block(block, file, problems)
        if not isinstance(value, Map):
            continue
        what = what_is(value)
        if what is What.OPENAPI:
            documents.append(Fragment(value, file, kind_of_block(block.info, block.text)))
        elif what is What.MINTLIFY:
            _refuse(value, problems)
        elif what is not What.OTHER:
            refused.append(value)
    return documents, refused


def _are_readable(blocks: list[Block], file: str, report: Report) -> bool:
    """Whether the blocks that say that they are JSON or YAML are; reports those that are not."""
    problems = Report()
    for block in blocks:
        if _DATA.match(block.info) and block.text.strip():
            _read_block(block, file, problems)
    report.extend(problems)
    return not problems.has_errors


def _read_block(block: Block, file: str, problems: Report) -> JSON:
    return read(block.text, file, problems, line=block.line, margins=block.margins)


def _together(fragments: list[Fragment], report: Report) -> Content | None:
    """The fragments of one page, which have to be of one API."""
    first = fragments[0].document
    title, servers = _identity(first)
    for fragment in fragments[1:]:
        document = fragment.document
        other, others = _identity(document)
        if other == title and (others == servers or not others or not servers):
            continue
        what = f"'{other}'" if other != title else f"'{other}' on other servers"
        report.error(
            "VK112",
            f"a document of {what}, after one of '{title}' at {place_of(first)} in the same page",
            place_of(document),
            help="keep one API in a page: save each in a file of its own",
        )
        return None
    return tuple(fragments), None


def _identity(document: Map) -> tuple[str, frozenset[str]]:
    """The title of a document's API and the addresses of its servers."""
    info, servers = document.get("info"), document.get("servers")
    title = info.get("title") if isinstance(info, Map) else None
    urls = [s.get("url") for s in servers if isinstance(s, Map)] if isinstance(servers, Seq) else []
    return str(title or ""), frozenset(url for url in urls if isinstance(url, str))
