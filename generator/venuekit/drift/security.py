"""Security compared: what each operation asks for, and what the schemes mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from venuekit.drift import python
from venuekit.drift.reading import Node, Pointer, Side, dumped
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Walk, names
from venuekit.likeness import equal
from venuekit.sources import JSON, Map, Seq

Alternative: TypeAlias = dict[str, frozenset[str]]
"""Schemes that are needed at once, each with its scopes."""

_FLOW_URLS = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")


class Security:
    """What both documents ask for."""

    def __init__(self, walk: Walk) -> None:
        self.old = _credentials(walk.old)
        self.new = _credentials(walk.new)
        self.renamed = _renamed(walk, self.old, self.new)

    def keyword(self, side: int, scheme: str) -> str:
        return (self.new if side else self.old).get(scheme, (scheme, ""))[0]


def _credentials(side: Side) -> dict[str, tuple[str, str]]:
    needed: dict[tuple[str, ...], None] = {}
    for owner in _owners(side):
        found = (tuple(alternative.map) for alternative in owner.get("security").items())
        needed.update(dict.fromkeys(found))
    return python.credentials(side.root, needed)


def _renamed(walk: Walk, old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """The schemes that are called otherwise, each with its new name: nothing else of them moved."""
    fresh = [name for name in new if _scheme(walk.old, name).value is None]
    found: dict[str, str] = {}
    for name in old:
        if _scheme(walk.new, name).value is not None:
            continue
        held = _bare(_scheme(walk.old, name))
        alike = [other for other in fresh if held and held == _bare(_scheme(walk.new, other))]
        if len(alike) == 1 and alike[0] not in found.values():
            found[name] = alike[0]
    return found


def _bare(scheme: Node) -> str:
    """What a scheme means: it says nothing by its prose, nor by capitals that are all one."""
    kept = Map((k, v) for k, v in scheme.map.items() if k not in ("description", "bearerFormat"))
    for key in ("scheme", "name") if scheme.text("in") in ("", "header") else ():
        if scheme.text(key):
            kept[key] = scheme.text(key).lower()
    return dumped(kept) if kept else ""


def _owners(side: Side) -> Iterable[Node]:
    yield side.node
    for _, entry in side.node.get("paths").entries():
        for _, node in side.follow(entry).entries():
            yield node


def compare_requirements(walk: Walk, old: Node, new: Node, security: Security) -> None:
    """Compare what an operation asks for, and visit the schemes that it asks for."""
    (one, old_at), (other, new_at) = _required(walk.old, old), _required(walk.new, new)
    at = (old_at, new_at)
    before, after = _alternatives(one), _alternatives(other)
    _visit_schemes(walk, before, after, security)
    before = [{security.renamed.get(k, k): v for k, v in a.items()} for a in before]
    if before == after:
        return
    needed, needs = bool(before) and {} not in before, bool(after) and {} not in after
    if needs and not needed:
        walk.add(
            "security-added", "request", at, f"needs {_spelled(after)} now", new=_listed(after)
        )
    elif before and not after:
        walk.add(
            "security-dropped",
            "request",
            at,
            f"needs no {_spelled([a for a in before if a])} any more",
            old=_listed(before),
        )
    else:
        _compare_alternatives(walk, before or [{}], after, at)


def _required(side: Side, operation: Node) -> tuple[Node, Pointer]:
    own = operation.get("security")
    found = own if isinstance(own.value, Seq) else side.node.get("security")
    return found, found.pointer if found.value is not None else ()


def _alternatives(node: Node) -> list[Alternative]:
    """What is enough, each; nothing at all says the same as an only one that is empty."""
    found: list[Alternative] = [
        {
            scheme: frozenset(str(scope.value) for scope in scopes.items())
            for scheme, scopes in alternative.entries()
        }
        for alternative in node.items()
    ]
    return found if any(found) else []


def _compare_alternatives(
    walk: Walk, old: list[Alternative], new: list[Alternative], at: tuple[Pointer, Pointer]
) -> None:
    left = [a for a in old if a not in new]
    right = [a for a in new if a not in old]
    for one in list(left):
        other = next((a for a in right if a.keys() == one.keys()), None)
        if other is not None:
            left.remove(one)
            right.remove(other)
            _compare_scopes(walk, one, other, at)
    for one in list(left):
        other = (
            next((a for a in right if one.keys() < a.keys() or (a and a.keys() < one.keys())), None)
            if one
            else None
        )
        if other is None:
            continue
        left.remove(one)
        right.remove(other)
        rule = "security-tightened" if one.keys() < other.keys() else "security-loosened"
        changed = names(sorted(one.keys() ^ other.keys()))
        kept = names(sorted(one.keys() & other.keys()))
        word = "needed" if rule == "security-tightened" else "no longer needed"
        verb = "is" if len(one.keys() ^ other.keys()) == 1 else "are"
        walk.add(
            rule,
            "request",
            at,
            f"{changed} {verb} {word} besides {kept}",
            old=_listed([one]),
            new=_listed([other]),
        )
    for one in left:
        walk.add(
            "security-alternative-removed",
            "request",
            at,
            f"{_spelled([one])} is no longer enough",
            old=_listed([one]),
            gone=True,
        )
    for other in right:
        walk.add(
            "security-alternative-added",
            "request",
            at,
            f"{_spelled([other])} is enough",
            new=_listed([other]),
        )


def _compare_scopes(
    walk: Walk, old: Alternative, new: Alternative, at: tuple[Pointer, Pointer]
) -> None:
    for scheme, scopes in old.items():
        more, fewer = sorted(new[scheme] - scopes), sorted(scopes - new[scheme])
        if more:
            walk.add(
                "security-scope-required",
                "request",
                at,
                f"{scheme} needs the scope {names(more)}",
                new=Seq(more),
            )
        if fewer:
            walk.add(
                "security-scope-not-required",
                "request",
                at,
                f"{scheme} needs the scope {names(fewer)} no more",
                old=Seq(fewer),
                gone=True,
            )


def _spelled(alternatives: list[Alternative]) -> str:
    found = [" and ".join(sorted(a)) or "nothing" for a in alternatives]
    return " or ".join(found)


def _listed(alternatives: list[Alternative]) -> JSON:
    return Seq([Seq(sorted(a)) for a in alternatives])


# Schemes.


def _visit_schemes(
    walk: Walk, old: list[Alternative], new: list[Alternative], security: Security
) -> None:
    for scheme in dict.fromkeys(s for a in old for s in a):
        one, other = _scheme(walk.old, scheme), _scheme(walk.new, scheme)
        if any(scheme in a for a in new) and one.value is not None and other.value is not None:
            walk.visit(
                ("scheme", scheme),
                lambda s=scheme, a=one, b=other: _compare_scheme(walk, s, a, b, security),
            )


def _scheme(side: Side, name: str) -> Node:
    return side.follow(side.node.get("components").get("securitySchemes").get(name))


def _compare_scheme(walk: Walk, name: str, old: Node, new: Node, security: Security) -> None:
    at = (old.pointer, new.pointer)
    signatures = [n.map.get("x-signature") for n in (old, new)]
    if not equal(*signatures):
        source = _same_credential(name, security)
        walk.add(
            "signature-changed",
            "request",
            at,
            f"{name} signs otherwise",
            source=source,
            old=signatures[0],
            new=signatures[1],
        )
        return
    kinds = [f"{n.text('type')} {n.text('scheme').lower()}".strip() for n in (old, new)]
    if kinds[0] != kinds[1]:
        walk.add(
            "credential-type-changed",
            "request",
            at,
            f"{name} was {kinds[0]} and is {kinds[1]}",
            old=kinds[0],
            new=kinds[1],
            source=_same_credential(name, security),
        )
        return
    places = [f"{n.text('in')} {n.text('name')}" for n in (old, new)]
    if old.text("in") == "header" == new.text("in"):
        places = [place.lower() for place in places]
    if old.text("type") == "apiKey" and places[0] != places[1]:
        walk.add(
            "credential-moved",
            "request",
            at,
            f"{name} is in {places[1]}, not {places[0]}",
            old=places[0],
            new=places[1],
        )
    if old.text("openIdConnectUrl") != new.text("openIdConnectUrl"):
        _url(walk, name, "openIdConnectUrl", (old, new))
    _compare_flows(walk, name, old.get("flows"), new.get("flows"))


def _same_credential(name: str, security: Security) -> Verdict | None:
    return "ok" if security.old.get(name) == security.new.get(name) else None


def _url(walk: Walk, name: str, key: str, nodes: tuple[Node, Node]) -> None:
    one, other = (n.text(key) for n in nodes)
    at = ((*nodes[0].pointer, key), (*nodes[1].pointer, key))
    walk.add(
        "oauth-url-changed",
        "request",
        at,
        f"the {key} of {name} was {one or 'not given'} and is {other or 'not given'}",
        old=one or None,
        new=other or None,
        gone=not other,
    )


def _compare_flows(walk: Walk, name: str, old: Node, new: Node) -> None:
    for flow, node in old.entries():
        if flow not in new.map:
            walk.add(
                "oauth-flow-removed",
                "request",
                (node.pointer, new.pointer),
                f"{name} has no flow '{flow}' any more",
                old=flow,
                gone=True,
            )
            continue
        other = new.get(flow)
        for key in _FLOW_URLS:
            if node.text(key) != other.text(key):
                _url(walk, name, key, (node, other))
        before, after = node.get("scopes"), other.get("scopes")
        for scope, at in before.entries():
            if scope not in after.map:
                walk.add(
                    "oauth-scope-removed",
                    "request",
                    (at.pointer, after.pointer),
                    f"{name} offers the scope '{scope}' no more",
                    old=scope,
                    gone=True,
                )
        for scope, at in after.entries():
            if scope not in before.map:
                walk.add(
                    "oauth-scope-added",
                    "request",
                    (before.pointer, at.pointer),
                    f"{name} offers the scope '{scope}'",
                    new=scope,
                )
    for flow, node in new.entries():
        if flow not in old.map:
            walk.add(
                "oauth-flow-added",
                "request",
                (old.pointer, node.pointer),
                f"{name} has the flow '{flow}'",
                new=flow,
            )


def compare_credentials(walk: Walk) -> None:
    """Compare the keywords of the clients."""
    security = Security(walk)
    before = {keyword: scheme for scheme, (keyword, _) in security.old.items()}
    after = {keyword: scheme for scheme, (keyword, _) in security.new.items()}
    for one, other in security.renamed.items():
        _credential_renamed(walk, (one, other), security)
        before.pop(security.keyword(0, one), None)
        after.pop(security.keyword(1, other), None)
    for keyword, scheme in before.items():
        if keyword not in after:
            node = _scheme(walk.old, scheme)
            walk.add(
                "credential-removed",
                "request",
                (node.pointer, ("components",)),
                f"the client takes no {keyword} any more",
                old=keyword,
                gone=True,
            )
    for keyword, scheme in after.items():
        if keyword not in before:
            node = _scheme(walk.new, scheme)
            walk.add(
                "credential-added",
                "request",
                (("components",), node.pointer),
                f"the client takes {keyword}",
                new=keyword,
            )


def _credential_renamed(walk: Walk, schemes: tuple[str, str], security: Security) -> None:
    keywords = [security.keyword(side, scheme) for side, scheme in enumerate(schemes)]
    same = keywords[0] == keywords[1]
    walk.add(
        "credential-renamed",
        "request",
        (_scheme(walk.old, schemes[0]).pointer, _scheme(walk.new, schemes[1]).pointer),
        f"{schemes[0]} is called {schemes[1]} now"
        if same
        else f"the client takes {keywords[1]} for {keywords[0]}",
        old=schemes[0],
        new=schemes[1],
        source="ok" if same else None,
    )
