"""What waits to be decided, in the local room: told in the staff room, decided there by a button."""

from pathlib import Path

from storage import local_acts
from tests.web.house import House, a_house
from tests.web.test_setup import taps


async def later(house: House, minutes: int) -> None:
    """Time passes, and what is due is done."""
    await house.engine.advance(house.clock.now() + minutes * 60_000, house.room.move_clock)
    await house.settled()


async def test_an_unclear_check_in_is_decided_in_the_staff_room(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.settled()
        room = await house.does(local_acts.add_room, title="管理群", tier=1)
        staff = f"r{room}"
        await house.does(local_acts.join, room=room, member=await house.member("班主任"), silently=True)
        await house.says("班主任", "/staffroom", staff)
        await taps(house, "都是自己人", staff)
        members = await house.heard()
        said = await house.says("小林", "刚刚打卡的内容是读了三十页")
        await later(house, 6)
        assert any("「刚刚打卡的内容是读了三十页」" in one for one in await house.heard(staff))
        assert await house.heard() == members
        assert "→ 准了（班主任）" in await taps(house, "准", staff)
        (message,) = [one for one in await house.messages() if one.id == said]
        assert "🎉" in str(message.reactions)
        assert await house.heard() == members
