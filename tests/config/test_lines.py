"""Which line of a TOML file each key stands on."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.lines import Key, key_lines


@pytest.mark.parametrize(
    ("source", "key", "line"),
    [
        ("a = 1", ("a",), 1),
        ("\n# a = 0\n\na = 1", ("a",), 4),
        ("a = 1\r\nb = 2\r\n", ("b",), 2),
        ("[web]\nport = 1", ("web",), 1),
        ("[web]\nport = 1", ("web", "port"), 2),
        ("[ web ]  # pages\n\n  port = 1", ("web", "port"), 3),
        ("web.port = 1", ("web", "port"), 1),
        ("x = 1\nweb . 'port' = 1", ("web", "port"), 2),
        ('"a.b" = 1\na.b = 2', ("a.b",), 1),
        ('"a.b" = 1\na.b = 2', ("a", "b"), 2),
        ('"\\u0061" = 1', ("a",), 1),
        ('a = """\nb = 1\n[c]\n"""\nb = 2', ("b",), 5),
        ("a = '''\nb = 1\n'''\nb = 2", ("b",), 4),
        ('a = """x""""\nb = 2', ("b",), 2),
        ('a = "\\" # no"\nb = "#"\nc = 1', ("c",), 3),
        ('a = ""\nb = 1', ("b",), 2),
        ('a = "\\U0001F600"\nb = 1', ("b",), 2),
        ("a = [\n  1,\n  # two\n  2,\n]\nb = 1", ("a", 1), 4),
        ("a = [\n  1,\n  # two\n  2,\n]\nb = 1", ("b",), 6),
        ('a = ["]", [1, 2]]\nb = 1', ("b",), 2),
        ("a = { x = 1, y = [1,\n2] }\nb = 1", ("a", "y", 1), 2),
        ("a = {}\nb = 04:00:00", ("b",), 2),
        ("[[t]]\nn = 1\n[[t]]\nn = 2", ("t", 1), 3),
        ("[[t]]\nn = 1\n[[t]]\nn = 2", ("t", 1, "n"), 4),
        ("[[t]]\n[t.u]\nn = 1\n[[t]]\n[t.u]\nn = 2", ("t", 1, "u", "n"), 6),
        ("[[t]]\n[[t.u]]\n[[t.u]]\nn = 1\n[[t]]\n[[t.u]]\nn = 2", ("t", 0, "u", 1, "n"), 4),
        ("[[t]]\n[[t.u]]\n[[t.u]]\nn = 1\n[[t]]\n[[t.u]]\nn = 2", ("t", 1, "u", 0, "n"), 7),
    ],
)
def test_a_key_stands_on_its_line(source: str, key: Key, line: int) -> None:
    tomllib.loads(source)
    assert key_lines(source)[key] == line


def paths(value: Any, at: Key = ()) -> set[Key]:
    """Every path that tomllib's answer holds."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {at} | {path for name, item in items for path in paths(item, (*at, name))}


names = st.sampled_from(["a", "b", '"c.d"', "'e'", "f-1"])
values = st.recursive(
    st.sampled_from(["1", "-2.5e3", "true", '"x # y"', "'[z]'", '"""\n[q]\n"""', "2026-01-02T03:04:05Z"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[" + ", # and\n".join([*items, ""]) + "]"),
    max_leaves=4,
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A TOML file with a few sections."""
    lines = []
    for section in draw(st.lists(names, unique=True, max_size=4)):
        opening = draw(st.sampled_from(["[{}]", "[[{}]]", "[x.{}]", "[[ x . {} ]] # list"]))
        lines.append(opening.format(section))
        for name in draw(st.lists(names, unique=True, max_size=3)):
            lines += [f"{name} = {draw(values)} # end", ""]
    return "\n".join(lines)


@given(sources())
def test_every_key_that_tomllib_reads_has_a_line(source: str) -> None:
    lines = key_lines(source)
    assert set(lines) == paths(tomllib.loads(source)) - {()}
    assert all(1 <= line <= source.count("\n") + 1 for line in lines.values())
