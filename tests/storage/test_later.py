"""What may wait is seen by nobody: any play of a transaction ends as if nothing had waited."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from storage.db import Transaction

TABLES = ("one", "other")
ADD = {
    "one": "INSERT INTO one (number) VALUES (:number)",
    "other": "INSERT INTO other (number) VALUES (:number)",
}
LOOK = {"one": "SELECT number FROM one ORDER BY number", "other": "SELECT number FROM other ORDER BY number"}


class Undone(Exception):
    """A part is to be undone."""


class Hasty(Transaction):
    """A transaction that lets nothing wait."""

    def later(self, sql: str, row: object) -> None:
        assert isinstance(row, tuple)
        self.run(sql, {"number": row[0]})

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            raise
        finally:
            self._connection.execute("RELEASE part")


acts = st.recursive(
    st.tuples(st.sampled_from(["later", "run", "look"]), st.sampled_from(TABLES)),
    lambda inner: st.tuples(st.sampled_from(["kept", "undone"]), st.lists(inner, max_size=5)),
    max_leaves=25,
)


def end(act: str) -> None:
    if act == "undone":
        raise Undone


def play(tx: Transaction, script: list[tuple[str, object]], numbers: Iterator[int]) -> list[object]:
    """Do what a script says; what was seen on the way."""
    seen: list[object] = []
    for act, about in script:
        if act in {"kept", "undone"}:
            assert isinstance(about, list)
            try:
                with tx.savepoint():
                    seen += play(tx, about, numbers)
                    end(act)
            except Undone:
                seen.append("undone")
        elif act == "later":
            tx.later(ADD[str(about)], (next(numbers),))
        elif act == "run":
            tx.run(ADD[str(about)], {"number": next(numbers)})
        else:
            seen.append(sorted(row[0] for row in tx.all(LOOK[str(about)])))
    return seen


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


@given(st.lists(acts, max_size=12))
def test_waiting_changes_nothing(script: list[tuple[str, object]]) -> None:
    assert perform(Transaction, script) == perform(Hasty, script)
