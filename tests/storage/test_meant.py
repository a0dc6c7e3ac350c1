from pathlib import Path

from storage import meant
from tests.storage.rows import some_rows


async def test_what_is_meant_is_read_by_indexes(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        plan = await rows.do(lambda tx: tx.plan(meant.COMMUNITIES, {"account": 1}))
        assert "SCAN" not in plan
        assert "SEARCH checkin USING PRIMARY KEY (community=? AND account=?)" in plan
