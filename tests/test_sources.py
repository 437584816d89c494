"""Texts become values that know where they were written."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from venuekit.diagnostics import Place, Report
from venuekit.sources import (
    JSON,
    Float,
    Map,
    Seq,
    append,
    clone,
    decode,
    locate,
    new_map,
    new_seq,
    place_of,
    pointer,
    put,
    read,
    read_bytes,
    read_json,
    read_yaml,
    remove,
    step,
    tokens_of,
    written,
)

TEXT = """\
info:
  title: Venue
servers:
- url: a
- url: b
- url: c
"""


def value_of(text: str) -> JSON:
    report = Report()
    value = read(text, "f", report)
    assert [] == list(report)
    return value


def map_of(text: str) -> Map:
    value = value_of(text)
    assert isinstance(value, Map)
    return value


def seq_in(node: Map, key: str) -> Seq:
    value = node[key]
    assert isinstance(value, Seq)
    return value


def codes(text: str) -> list[tuple[str, int, int]]:
    report = Report()
    assert read(text, "f", report) is None
    return [(d.code, d.place.line, d.place.column) for d in report if d.place is not None]


# Reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("0755", "0755"),
        ("00501", "00501"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("2025-13-40", "2025-13-40"),
        ("=", "="),
        (".5", ".5"),
        (".inf", ".inf"),
        ("+1", "+1"),
        ("1e3", 1000.0),
        ("-0.5", -0.5),
        ("12", 12),
        ("True", True),
        ("false", False),
        ("~", None),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 12", 12.0),
        ("! 12", "12"),
    ],
)
def test_a_yaml_scalar_means_what_json_says(text: str, value: JSON) -> None:
    found = map_of(f"a: {text}\n")["a"]
    assert (type(value), value) == (float if isinstance(found, Float) else type(found), found)


def test_keys_are_the_strings_that_are_written() -> None:
    text = "200: a\ntrue: b\nnull: c\n1.50: d\nNO: e\n? f\n"
    assert ["200", "true", "null", "1.50", "NO", "f"] == list(map_of(text))


@pytest.mark.parametrize("text", ['{"a": 1.10, "b": 1.1, "c": 1e3}', "{a: 1.10, b: 1.1, c: 1e3}\n"])
def test_a_number_keeps_the_text_that_its_value_loses(text: str) -> None:
    found = map_of(text if text[1] == '"' else f"x: {text}")
    node = found.get("x", found)
    assert isinstance(node, Map)
    assert ["1.10", None, "1e3"] == [getattr(value, "text", None) for value in node.values()]
    assert '{"a": 1.1, "b": 1.1, "c": 1000.0}' == json.dumps(node)


def test_a_number_keeps_its_text_when_it_is_copied() -> None:
    number = Float("1.10")
    assert "1.10" == copy.deepcopy(number).text
    assert "1.10" == pickle.loads(pickle.dumps(number)).text


def test_long_integers_are_kept() -> None:
    assert 10**40 + 1 == map_of(f'{{"a": {10**40 + 1}}}')["a"]
    assert 10**40 + 1 == map_of(f"a: {10**40 + 1}")["a"]


def test_a_surrogate_pair_is_a_character() -> None:
    assert "\U0001f600" == map_of('{"a": "\\ud83d\\ude00"}')["a"]


@pytest.mark.parametrize("text", ['{"a": "\\\\ud83d"}', '{"a": "\\ud83d\\ude00\\\\ude00"}'])
def test_an_escaped_backslash_begins_no_surrogate(text: str) -> None:
    assert json.loads(text) == map_of(text)


def test_values_are_ordinary_json() -> None:
    text = '{"a": [1, {"b": [[]]}], "c": {}}'
    assert text == json.dumps(map_of(text))
    assert json.loads(text) == map_of(text)


def test_a_key_of_json_is_the_same_however_it_is_spelled() -> None:
    assert [("VK104", 1, 10)] == codes('{"a": 1, "\\u0061": 2}')


def test_every_duplicate_is_reported_at_the_second_key() -> None:
    text = "a:\n  b: 1\n  c: 2\n  b: 3\nd: 1\nd: 2\n"
    assert [("VK104", 4, 3), ("VK104", 6, 1)] == codes(text)
    assert [("VK104", 1, 16), ("VK104", 1, 33)] == codes('{"a": {"b": 1, "b": 3}, "d": 1, "d": 2}')


def test_a_merge_key_gives_way_to_what_is_said_and_to_what_is_merged_first() -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n"
    assert {"a": 3, "b": 1, "c": 2} == map_of(text)["z"]
    assert "<<" in map_of("'<<': 1")
    assert [("VK103", 1, 1)] == codes("<<: 1")


def test_what_an_alias_gives_is_a_copy() -> None:
    root = map_of("a: &a [1]\nb: *a\n")
    append(seq_in(root, "b"), 2)
    assert [1] == root["a"]
    assert Place("f", 1, 8) == place_of(seq_in(root, "b"), 0)


def test_aliases_may_not_nest_without_bound() -> None:
    nested = "[" * 200 + "1" + "]" * 200
    assert [("VK107", 2, 201)] == codes(f"a: &a {nested}\n{'b: ' + '[' * 197 + '*a' + ']' * 197}\n")


@pytest.mark.parametrize("depth", [249, 250, 251, 5000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_nesting_has_a_bound_that_both_languages_share(
    depth: int, opening: str, closing: str
) -> None:
    levels = sum(opening.count(bracket) for bracket in "[{")
    text = opening * (depth // levels) + "1" + closing * (depth // levels)
    allowed = depth // levels * levels <= 250
    for reader in (read_json, read_yaml):
        report = Report()
        reader(text, "f", report)
        assert ([] if allowed else ["VK107"]) == [found.code for found in report]


@pytest.mark.parametrize("text", ["", " \n", "null", "# nothing\n", "~"])
def test_nothing_is_an_error(text: str) -> None:
    for reader in (read_json, read_yaml):
        report = Report()
        assert reader(text, "f", report) is None
        assert report.has_errors


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a:\n\t- b", ("VK103", 2, 1)),
        ("a: 'b", ("VK103", 1, 4)),
        ("a: b: c", ("VK103", 1, 5)),
        ("a: \x01", ("VK103", 1, 4)),
        ('a: "\\ud83d"', ("VK103", 1, 7)),
        ("a: !!binary eA==", ("VK105", 1, 4)),
        ("a: !!int b", ("VK105", 1, 4)),
        ("a: !!seq {}", ("VK105", 1, 4)),
        ("!!set {a: b}", ("VK105", 1, 1)),
        ("a: 1e999", ("VK108", 1, 4)),
        ('{"a": -Infinity}', ("VK108", 1, 7)),
        ('{"a": "\x01"}', ("VK102", 1, 8)),
        ('{"a": 1} {}', ("VK102", 1, 10)),
        ('{"a": "\\ude00"}', ("VK102", 1, 8)),
    ],
)
def test_what_is_wrong_has_a_code_and_a_place(text: str, found: tuple[str, int, int]) -> None:
    assert [found] == codes(text)


def test_hints_are_given_only_where_they_are_asked_for() -> None:
    text = "enum: [on, 'off', 12]\ndefault: on\n"
    for hints, expected in ((False, []), (True, [Place("f", 1, 8)])):
        report = Report()
        read_yaml(text, "f", report, hints=hints)
        assert expected == [found.place for found in report]


def test_the_slow_loader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# \U0001f600\r\na: &a {b: [1, x]}\r\nc: *a\r\nd: |\r\n  text\r\ne: {f: \u2028 g}\n"
    fast = map_of(text)
    monkeypatch.setattr("venuekit.sources.yaml._Loader", yaml.SafeLoader)
    slow = map_of(text)
    assert fast == slow
    for path in ("/a/b/1", "/c/b", "/d", "/e/f"):
        assert locate(fast, path) == locate(slow, path)


# Places


def test_places_are_those_of_the_file() -> None:
    text = '{"a":\n{"b": 1}}'
    root = read_json(text, "f", Report(), line=10, column=5, margins=(0, 3))
    assert isinstance(root, Map)
    assert Place("f", 10, 6) == place_of(root, "a")
    assert Place("f", 11, 5, "/a/b") == locate(root, "/a/b")


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    for text in ('{"a": "\u2028", "b": 1}', "{a: '\u2028', b: 1}"):
        root = read_yaml(text, "f", Report())
        assert isinstance(root, Map)
        assert 1 == place_of(root, "b").line


def test_a_container_stands_where_it_begins() -> None:
    root = map_of('{"a": [1, {}]}')
    assert Place("f", 1, 1) == place_of(root)
    assert Place("f", 1, 7) == place_of(seq_in(root, "a"))


def test_what_does_not_exist_is_at_its_deepest_ancestor() -> None:
    root = map_of(TEXT)
    assert Place("f", 2, 3, "/info/title/x") == locate(root, "/info/title/x")
    assert Place("f", 4, 3, "/servers/0/a~1b") == locate(root, ["servers", 0, "a/b"])
    assert Place("f", 3, 1, "/servers/3") == locate(root, "/servers/3")
    assert Place("f", 1, 1, "/nothing") == locate(root, "/nothing")
    assert Place("f", 1, 1, "") == locate(root, "")


def test_a_new_value_has_the_place_that_it_is_given() -> None:
    root = map_of(TEXT)
    put(root, "tags", new_seq(Place("g", 7, 1)), Place("g", 6, 1))
    assert Place("g", 6, 1) == place_of(root, "tags")
    assert Place("g", 7, 1) == place_of(seq_in(root, "tags"))


def test_a_value_set_without_a_place_keeps_the_one_of_its_key() -> None:
    root = map_of(TEXT)
    put(root, "info", "x")
    put(seq_in(root, "servers"), 1, "y")
    assert Place("f", 1, 1) == place_of(root, "info")
    assert Place("f", 5, 3) == place_of(seq_in(root, "servers"), 1)


def test_items_keep_their_places_when_others_come_and_go() -> None:
    servers = seq_in(map_of(TEXT), "servers")
    append(servers, "d", Place("g", 9, 9))
    remove(servers, 0)
    remove(servers, 1)
    assert [{"url": "b"}, "d"] == servers
    assert [Place("f", 5, 3), Place("g", 9, 9)] == [place_of(servers, n) for n in range(2)]


def test_a_key_that_comes_again_has_its_new_place() -> None:
    root = map_of(TEXT)
    remove(root, "info")
    assert Place("f", 1, 1, "/info") == locate(root, "/info")
    put(root, "info", "x", Place("g", 2, 2))
    assert Place("g", 2, 2) == place_of(root, "info")


def test_a_clone_has_the_places_and_none_of_the_containers() -> None:
    root = map_of(TEXT)
    append(seq_in(root, "servers"), "d", Place("g", 9, 9))
    put(root, "x", 1, Place("g", 8, 8))
    for twin in (clone(root), copy.deepcopy(root)):
        assert root == twin
        for path in ("/info/title", "/servers/2/url", "/servers/3", "/x"):
            assert locate(root, path) == locate(twin, path)
        remove(seq_in(twin, "servers"), 0)
        put(twin, "info", None, Place("h", 1, 1))
        assert 4 == len(seq_in(root, "servers"))
        assert Place("f", 4, 3) == place_of(seq_in(root, "servers"), 0)
        assert Place("f", 1, 1) == place_of(root, "info")


def test_what_was_never_read_stands_nowhere_or_where_it_is_told() -> None:
    assert Place("") == place_of(Map({"a": 1}), "a")
    assert Place("g", 1, 2) == place_of(new_map(Place("g", 1, 2), [("a", 1)]), "a")


# Pointers


def test_pointers_are_written_and_read_as_rfc_6901_says() -> None:
    path = ("paths", "/a~b/{id}", "get", 0, "")
    assert "/paths/~1a~0b~1{id}/get/0/" == pointer(path)
    assert [str(token) for token in path] == tokens_of(pointer(path))
    assert [] == tokens_of("") == tokens_of("#")
    assert ["a"] == tokens_of("#/a")


@pytest.mark.parametrize("token", ["01", "-", "-1", "+1", "1", "\u0660", "9" * 5000])
def test_an_index_is_a_plain_number_within_the_array(token: str) -> None:
    assert step(Seq(["a"]), token) is None


# Files


def test_a_byte_order_mark_is_no_character() -> None:
    assert "a" == decode(b"\xef\xbb\xbfa", "f", Report())


def test_bytes_that_are_no_text_have_a_place() -> None:
    report = Report()
    assert decode(b"\xef\xbb\xbfa\r\nb\xc3\xa4\xff", "f", report) is None
    assert [("VK101", Place("f", 2, 3))] == [(found.code, found.place) for found in report]


@pytest.mark.parametrize("name", ["", "missing", "null\0byte"])
def test_a_file_that_cannot_be_read_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    report = Report()
    assert read_bytes(tmp_path / name, "f", report) is None
    assert ["VK100"] == [found.code for found in report]


# Whatever the layout

SPACE = st.text(alphabet=" \t\n\r", max_size=4)
Json = bool | int | float | str | None | list["Json"] | dict[str, "Json"]
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


Tokens = tuple[str | int, ...]


@dataclass
class Layout:
    """A text that grows, with some white space wherever JSON allows it."""

    data: st.DataObject
    text: str = ""
    starts: list[tuple[Tokens, int]] = field(default_factory=list[tuple[Tokens, int]])

    def write(self, text: str) -> None:
        self.text += text + self.data.draw(SPACE)

    def begin(self, path: Tokens, number: int) -> None:
        if number:
            self.write(",")
        self.starts.append((path, len(self.text)))

    def lay(self, value: Json, path: Tokens) -> None:
        if isinstance(value, dict):
            self.write("{")
            for number, (key, child) in enumerate(value.items()):
                self.begin((*path, key), number)
                self.write(json.dumps(key, ensure_ascii=self.data.draw(st.booleans())))
                self.write(":")
                self.lay(child, (*path, key))
            self.write("}")
        elif isinstance(value, list):
            self.write("[")
            for number, child in enumerate(value):
                self.begin((*path, number), number)
                self.lay(child, (*path, number))
            self.write("]")
        else:
            self.write(json.dumps(value))


@given(st.dictionaries(st.text(max_size=5), VALUES), st.data())
def test_every_key_and_item_is_where_its_place_says(
    value: dict[str, Json], data: st.DataObject
) -> None:
    layout = Layout(data)
    layout.lay(value, ())
    root = map_of(layout.text)
    assert value == root
    for path, start in layout.starts:
        before = layout.text[:start].replace("\r\n", "\n").replace("\r", "\n")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        assert Place("f", line, column, pointer(path)) == locate(root, path)


def test_what_is_written_is_what_json_writes() -> None:
    text = '{"a": {}, "b": [], "c": [1, 1.10, -2e3, true, null, "\\"é\\u2028\\n"], "": {"d": [{}]}}'
    node = read(text, "a.json", Report())

    assert json.dumps(node, indent=2, ensure_ascii=False) == written(node)
