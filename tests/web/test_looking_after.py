"""Who looks after a class, in the local room: settings, roles, changes and their undo, the doctor."""

from pathlib import Path

from storage import local_acts
from tests.web.house import House, a_house
from tests.web.test_setup import taps


async def a_staff_room(house: House) -> str:
    """A room where only the owner is, marked as the staff room; its name on the page."""
    await house.settled()
    room = await house.does(local_acts.add_room, title="管理群", tier=1)
    await house.does(local_acts.join, room=room, member=await house.member("班主任"), silently=True)
    await house.says("班主任", "/staffroom", f"r{room}")
    await taps(house, "都是自己人", f"r{room}")
    return f"r{room}"


async def answer(house: House, text: str, chat: str, who: str = "班主任") -> str:
    """What was said last in a chat after somebody wrote there."""
    await house.says(who, text, chat)
    return (await house.heard(chat))[-1]


async def test_settings_are_changed_asked_after_and_taken_back(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        staff = await a_staff_room(house)
        members = await house.heard()
        assert "20:30" in await answer(house, "/set recap.evening_at 20:30", staff)
        assert "20:30" in await answer(house, "/settings why recap.evening_at", staff)
        assert "20:30" in await answer(house, "/audit", staff)
        await answer(house, "/undo", staff)
        assert "回到了原来的样子" in await taps(house, "撤回", staff)
        assert "21:30" in await answer(house, "/settings why recap.evening_at", staff)
        await house.says("班主任", "/settings", staff)
        assert "改了从现在起算" in await taps(house, "整个社群", staff)
        assert "<b>晚上几点说</b>：21:30（本来的）" in await taps(house, "晚间小结", staff)
        assert await house.heard() == members


async def test_a_role_is_given_by_name_and_shown_to_staff_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        staff = await a_staff_room(house)
        await house.says("小林", "早上好")
        members = await house.heard()
        assert "小林" in await answer(house, "/role 小林 学习委员", staff)
        assert "小林" in await answer(house, "/roles", staff)
        heard = (await house.heard())[len(members) :]
        assert not any("小林" in line or "学习委员" in line for line in heard)


async def test_the_doctor_says_that_all_is_well(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        staff = await a_staff_room(house)
        members = await house.heard()
        assert "都好" in await answer(house, "/doctor", staff)
        assert await house.heard() == members
