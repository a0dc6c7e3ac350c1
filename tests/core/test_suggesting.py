"""Whoever presses, undoes and waits in any order: each is decided at most once, applied as its state says."""

import random
from pathlib import Path

import pytest

from bot.core.events import Event
from tests.handlers.suggested import STAFF, a_class, done, featured, states, vanishes
from tests.stage import Stage, a_stage

NAMES = "甲乙丙丁"
ADMINS = ("班主任", "副班主任", "路人")
STEPS = 60


async def test_what_was_declined_rests_for_a_month_and_what_lapsed_does_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured(), all_on=False) as stage:
        await a_class(stage)
        for name in ("甲", "乙"):
            await stage.says("小林", f"/propose {name}")
        await stage.until("2026-05-04 09:06")
        await stage.presses("班主任", "1 不算", room=STAFF)
        await stage.until("2026-05-08 09:00")
        for day in ("2026-05-08", "2026-06-04"):
            await stage.until(f"{day} 10:00")
            await stage.says("小林", "/propose 甲")
            await stage.says("小林", "/propose 乙")
        assert await states(stage) == ["declined", "expired", "expired", "open", "open"]


async def test_a_room_that_went_to_another_community_takes_nothing_along(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await stage.says("小林", "/propose 甲")
        await stage.until("2026-05-04 09:06")
        await stage.opens("外班")
        await stage.engine.database.write(lambda tx: tx.run("UPDATE room SET community = 3 WHERE id = 1"))
        stage.engine.pipeline.memory.clear()
        await stage.joins("班主任", "owner", STAFF)
        await stage.engine.database.write(
            lambda tx: tx.run(
                "INSERT INTO role (community, person, name, given_at) SELECT 1, id, 'admin', 0 FROM person"
            )
        )
        assert "情况变了" in (await stage.presses("班主任", "准", room=STAFF))[0]
        assert await done(stage) == []


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_each_is_applied_exactly_as_its_state_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with a_stage(tmp_path, features=featured(), all_on=False) as stage:
        await a_class(stage)
        for _ in range(STEPS):
            await a_step(stage, chance)
            rows = await stage.engine.database.read(
                lambda tx: tx.all("SELECT subject FROM suggestion WHERE state = 'approved' ORDER BY subject")
            )
            assert sorted(row["subject"].split(" ")[1] for row in rows) == sorted(await done(stage))
        assert not await stage.engine.database.read(lambda tx: tx.all("SELECT * FROM dead_letter"))
        undone = await stage.engine.database.read(lambda tx: tx.value("SELECT count(undoes) FROM audit"))
        assert undone >= 3


async def a_step(stage: Stage, chance: random.Random) -> None:
    """Something is proposed, pressed by several at once, undone, forgotten, or waits for a while."""
    kind = chance.choice(("propose", "propose", "press", "press", "undo", "undo", "wait", "vanish"))
    if kind == "propose":
        await stage.says("小林", f"/propose {chance.choice(NAMES)}{chance.randint(1, 3)}")
    elif kind == "press":
        await stage.happens(*(a_press(stage, chance) for _ in range(chance.randint(1, 3))))
    elif kind == "undo":
        last = await stage.engine.database.read(lambda tx: tx.value("SELECT max(id) FROM audit")) or 1
        number = chance.randint(max(1, last - 3), last)
        await stage.presses_data("班主任", f"undo:{number}:do:@1", room=None)
    elif kind == "wait":
        await stage.until(stage.clock.now() + chance.choice((6, 6, 70, 1500)) * 60_000)
    elif chance.random() < 0.2:
        await vanishes(stage, f"{chance.choice(NAMES)}{chance.randint(1, 3)}")


def a_press(stage: Stage, chance: random.Random) -> Event:
    verb, number = chance.choice(("yes", "no", "later", "all")), chance.randint(1, 20)
    view = chance.choice((f"l{chance.randint(1, 9)}-0", "p0-99"))
    return stage.pressed(chance.choice(ADMINS), f"suggest:{verb}:{number}:{view}", message="0", room=STAFF)
