from pathlib import Path

from storage import pending
from storage.pending import Loose, Question
from tests.storage.rows import some_rows


async def test_a_proof_waits_for_its_word_and_is_used_once(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: pending.keep_proof(tx, 1, 1, Loose("picture", 100, None)))
        await rows.do(lambda tx: pending.keep_proof(tx, 1, 1, Loose("picture", 200, "a")))
        assert await rows.do(lambda tx: pending.proofs(tx, 1, 1, 200)) == [Loose("picture", 200, "a")]
        assert await rows.do(lambda tx: pending.proofs(tx, 1, 1, 201)) == []
        await rows.do(lambda tx: pending.use_proofs(tx, 1, 1))
        assert await rows.do(lambda tx: pending.proofs(tx, 1, 1, 0)) == []


async def test_a_question_is_answered_once(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: pending.keep_question(tx, 1, 1, Question(1, "old")))
        await rows.do(lambda tx: pending.keep_question(tx, 1, 1, Question(1, "new")))
        assert await rows.do(lambda tx: pending.take_question(tx, 1, 1)) == Question(1, "new")
        assert await rows.do(lambda tx: pending.take_question(tx, 1, 1)) is None
