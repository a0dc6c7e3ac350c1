from pathlib import Path

import msgspec

from storage import relays
from storage.relays import Entry, Relay
from tests.storage.rows import some_rows

LIST = Relay(0, 1, "今日打卡", "今日打卡", 0, (Entry("小林", "十页"),), 100)


async def test_the_latest_list_of_a_title_is_kept(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        number = await rows.do(lambda tx: relays.keep(tx, LIST))
        longer = msgspec.structs.replace(LIST, entries=(*LIST.entries, Entry("阿哲", "单词", 2)), at=200)
        assert await rows.do(lambda tx: relays.keep(tx, longer)) == number
        kept = msgspec.structs.replace(longer, id=number)
        assert await rows.do(lambda tx: relays.by_title(tx, 1, "今日打卡")) == kept
        assert await rows.do(lambda tx: relays.by_id(tx, number)) == kept
        assert await rows.do(lambda tx: relays.by_id(tx, number + 1)) is None


async def test_the_newest_list_comes_first(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: relays.keep(tx, LIST))
        await rows.do(lambda tx: relays.keep(tx, msgspec.structs.replace(LIST, title="读书会", at=300)))
        found = await rows.do(lambda tx: relays.latest(tx, 1, 5))
        assert [one.title for one in found] == ["读书会", "今日打卡"]
