from pathlib import Path

import pytest

from storage import choices
from storage.choices import Choice
from tests.storage.rows import some_rows

VALUES = {
    "room": 1,
    "number": 1,
    "action": 7,
    "now": 100,
    "message": "m",
    "native": "n",
    "but": "[]",
}


def choice(number: int, data: str, **more: object) -> Choice:
    fields: dict[str, object] = {"action": 7, "message": None, "shown": False, "lasts": 50, "expires_at": 200}
    return Choice(room=1, number=number, data=data, **(fields | more))  # type: ignore[arg-type]


async def test_a_number_counts_from_when_it_is_shown_until_it_is_over(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: choices.keep(tx, [choice(1, "a"), choice(2, "b")]))
        assert await rows.do(lambda tx: choices.any_to_come(tx, 1))
        assert await rows.do(lambda tx: choices.shown(tx, 1, 1, 100)) is None
        await rows.do(lambda tx: choices.show(tx, 7, "m", 100))
        found = await rows.do(lambda tx: choices.shown(tx, 1, 2, 149))
        assert found == choice(2, "b", message="m", shown=True, expires_at=150)
        assert await rows.do(lambda tx: choices.shown(tx, 1, 2, 150)) is None
        assert await rows.do(lambda tx: choices.shown(tx, 1, 3, 100)) is None
        assert await rows.do(lambda tx: choices.shown(tx, 2, 1, 100)) is None
        assert not await rows.do(lambda tx: choices.any_to_come(tx, 1))


async def test_numbers_are_free_again_when_they_are_over(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: choices.keep(tx, [choice(1, "a"), choice(2, "b", action=8, expires_at=99)]))
        assert await rows.do(lambda tx: choices.taken(tx, 1, 100)) == {1: 7}
        await rows.do(lambda tx: choices.forget_expired(tx, 200))
        assert not await rows.do(lambda tx: choices.any_in(tx, 1))


async def test_what_a_message_no_longer_shows_is_closed(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        kept = [choice(1, "a", message="m"), choice(2, "b", message="m"), choice(3, "c", message="other")]
        await rows.do(lambda tx: choices.keep(tx, kept))
        await rows.do(lambda tx: choices.close(tx, 1, "m", ["b", "x"]))
        assert await rows.do(lambda tx: choices.taken(tx, 1, 0)) == {2: 7, 3: 7}
        await rows.do(lambda tx: choices.close(tx, 1, "m"))
        assert await rows.do(lambda tx: choices.taken(tx, 1, 0)) == {3: 7}
        await rows.do(lambda tx: choices.close_action(tx, 7))
        assert await rows.do(lambda tx: choices.taken(tx, 1, 0)) == {}


@pytest.mark.parametrize(
    "query",
    [
        choices.FREE,
        choices.TAKEN,
        choices.ANY,
        choices.TO_COME,
        choices.SHOWN,
        choices.SHOW,
        choices.CLOSE_ACTION,
        choices.CLOSE,
        choices.EXPIRED,
    ],
)
async def test_no_look_at_numbers_reads_those_of_all_rooms(tmp_path: Path, query: str) -> None:
    async with some_rows(tmp_path) as rows:
        assert "SEARCH choice USING" in await rows.do(lambda tx: tx.plan(query, VALUES))
