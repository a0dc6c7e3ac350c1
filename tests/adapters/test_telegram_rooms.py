"""The health of all rooms on Telegram: told in private, and never before members."""

from pathlib import Path

from tests.adapters.telegram_house import a_house
from tests.peers.telegram import FakeServer


async def test_all_rooms_are_shown_in_private(fake: FakeServer, tmp_path: Path) -> None:
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
        before = await control.last_seq()
        await control.say(user=boss, chat=room, text="/rooms")
        await house.quiet()
        (shown,) = await control.sent(chat=boss, since=before)
        assert "Readers" in str(shown)
        assert await control.sent(chat=room, since=before) == []


async def test_what_the_bot_may_do_in_a_group_it_was_in_already_is_found_out(
    fake: FakeServer, tmp_path: Path
) -> None:
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(1, title="Readers")
        await control.say(user=group["member_ids"][0], chat=group["id"], text="hello")
        await house.quiet()
        (rights,) = await house.rows("SELECT rights FROM room WHERE kind = 'group'")
        assert {"read", "react", "delete", "invite"} <= set(rights[0].split())
        (hello,) = await control.sent(chat=group["id"])
        assert "simply write “check in”" in hello["text"]
