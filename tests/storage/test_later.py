"""What may wait is seen by nobody: any play of a transaction ends as if nothing had waited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Any, ParamSpec, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.db import Row, Transaction

Given = ParamSpec("Given")
Result = TypeVar("Result")

TABLES = ("one", "other")
ADD = {
    "one": "INSERT INTO one (number) VALUES (:number)",
    "other": "INSERT INTO other (number) VALUES (:number)",
}
LOOK = {"one": "SELECT number FROM one ORDER BY number", "other": "SELECT number FROM other ORDER BY number"}
COUNT = {"one": "SELECT count(*) FROM one", "other": "SELECT count(*) FROM other"}


class Undone(Exception):
    """A part is to be undone."""


class Hasty(Transaction):
    """A transaction that lets nothing wait."""

    def later(self, sql: str, row: object, key: object = None) -> None:
        assert isinstance(row, tuple)
        self.run(sql, {"number": row[0]})

    def again(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        return self.all(sql, parameters)

    def made(self, tables: str, key: tuple[Hashable, ...], make: Callable[[], Result]) -> Result:
        return make()

    def part(self, act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        self._connection.execute("SAVEPOINT part")
        try:
            return act(*given, **named)
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            raise
        finally:
            self._connection.execute("RELEASE part")


acts = st.recursive(
    st.tuples(
        st.sampled_from(["later", "run", "put", "many", "look", "look again", "make"]),
        st.sampled_from(TABLES),
    ),
    lambda inner: st.tuples(st.sampled_from(["kept", "undone"]), st.lists(inner, max_size=5)),
    max_leaves=25,
)


def play_part(
    tx: Transaction, end: str, script: list[tuple[str, object]], numbers: Iterator[int]
) -> list[object]:
    """Do a part of a script; Undone when that is to be its end."""
    seen = play(tx, script, numbers)
    if end == "undone":
        raise Undone
    return seen


def play(tx: Transaction, script: list[tuple[str, object]], numbers: Iterator[int]) -> list[object]:
    """Do what a script says; what was seen on the way."""
    seen: list[object] = []
    for act, about in script:
        if act in {"kept", "undone"}:
            assert isinstance(about, list)
            try:
                seen += tx.part(play_part, tx, act, about, numbers)
            except Undone:
                seen.append("undone")
        elif act in {"look", "look again"}:
            look = tx.all if act == "look" else tx.again
            seen.append(sorted(row[0] for row in look(LOOK[str(about)], {})))
        elif act == "make":
            seen.append(tx.made(str(about), (), partial(tx.value, COUNT[str(about)])))
        else:
            add(tx, act, ADD[str(about)], next(numbers))
    return seen


def add(tx: Transaction, act: str, sql: str, number: int) -> None:
    """Add a number in one of the ways there are."""
    if act == "later":
        tx.later(sql, (number,))
    elif act == "put":
        tx.put(sql, [(number,)])
    elif act == "many":
        tx.many(sql, [{"number": number}])
    else:
        tx.run(sql, {"number": number})


def perform(kind: type[Transaction], script: list[tuple[str, object]]) -> tuple[list[object], list[object]]:
    """What a play saw, and what it left."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY) STRICT")
    connection.execute("BEGIN IMMEDIATE")
    tx = kind(connection)
    seen = play(tx, script, iter(range(1_000)))
    tx.catch_up()
    connection.execute("COMMIT")
    left: list[object] = [[row[0] for row in connection.execute(LOOK[table])] for table in TABLES]
    connection.close()
    return seen, left


@pytest.mark.parametrize("act", ["later", "run", "put", "many"])
def test_what_is_looked_at_again_is_the_truth(act: str) -> None:
    looks: list[tuple[str, object]] = [("look again", "one"), ("make", "one")]

    assert perform(Transaction, [*looks, (act, "one"), *looks]) == ([[], 0, [0], 1], [[0], []])


def test_what_is_made_of_rows_is_made_once_until_they_change() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE one (number INTEGER PRIMARY KEY) STRICT")
        connection.execute("CREATE TABLE other (number INTEGER PRIMARY KEY) STRICT")
        tx, made = Transaction(connection), iter(range(10))

        def look(key: str) -> int:
            return tx.made("one, third", (key,), lambda: next(made))

        assert [look("晨读"), look("晨读"), look("夜跑")] == [0, 0, 1]
        tx.run(ADD["other"], {"number": 1})
        assert [look("晨读"), look("夜跑")] == [0, 1]
        tx.run(ADD["one"], {"number": 1})
        assert [look("晨读"), look("夜跑")] == [2, 3]


@given(st.lists(acts, max_size=12))
def test_waiting_changes_nothing(script: list[tuple[str, object]]) -> None:
    assert perform(Transaction, script) == perform(Hasty, script)
