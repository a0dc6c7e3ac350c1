"""What waits to be decided, on Telegram: seen in private, decided by one tap, shown by a reaction alone."""

from pathlib import Path

from tests.adapters.telegram_house import a_house
from tests.adapters.test_telegram_roles import tap
from tests.peers.telegram import FakeServer


async def test_an_unclear_check_in_counts_by_one_tap_and_is_taken_back(
    fake: FakeServer, tmp_path: Path
) -> None:
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(3, title="Readers", announce=True)
        boss, member, other = group["member_ids"]
        room = group["id"]
        await house.quiet()
        await control.set_member(
            chat=room, user=boss, status="administrator", rights={"can_pin_messages": True}
        )
        await control.start(user=boss)
        await house.quiet()
        lines, before = len(await control.sent(chat=room)), await control.last_seq()
        said = await control.say(
            user=member, chat=room, text="Finished <b>two</b> chapters, that's my check-in for today"
        )
        await control.say(user=other, chat=room, text="ran 5 km this morning so that's my daily check-in")
        await control.say(user=boss, chat=boss, text="/suggestions")
        await house.quiet()
        (shown,) = await control.sent(chat=boss, since=before)
        assert "“Finished <b>two</b> chapters, that's my check-in for today”" in shown["text"]
        page = shown["message_id"]
        assert "daily check-in" in await tap(house, boss, page, "1 Yes")
        assert "Have some tea" in await tap(house, boss, page, "No")
        assert await house.rows("SELECT standing, way FROM checkin") == [("counted", "leader")]
        assert len(await control.sent(chat=room)) == lines
        reacted = 'SELECT state FROM outbox WHERE action LIKE \'%"do":"react"%\' AND action LIKE :message'
        assert await house.rows(reacted, message=f'%"message":"{said["message_id"]}"%') == [("sent",)]
        assert await house.rows("SELECT state FROM suggestion ORDER BY id") == [("approved",), ("declined",)]

        before = await control.last_seq()
        await control.say(user=boss, chat=boss, text="/undo 1")
        await house.quiet()
        (asked,) = await control.sent(chat=boss, since=before)
        assert "all is as it was" in await tap(house, boss, asked["message_id"], "Take it back")
        assert await house.rows("SELECT standing FROM checkin") == [("withdrawn",)]
