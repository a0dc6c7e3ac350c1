"""Many acknowledgements that wait in one chat become one line, which grows while it waits."""

from pathlib import Path

from bot.core.actions import React, Words
from bot.core.context import MERGE, Context
from bot.core.merging import merge
from tests.stage import Stage, a_stage, actions_by_state


async def queue(stage: Stage, *names: str) -> list[int]:
    """Reactions that wait, one for each name."""

    def put(desk: object) -> list[int]:
        room = desk.room_by_id(1)  # type: ignore[attr-defined]
        context = Context(desk, at=desk.now, room=room)  # type: ignore[arg-type, attr-defined]
        later = desk.now + 3_600_000  # type: ignore[attr-defined]
        return [
            context.put(
                room,
                React(message="1", emoji="👍", words=Words("checkin.done", {"name": name})),
                topic=MERGE + "checkin.done",
                not_before=later,
            )
            for name in names
        ]

    return await stage.engine.pipeline.work(put)


async def gather(stage: Stage, rows: list[int]) -> None:
    await stage.engine.pipeline.work(
        lambda desk: merge(desk, desk.room_by_id(1), MERGE + "checkin.done", rows)
    )


async def test_a_line_that_waits_takes_in_those_that_come_later(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await gather(stage, await queue(stage, "小林", "阿哲"))
        await gather(stage, await queue(stage, "小美", "小林"))
        said = await stage.until(stage.clock.now() + 60_000)
        assert len(said) == 1
        assert "4" in said[0]
        assert "小林、阿哲、小美" in said[0]
        states = await stage.engine.database.read(actions_by_state)
        assert states["merged"] == 4


async def test_a_class_of_four_hundred_is_counted_whole(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for hundred in range(4):
            names = [f"同学{100 * hundred + number}" for number in range(100)]
            await gather(stage, await queue(stage, *names))
        [said] = await stage.until(stage.clock.now() + 60_000)
        assert said == "、".join(f"同学{n}" for n in range(20)) + " 等 400 位，都记上了。"


async def test_the_line_is_in_the_rooms_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[bot]\nlanguage = "en"') as stage:
        await stage.opens()
        await gather(stage, await queue(stage, "Ann", "Bob"))
        (said,) = await stage.until(stage.clock.now() + 60_000)
        assert said.isascii()


async def test_rows_that_were_sent_meanwhile_are_left_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        rows = await queue(stage, "小林")
        await stage.until(stage.clock.now() + 2 * 3_600_000)
        await gather(stage, rows)
        assert "merged" not in await stage.engine.database.read(actions_by_state)
