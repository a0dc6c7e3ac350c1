"""When a bot watched: two rows around a gap, however long it is and however often it is told."""

from itertools import pairwise
from pathlib import Path

from storage import inbox
from storage.db import Transaction
from tests.storage.rows import some_rows

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


def watches(tx: Transaction) -> list[tuple[int, int]]:
    return [(row["since"], row["until"]) for row in tx.all("SELECT since, until FROM observation")]


async def test_a_link_that_is_down_for_days_leaves_one_gap(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def days_without(tx: Transaction) -> list[tuple[int, int]]:
            inbox.observe(tx, "b", MINUTE)
            inbox.observe(tx, "b", 60 * MINUTE)
            for now in range(61 * MINUTE, 3 * DAY, MINUTE):
                inbox.lose(tx, "b", 60 * MINUTE + 2_000, now)
            inbox.observe(tx, "b", 4 * DAY)
            return watches(tx)

        back = 3 * DAY - MINUTE
        assert await rows.do(days_without) == [(MINUTE, 60 * MINUTE + 2_000), (back, 4 * DAY)]
        assert await rows.do(lambda tx: inbox.gaps(tx, "b", 0, 5 * DAY)) == [(60 * MINUTE + 2_000, back)]


async def test_the_watch_that_goes_on_began_after_the_last_gap(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def watched(tx: Transaction) -> list[int]:
            known = [inbox.watching_since(tx, "b")]
            inbox.observe(tx, "b", MINUTE)
            inbox.observe(tx, "b", 9 * MINUTE)
            known.append(inbox.watching_since(tx, "b"))
            inbox.lose(tx, "b", 9 * MINUTE, 12 * MINUTE)
            inbox.observe(tx, "b", 20 * MINUTE)
            return [*known, inbox.watching_since(tx, "b")]

        assert await rows.do(watched) == [0, MINUTE, 12 * MINUTE]


async def test_each_minute_lost_alone_is_one_gap_too(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def minute_by_minute(tx: Transaction) -> list[tuple[int, int]]:
            inbox.observe(tx, "b", MINUTE)
            inbox.observe(tx, "b", 60 * MINUTE)
            for before, now in pairwise(range(60 * MINUTE, DAY, MINUTE)):
                inbox.lose(tx, "b", before + 5, now)
            return watches(tx)

        assert await rows.do(minute_by_minute) == [
            (MINUTE, 60 * MINUTE + 5),
            (DAY - MINUTE, DAY - MINUTE),
        ]


async def test_a_watch_between_two_gaps_counts_when_it_lasts(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def flapping(tx: Transaction, up: int) -> list[tuple[int, int]]:
            tx.run("DELETE FROM observation")
            inbox.observe(tx, "b", MINUTE)
            inbox.lose(tx, "b", 2 * MINUTE, 10 * MINUTE)
            inbox.lose(tx, "b", 10 * MINUTE + up, 20 * MINUTE)
            return inbox.gaps(tx, "b", 0, DAY)

        assert await rows.do(lambda tx: flapping(tx, 1_000)) == [(2 * MINUTE, 20 * MINUTE)]
        assert await rows.do(lambda tx: flapping(tx, MINUTE)) == [
            (2 * MINUTE, 10 * MINUTE),
            (11 * MINUTE, 20 * MINUTE),
        ]


async def test_what_was_found_out_later_is_lost_from_when_it_was(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def frozen(tx: Transaction) -> list[tuple[int, int]]:
            inbox.observe(tx, "b", MINUTE)
            inbox.observe(tx, "b", 60 * MINUTE)
            inbox.lose(tx, "b", 30 * MINUTE, 61 * MINUTE)
            return inbox.gaps(tx, "b", 0, DAY)

        assert await rows.do(frozen) == [(30 * MINUTE, 61 * MINUTE)]


async def test_after_a_stop_it_is_lost_since_the_last_watch(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def stopped(tx: Transaction) -> list[tuple[int, int]]:
            inbox.lose(tx, "b", MINUTE, MINUTE)
            assert inbox.gaps(tx, "b", 0, DAY) == [], "before the first start nothing was missed"
            inbox.observe(tx, "b", 60 * MINUTE)
            inbox.lose(tx, "b", 90 * MINUTE, 91 * MINUTE)
            inbox.lose(tx, "b", 0, 91 * MINUTE)
            return inbox.gaps(tx, "b", 0, DAY)

        assert await rows.do(stopped) == [(60 * MINUTE, 91 * MINUTE)]


async def test_the_last_watch_is_found_by_its_key(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        plan = await rows.do(lambda tx: tx.plan(inbox.LAST, {"bot": "b"}))
        assert "SEARCH observation" in plan
        assert "TEMP B-TREE" not in plan


async def test_events_are_noted_when_all_are_new_and_none_of_them_when_one_was_told_before(
    tmp_path: Path,
) -> None:
    async with some_rows(tmp_path) as rows:

        def told(tx: Transaction, *keys: str) -> bool:
            return inbox.all_fresh(tx, "b", keys, DAY)

        assert await rows.do(lambda tx: told(tx, "一", "二"))
        assert not await rows.do(lambda tx: told(tx, "二", "三"))
        assert not await rows.do(lambda tx: told(tx, "四", "四"))
        assert await rows.do(lambda tx: inbox.fresh(tx, "b", ("二", "三", "四", "四"), DAY)) == {"三", "四"}
        assert await rows.do(told)
