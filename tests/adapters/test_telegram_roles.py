"""Roles and the audit on Telegram: a role given in reply, seen in private, taken back with one thumb."""

from pathlib import Path
from typing import Any

from tests.adapters.telegram_house import House, a_house
from tests.peers.telegram import FakeServer


async def tap(house: House, who: int, number: int, label: str) -> str:
    """A button of a private message pressed; the text of that message afterwards."""
    control = house.fake.control
    shown: dict[str, Any] = (await control.message(chat=who, message_id=number))["message"]
    rows = shown["reply_markup"]["inline_keyboard"]
    button = next(one for row in rows for one in row if label in one["text"])
    await control.click(user=who, chat=who, message_id=number, data=button["callback_data"], wait=15)
    await house.quiet()
    text: str = (await control.message(chat=who, message_id=number))["message"]["text"]
    return text


async def test_a_role_needs_no_admin_rights_and_is_taken_back_in_private(
    fake: FakeServer, tmp_path: Path
) -> None:
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(3, title="Readers", announce=True)
        boss, helper, member = group["member_ids"]
        room = group["id"]
        await house.quiet()
        await control.set_member(
            chat=room, user=boss, status="administrator", rights={"can_pin_messages": True}
        )
        for person in (boss, helper):
            await control.start(user=person)
        said = await control.say(user=helper, chat=room, text="good morning")
        await house.quiet()
        before = await control.last_seq()
        number = said["message_id"]
        await control.say(user=boss, chat=room, text="/role leader", reply_to=number)
        await house.quiet()
        (line,) = await control.sent(chat=room, since=before)
        assert "is leader from today on" in line["text"]
        (told,) = await control.sent(chat=helper, since=before)
        assert "Thank you for looking after everyone" in told["text"]

        before = await control.last_seq()
        await control.say(user=helper, chat=room, text="/roles")
        await control.say(user=member, chat=room, text="/roles")
        await house.quiet()
        (shown,) = await control.sent(chat=helper, since=before)
        assert "leader (check-ins, lists)" in shown["text"]

        before = await control.last_seq()
        await control.say(user=boss, chat=room, text="/audit")
        await house.quiet()
        (audit,) = await control.sent(chat=boss, since=before)
        page = audit["message_id"]
        assert "Take this back?" in await tap(house, boss, page, "Undo #1")
        assert "all is as it was" in await tap(house, boss, page, "Take it back")
        assert await house.rows("SELECT name FROM role") == []
        assert "all is as it was" in await tap(house, boss, page, "Keep it after all")
        assert await house.rows("SELECT name FROM role") == [("leader",)]
        assert "brought back" in await tap(house, boss, page, "All changes")
