"""The pages of settings on Telegram: sent in private, edited in place, nothing before members."""

from pathlib import Path
from typing import Any

from tests.adapters.telegram_house import House, a_house
from tests.peers.telegram import FakeServer


async def page(house: House, who: int, number: int) -> dict[str, Any]:
    """A message of the private chat, as it is now."""
    await house.quiet()
    found: dict[str, Any] = (await house.fake.control.message(chat=who, message_id=number))["message"]
    return found


async def tap(house: House, who: int, number: int, label: str) -> str:
    """A button of a page pressed; the text of the page afterwards."""
    shown = await page(house, who, number)
    rows = shown["reply_markup"]["inline_keyboard"]
    button = next(one for row in rows for one in row if label in one["text"])
    await house.fake.control.click(
        user=who, chat=who, message_id=number, data=button["callback_data"], wait=15
    )
    text: str = (await page(house, who, number))["text"]
    return text


async def test_pages_are_edited_in_place_in_private(fake: FakeServer, tmp_path: Path) -> None:
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(2, title="Readers", announce=True)
        boss, room = group["member_ids"][0], group["id"]
        await house.quiet()
        await control.set_member(
            chat=room, user=boss, status="administrator", rights={"can_pin_messages": True}
        )
        await control.start(user=boss)
        await house.quiet()
        said, before = len(await control.sent(chat=room)), await control.last_seq()
        await control.say(user=boss, chat=room, text="/settings")
        await house.quiet()
        (shown,) = await control.sent(chat=boss, since=before)
        number = shown["message_id"]
        assert "Readers (this room)" in shown["text"]
        assert "Evening recap: on" in await tap(house, boss, number, "What is on")
        assert "Evening recap: off" in await tap(house, boss, number, "Evening recap")
        await tap(house, boss, number, "Back")
        await tap(house, boss, number, "How much I say")
        await tap(house, boss, number, "Lines a day")
        assert "Now: 5" in await tap(house, boss, number, "＋")
        assert "/settings" in await tap(house, boss, number, "Close")
        assert "reply_markup" not in await page(house, boss, number)
        assert len(await control.sent(chat=room)) == said
        assert await house.rows("SELECT name, value FROM setting ORDER BY name") == [
            ("features.recap", '"off"'),
            ("talk.lines_a_day", "5"),
        ]
