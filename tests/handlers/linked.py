"""One person on two platforms: a class that spans both, and the way to become one there."""

import re

from storage.db import Transaction
from tests.stage import Stage

HERE, THERE = "晨读班", "晨读班微信群"


async def a_class_on_both(stage: Stage) -> Stage:
    """A class with a room on each of two platforms; the stage of the second one."""
    other = stage.beside()
    await stage.opens(HERE)
    await other.opens(THERE)
    await stage.engine.database.write(_one_class)
    stage.engine.pipeline.memory.clear()
    return other


def _one_class(tx: Transaction) -> None:
    tx.run("UPDATE room SET community = 1 WHERE kind = 'group'")


async def a_code(stage: Stage, who: str = "小林") -> str:
    """The code that somebody is shown in private."""
    [said] = await stage.says(who, "绑定", room=None)
    found = re.search(r"绑定 (\w{6})", said)
    assert found, said
    return found[1]


async def join(stage: Stage, other: Stage, who: str = "小林", whom: str = "小林") -> list[str]:
    """`whom` on the other platform becomes one person with `who`; what both are told at the end."""
    code = await a_code(stage, who)
    await other.says(whom, f"绑定 {code}", room=None)
    said = [*await other.presses(whom, "是我", room=None), *stage.heard()]
    if any("我也问了一声" in text or "所以先问你" in text for text in said):
        said += [*await stage.presses(who, "是我", room=None), *other.heard()]
    return [text for text in said if text != "Answer"]


async def part(stage: Stage, who: str = "小林") -> list[str]:
    """The account parts from the others."""
    await stage.says(who, "解绑", room=None)
    return [text for text in await stage.presses(who, "分开", room=None) if text != "Answer"]
