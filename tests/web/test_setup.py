"""Set-up and staff room in the local room, by its buttons."""

from pathlib import Path

from storage import local_acts, local_room
from tests.web.house import House, a_house


async def taps(house: House, label: str, chat: str = "r1", who: str = "班主任") -> str:
    """Somebody presses the newest button with that label in a chat; what its message says then."""
    messages = await house.messages(chat)
    message, data = next(
        (message.id, button.data)
        for message in reversed(messages)
        for row in message.buttons
        for button in row
        if label in button.label
    )
    await house.does(local_acts.press, message=message, member=await house.member(who), data=data)
    shown = await house.database.read(lambda tx: local_room.message(tx, message))
    assert shown is not None
    return shown.text


async def test_the_first_class_is_set_up_in_one_message(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.settled()
        before = len(await house.messages())
        for label in ("一步步来", "简体中文", "北京", "05:00–09:00", "好了"):
            shown = await taps(house, label)
        assert "安顿好了" in shown
        assert len(await house.messages()) == before
        assert "安顿好了" in await taps(house, "好了", "r2")


async def test_a_new_room_becomes_the_staff_room_and_shows_how_the_classes_are(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.settled()
        room = await house.does(local_acts.add_room, title="管理群", tier=1)
        chief = await house.member("班主任")
        await house.does(local_acts.join, room=room, member=chief, silently=True)
        await house.says("班主任", "/staffroom", f"r{room}")
        assert "管理群了" in await taps(house, "都是自己人", f"r{room}")
        await house.says("班主任", "/rooms", f"r{room}")
        assert "2 个群" in (await house.heard(f"r{room}"))[-1]
        assert "层级" in await taps(house, "精英班", f"r{room}")
