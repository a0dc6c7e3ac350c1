from pathlib import Path

import msgspec

from storage import checkins, repeats
from tests.storage.rows import checkin, some_rows


async def test_the_newest_other_message_stands_for_a_check_in(tmp_path: Path) -> None:
    day = checkin("2026-05-04", native="m3")
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: checkins.keep(tx, day))
        for at, native in enumerate(("m1", "m2", "m1")):
            said = msgspec.structs.replace(day, native=native, note=f"{native} {at}")
            await rows.do(lambda tx, said=said, at=at: repeats.keep(tx, said, at))  # type: ignore[misc]
        taken = await rows.do(lambda tx: repeats.take_newest(tx, day))
        assert taken == msgspec.structs.replace(day, native="m1", note="m1 2")
        assert await rows.do(lambda tx: repeats.forget_message(tx, 1, "m1")) is False
        assert await rows.do(lambda tx: repeats.forget_message(tx, 1, "m2")) is True
        assert await rows.do(lambda tx: repeats.take_newest(tx, day)) is None


async def test_repeats_are_found_by_indexes(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        plan = await rows.do(
            lambda tx: (
                tx.plan(f"SELECT note FROM repeat WHERE {repeats.OF_CHECKIN}", vars_of())  # noqa: S608 - fixed text
                + tx.plan("SELECT note FROM repeat WHERE room = :room AND native = 'm1'", {"room": 1})
                + tx.plan("SELECT note FROM repeat WHERE at < :before", {"before": 1})
            )
        )
        assert "SCAN" not in plan


def vars_of() -> dict[str, object]:
    return msgspec.structs.asdict(checkin("2026-05-04"))
