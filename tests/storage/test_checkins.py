from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from rules.days import Day
from storage import checkins
from storage.checkins import CheckIn
from storage.db import Transaction
from tests.storage.rows import checkin, some_rows


def keep_some(tx: Transaction) -> None:
    for day, account in (("2026-05-04", 1), ("2026-05-04", 2), ("2026-05-06", 1)):
        checkins.keep(tx, checkin(day, account=account, native=f"{day} {account}"))
    taken_back = msgspec.structs.replace(checkin("2026-05-05"), standing="withdrawn")
    checkins.keep(tx, taken_back)


async def test_a_check_in_is_kept_once_for_its_account_task_and_day(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        one = checkin("2026-05-04", native="m1")
        again = msgspec.structs.replace(one, note="又读了两页", native="m2", featured=True)
        await rows.do(lambda tx: checkins.keep(tx, one))
        await rows.do(lambda tx: checkins.keep(tx, again))
        assert await rows.do(lambda tx: checkins.of_day(tx, 1, 1, Day("2026-05-04"))) == [again]
        assert await rows.do(lambda tx: checkins.by_message(tx, 1, "m1")) == []
        assert await rows.do(lambda tx: checkins.by_message(tx, 1, "m2")) == [again]


@pytest.mark.parametrize("changes", list(permutations(["reword", "feature", "reword again"])))
@pytest.mark.parametrize("is_known", [False, True])
async def test_what_a_check_in_becomes_in_one_transaction_is_what_is_kept(
    tmp_path: Path, changes: tuple[str, ...], *, is_known: bool
) -> None:
    becomes: dict[str, dict[str, object]] = {
        "reword": {"native": "m2", "note": "又读了两页"},
        "feature": {"featured": True},
        "reword again": {"native": "m3", "note": "还有一页"},
    }

    def change(tx: Transaction) -> CheckIn:
        said = checkin("2026-05-04", native="m1")
        if not is_known:
            checkins.keep(tx, said)
        for what in changes:
            said = msgspec.structs.replace(said, **becomes[what])
            checkins.keep(tx, said)
        return said

    async with some_rows(tmp_path) as rows:
        if is_known:
            await rows.do(lambda tx: checkins.keep(tx, checkin("2026-05-04", native="m1")))
        last = await rows.do(change)
        assert last.featured
        assert await rows.do(lambda tx: checkins.of_day(tx, 1, 1, Day("2026-05-04"))) == [last]


async def test_what_a_part_says_again_of_what_waited_before_it_is_written_after_that(tmp_path: Path) -> None:
    one = checkin("2026-05-04", native="m1")
    again = msgspec.structs.replace(one, note="又读了两页", native="m2")

    def say_again(tx: Transaction) -> None:
        checkins.keep(tx, again)
        assert checkins.by_message(tx, 1, "m2") == [again]

    def say_twice(tx: Transaction) -> None:
        checkins.keep(tx, one)
        tx.part(say_again, tx)

    async with some_rows(tmp_path) as rows:
        await rows.do(say_twice)
        assert await rows.do(lambda tx: checkins.of_day(tx, 1, 1, Day("2026-05-04"))) == [again]


async def test_words_that_wait_do_not_replace_newer_ones(tmp_path: Path) -> None:
    one = checkin("2026-05-04", native="m1")
    again = msgspec.structs.replace(one, note="又读了两页", native="m2")
    last = msgspec.structs.replace(one, note="还有一页", native="m3", featured=True)

    def say_three_times(tx: Transaction) -> None:
        checkins.keep(tx, one)
        tx.part(checkins.keep, tx, again)
        checkins.keep(tx, last)

    async with some_rows(tmp_path) as rows:
        await rows.do(say_three_times)
        assert await rows.do(lambda tx: checkins.of_day(tx, 1, 1, Day("2026-05-04"))) == [last]


async def test_only_what_counts_makes_a_history(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(keep_some)
        assert await rows.do(lambda tx: checkins.counted_days(tx, 1, 1)) == ["2026-05-04", "2026-05-06"]
        found = await rows.do(lambda tx: checkins.of_person(tx, 1, 1, Day("2026-05-05"), Day("2026-05-31")))
        assert [one.day for one in found] == ["2026-05-06"]


async def test_who_checked_in_on_a_day(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(keep_some)
        assert await rows.do(lambda tx: checkins.people_of_day(tx, 1, Day("2026-05-04"))) == {1, 2}
        assert await rows.do(lambda tx: checkins.people_of_day(tx, 1, Day("2026-05-05"))) == set()


async def test_make_ups_are_numbered_by_when_they_were_said(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        one = checkin("2026-05-04", way="makeup")
        await rows.do(lambda tx: checkins.keep(tx, one))
        assert await rows.do(lambda tx: checkins.made_up_in(tx, 1, 1, one.at, one.at + 1)) == 1
        assert await rows.do(lambda tx: checkins.made_up_in(tx, 1, 1, one.at + 1, one.at + 2)) == 0
        assert await rows.do(lambda tx: checkins.made_up_in(tx, 1, 2, one.at, one.at + 1)) == 0


async def test_what_another_own_account_did_stands_for_the_person(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        checkins.keep(tx, checkin("2026-05-04", account=1))
        refused = msgspec.structs.replace(
            checkin("2026-05-05", account=1), standing="withdrawn", decided_by=9
        )
        taken_back = msgspec.structs.replace(checkin("2026-05-06", account=1), standing="withdrawn")
        checkins.keep(tx, refused)
        checkins.keep(tx, taken_back)

        def of(*accounts: int, day: str) -> list[tuple[int, str]]:
            rows = checkins.of_person_on(tx, 1, accounts, Day(day))
            return [(row.account, row.standing) for row in rows]

        assert of(2, day="2026-05-04") == []
        assert of(2, 1, day="2026-05-04") == [(1, "counted")]
        assert of(2, 1, day="2026-05-05") == [(1, "withdrawn")]
        assert of(2, 1, day="2026-05-06") == [], "what its author took back, the person may say again"
        checkins.keep(tx, checkin("2026-05-04", account=2))
        assert of(2, 1, day="2026-05-04") == [(2, "counted")]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)
