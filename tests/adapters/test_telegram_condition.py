"""How Telegram's side is: privacy mode, the clocks, who else takes the news, and what staff hears of it."""

from pathlib import Path

import pytest

from bot.core.platforms import Condition
from storage import condition
from storage.condition import BotCondition
from tests.adapters.house import HastyClock, Heap, listening, until
from tests.adapters.telegram_house import House, a_bot, a_house
from tests.peers.telegram import FakeServer


def without_skew(side: Condition) -> Condition:
    return Condition(side.reads_all, None, side.contested_at, side.trouble)


@pytest.mark.parametrize(("seconds", "ahead"), [(0, 0), (-90, 90), (600, -600)])
async def test_the_clocks_are_compared_by_the_stamp_of_each_answer(
    fake: FakeServer, tmp_path: Path, seconds: int, ahead: int
) -> None:
    await fake.control.clock(advance=seconds)
    async with a_bot(fake, tmp_path) as telegram:
        await telegram.open()
        side = await telegram.condition()
        assert side.skew is not None
        assert abs(side.skew - ahead * 1000) < 5000


async def test_privacy_mode_is_looked_at_anew(tmp_path: Path) -> None:
    async with FakeServer(privacy=True) as fake, a_bot(fake, tmp_path) as telegram:
        await telegram.open()
        assert without_skew(await telegram.condition()) == Condition(reads_all=False)
        for known in fake.world.bots.values():
            known.privacy = False
        assert without_skew(await telegram.condition()) == Condition(reads_all=True)


async def test_who_does_not_answer_is_said_to_be_away(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        await telegram.open()
        await fake.control.fault(kind="reset", method="getMe", count=1)
        assert without_skew(await telegram.condition()) == Condition(trouble="reach")
        assert (await telegram.condition()).trouble == ""


async def test_a_token_that_is_not_known_any_more(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        await telegram.open()
        del fake.world.bots[fake.token]
        assert without_skew(await telegram.condition()) == Condition(trouble="token")


async def test_news_that_go_to_another_program(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        await telegram.open()
        await telegram._client.set_webhook("https://other.example.org/secret-path")
        side = await telegram.condition()
        assert without_skew(side) == Condition(reads_all=True, trouble="taken")
        await telegram.take_over()


async def test_two_who_ask_for_the_same_news_are_noticed(fake: FakeServer, tmp_path: Path) -> None:
    fake.world.config["strict"] = "record"
    clock = HastyClock()
    async with a_bot(fake, tmp_path, clock=clock) as telegram:
        await telegram.open()
        await telegram._client.set_webhook("https://other.example.org/")
        heap = Heap()
        async with listening(telegram, heap):
            await until(lambda: clock.waits)
            await telegram.take_over()
        side = await telegram.condition()
        assert side.contested_at is not None
        assert abs(side.contested_at - clock.now()) < 600_000


async def test_the_running_house_keeps_it(fake: FakeServer, tmp_path: Path) -> None:
    await fake.control.clock(advance=-45)
    async with a_house(fake, tmp_path) as house:
        kept: BotCondition = await until(
            lambda: house.database.read(lambda tx: condition.of_bot(tx, house.telegram.bot))
        )
        assert kept.reads_all is True
        assert kept.skew is not None
        assert 40_000 < kept.skew < 50_000
        assert kept.trouble == ""


async def idle(house: House) -> None:
    """Wait until all was heard and answered; lines for which it is too early may wait."""
    due = "SELECT 1 FROM outbox WHERE state = 'waiting' AND not_before <= :soon"
    while True:
        await house.fake.control.wait_idle(settle=0.05)
        if not await house.rows(due, soon=house.engine.clock.now() + 1_000):
            return


async def test_doctor_tells_on_telegram_where_privacy_mode_hides_words_and_edits_in_place(
    fake: FakeServer, tmp_path: Path
) -> None:
    bot = fake.world.bots[fake.token]
    bot.privacy = True
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(2, title="Readers", announce=True)
        boss, room = group["member_ids"][0], group["id"]
        await house.quiet()
        await control.set_member(
            chat=room, user=boss, status="administrator", rights={"can_pin_messages": True}
        )
        await control.start(user=boss)
        await control.set_member(chat=room, user=bot.id, status="member")
        await idle(house)
        await house.engine.ask(house.telegram)
        before = await control.last_seq()
        await control.say(user=boss, text="/doctor")
        await idle(house)
        (shown,) = [one for one in await control.sent(chat=boss, since=before) if one["buttons"]]
        assert "I can't hear plain messages in “Readers”" in shown["text"]
        assert "privacy mode is on" in shown["text"]
        await control.set_member(
            chat=room, user=bot.id, status="administrator", rights={"can_delete_messages": True}
        )
        await idle(house)
        ((button,),) = shown["buttons"]
        number, data = shown["message_id"], button["callback_data"]
        await control.click(user=boss, chat=boss, message_id=number, data=data, wait=15)
        await idle(house)
        after = (await control.message(chat=boss, message_id=number))["message"]["text"]
        assert after.startswith("Readers: all is well")
        assert not [one for one in await control.sent(chat=room) if "privacy mode is on" in one["text"]]
