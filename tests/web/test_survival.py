"""Killed while a class writes on the page, nothing that was accepted is lost and nothing counted twice."""

from pathlib import Path

from tests.web.survival import Load, survive


async def test_kills_lose_no_act_of_the_page_and_count_none_twice(tmp_path: Path) -> None:
    load = Load(writers=8, kills=3, between=40, seed=3)
    ending = await survive(tmp_path, load)
    assert len(ending.accepted) > 30
    ending.check(load.kills)
