from pathlib import Path

from storage import link_codes
from storage.db import Transaction
from storage.link_codes import Shown
from tests.storage.rows import some_rows


async def test_a_code_is_one_account_s_and_taken_by_one(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        link_codes.show(tx, Shown(1, "first", 1, 100))
        link_codes.show(tx, Shown(1, "second", 1, 100))
        assert link_codes.find(tx, "first", 50) is None, "a new one takes the place of the old one"
        assert link_codes.find(tx, "second", 50) == Shown(1, "second", 1, 100)
        assert link_codes.find(tx, "second", 100) is None
        assert link_codes.taken(tx, 1, 2, 50) is None
        link_codes.take(tx, 1, 2)
        assert link_codes.taken(tx, 1, 2, 50) == Shown(1, "second", 1, 100, taken_by=2)
        assert link_codes.taken(tx, 1, 2, 100) is None
        link_codes.agree(tx, 1, 200)
        assert link_codes.taken(tx, 1, 2, 150) == Shown(1, "second", 1, 200, taken_by=2, agreed=1)
        link_codes.use_up(tx, 1)
        assert link_codes.find(tx, "second", 50) is None

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_old_codes_are_forgotten(tmp_path: Path) -> None:
    def play(tx: Transaction) -> int:
        link_codes.show(tx, Shown(1, "old", 1, 100))
        link_codes.show(tx, Shown(2, "good", 1, 200))
        link_codes.forget_old(tx, 100)
        return int(tx.value("SELECT count(*) FROM link_code"))

    async with some_rows(tmp_path) as rows:
        assert await rows.do(play) == 1


async def test_wrong_codes_are_counted_for_a_while(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        assert link_codes.tries(tx, 1, 0) == 0
        for now in (10, 10, 30):
            link_codes.note_try(tx, 1, now, now - 60)
        assert link_codes.tries(tx, 1, 5) == 3
        assert link_codes.tries(tx, 1, 11) == 0
        link_codes.note_try(tx, 1, 100, 40)
        assert link_codes.tries(tx, 1, 40) == 1

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_a_code_is_found_by_its_digest(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        plan = await rows.do(lambda tx: tx.plan(link_codes.BY_DIGEST, {"digest": "x", "now": 1}))
        assert "link_code_digest (digest=?)" in plan
