"""The local room as a platform: nothing lost, nothing twice, and a clock that only goes forward."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import app
from bot.adapters.room import translate
from bot.config import load
from bot.core.actions import Admit, Answer, Befriend, Button, Delete, Edit, React, Say, words
from bot.core.context import Context
from bot.core.errors import Stop, Undeliverable
from bot.core.events import (
    Batch,
    BotChanged,
    ButtonPressed,
    MemberChanged,
    Message,
    MessageDeleted,
    Place,
    Reacted,
    Sender,
)
from bot.core.feature import Feature, Job
from bot.core.platforms import Outgoing
from storage import inbox, local_acts, local_room, rooms
from storage.db import Transaction
from storage.failures import DiskFull
from storage.local_acts import NotAllowed, Update
from tests.stage import instant
from tests.web.house import House, a_house

HOUR = 3_600_000
CHAT = {"id": 7, "at": 1_000, "chat": "r1", "title": "晨读班"}
GROUP = Place("r1", "group", "晨读班")
LIN = {"member": 2, "name": "小林"}
SENDER = Sender("m2", "小林")


def say(*, chat: str = "r1", html: str = "好", buttons: tuple[str, ...] = (), **more: object) -> Outgoing:
    row = tuple((label, Button(words("x.y"), f"do:{label}")) for label in buttons)
    action = Say(parts=(), language="zh-Hans", **more)  # type: ignore[arg-type] # what a test says of it
    return Outgoing(action, chat, html, (row,) if row else ())


# From acts to events.


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (
            Update(kind="opened", **CHAT),  # type: ignore[arg-type]
            BotChanged(
                bot="room:local",
                key="7",
                at=1_000,
                place=GROUP,
                role="admin",
                rights=("read", "react", "delete", "pin", "invite", "remove"),
            ),
        ),
        (
            Update(kind="seated", role="left", **CHAT, **LIN),  # type: ignore[arg-type]
            MemberChanged(bot="room:local", key="7", at=1_000, place=GROUP, who=SENDER, role="left"),
        ),
        (
            Update(kind="withdrawn", message=9, **CHAT, **LIN),  # type: ignore[arg-type]
            MessageDeleted(bot="room:local", key="7", at=1_000, place=GROUP, native="9"),
        ),
        (
            Update(kind="reacted", message=9, before=("👍",), after=("👍", "🎉"), **CHAT, **LIN),  # type: ignore[arg-type]
            Reacted(
                bot="room:local",
                key="7",
                at=1_000,
                place=GROUP,
                sender=SENDER,
                message="9",
                before=("👍",),
                after=("👍", "🎉"),
            ),
        ),
        (
            Update(kind="pressed", message=9, data="do:it", press=3, **CHAT, **LIN),  # type: ignore[arg-type]
            ButtonPressed(
                bot="room:local",
                key="7",
                at=1_000,
                place=GROUP,
                sender=SENDER,
                message="9",
                data="do:it",
                press="3",
            ),
        ),
    ],
    ids=lambda one: one.kind if isinstance(one, Update) else "",
)
def test_every_act_is_an_event(update: Update, event: object) -> None:
    assert translate(update) == event


async def heard_from(house: House) -> list[Message]:
    updates = await house.database.read(lambda tx: local_acts.updates(tx, 0, 100))
    return [event for event in map(translate, updates) if isinstance(event, Message)]


async def test_a_message_tells_what_it_replies_to_and_that_it_holds_a_picture(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin, ravi = await house.member("小林"), await house.member("Ravi")
        first = await house.act(local_acts.say, chat="r1", member=lin, text="早")
        picture = ("image/png", b"\x89PNG")
        await house.act(local_acts.say, chat="r1", member=ravi, text="你早", reply_to=first, picture=picture)
        said, reply = await heard_from(house)
        assert (said.text, said.reply_to, said.media) == ("早", None, ())
        assert (reply.reply_to, reply.reply_sender, reply.media) == (
            str(first),
            Sender(f"m{lin}", "小林"),
            ("photo",),
        )
        assert not reply.reply_to_bot


async def test_a_reply_to_the_bot_says_so(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin = await house.member("小林")
        native = await house.room.carry_out(say())
        await house.act(local_acts.say, chat="r1", member=lin, text="谢谢", reply_to=int(native or 0))
        (thanks,) = await heard_from(house)
        assert thanks.reply_to_bot
        assert thanks.reply_sender is None


async def test_an_edit_brings_the_newest_text_of_the_same_message_at_its_own_time(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin = await house.member("小林")
        message = await house.act(local_acts.say, chat="r1", member=lin, text="打卡")
        said_at = house.clock.now()
        house.clock.move_to(said_at + HOUR)
        await house.act(local_acts.edit, message=message, member=lin, text="打卡，读了三章")
        said, edited = await heard_from(house)
        assert (said.edited, edited.edited) == (False, True)
        assert (edited.native, edited.text, edited.at) == (said.native, "打卡，读了三章", said_at)
        assert edited.key != said.key


# Nothing lost, nothing twice.


async def test_a_member_is_answered_in_the_room_and_in_private(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        asked = await house.says("小林", "/help", chat=f"m{await house.member('小林')}")
        answer = (await house.messages(f"m{await house.member('小林')}"))[-1]
        assert answer.member == 0
        assert answer.id > asked
        assert "班长" in answer.text


async def test_a_table_is_a_file_in_the_private_chat(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        owner = f"m{await house.member('班主任')}"
        await house.says("班主任", "/start", chat=owner)
        await house.says("小林", "打卡")
        await house.says("班主任", "导出本周打卡表")
        sent = (await house.messages(owner))[-1]
        assert sent.file is not None
        assert sent.file.name.endswith(".xlsx")
        assert not [one for one in await house.messages() if one.file is not None]
        async with house.client() as page:
            answer = await page.get(f"/room/files/{sent.file.id}")
            assert (answer.content[:2], len(answer.content)) == (b"PK", sent.file.size)


async def test_what_was_said_while_the_bot_was_off_is_answered_once(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin = await house.member("小林")
        await house.act(local_acts.say, chat=f"m{lin}", member=lin, text="/help")
    async with a_house(tmp_path) as house:
        answers = await house.heard(f"m{lin}")
        assert sum("/help" in one for one in answers) == 1
    async with a_house(tmp_path) as house:
        assert await house.heard(f"m{lin}") == answers


class FullFor:
    """An intake whose disk is full a few times."""

    def __init__(self, house: House, times: int) -> None:
        self.pipeline = house.engine.pipeline
        self.times = times
        self.done = asyncio.Event()

    async def take(self, batch: Batch) -> None:
        if self.times:
            self.times -= 1
            raise DiskFull
        await self.pipeline.take(batch)
        if batch.caught_up_to is not None:
            self.done.set()

    async def cursor(self, bot: str, source: str) -> str | None:
        return await self.pipeline.cursor(bot, source)


async def test_a_full_disk_is_waited_for_and_nothing_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_house(tmp_path, runs=False) as house:
        await house.act(local_acts.say, chat="r1", member=2, text="打卡 读书")
        intake = FullFor(house, 3)
        listening = asyncio.create_task(house.room.listen(intake))
        await intake.done.wait()
        listening.cancel()
        assert await house.database.read(lambda tx: tx.value("SELECT count(*) FROM checkin")) == 1
        said = [record.message for record in caplog.records]
        assert said == ["the disk is full: nothing new is taken until there is room; nothing is lost"] * 3


async def test_updates_told_again_are_not_counted_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        lin = await house.member("小林")
        await house.says("小林", "/help", chat=f"m{lin}")
        answers = await house.heard(f"m{lin}")
    async with a_house(tmp_path, runs=False) as house:
        await house.database.write(lambda tx: tx.run("DELETE FROM stream"))
    async with a_house(tmp_path) as house:
        assert await house.heard(f"m{lin}") == answers


async def test_a_restart_shows_everything_as_it_was(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin, ravi = await house.member("小林"), await house.member("Ravi")
        native = int(await house.room.carry_out(say(html="<b>好</b>", buttons=("看看",))) or 0)
        said = await house.act(local_acts.say, chat="r1", member=lin, text="读完了", reply_to=native)
        await house.act(local_acts.react, message=said, member=ravi, emoji="👏")
        await house.act(local_acts.press, message=native, member=lin, data="do:看看")
        before = await house.messages()
    async with a_house(tmp_path, runs=False) as house:
        assert await house.messages() == before
        assert before[-1].reactions == {"👏": [ravi]}
        assert before[0].buttons[0][0].label == "看看"


async def test_old_updates_go_and_the_newest_stays_so_that_its_number_never_returns(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        lin = await house.member("小林")

        def chatter(tx: Transaction) -> None:
            for number in range(1_100):
                local_acts.say(tx, chat="r1", member=lin, text=f"第 {number} 句", now=house.clock.now())

        await house.database.write(chatter)
        house.room.wake()
        await house.settled()
        last = await house.says("小林", "最后一句")
        kept = await house.database.read(lambda tx: local_acts.updates(tx, 0, 5_000))
        assert len(kept) <= local_acts.KEPT_UPDATES + 1
        assert kept[-1].message == last


async def test_a_pause_in_which_nobody_could_write_was_not_observed(tmp_path: Path) -> None:
    async with a_house(tmp_path, now="2026-05-04 09:00"):
        pass
    async with a_house(tmp_path, now="2026-05-06 09:00") as house:
        since, until = instant("2026-05-04 09:00"), instant("2026-05-06 09:00")
        assert await house.database.read(lambda tx: inbox.gaps(tx, "room:local", 0, until)) == [
            (since, until)
        ]


async def test_a_short_pause_and_a_jump_of_the_clock_were_observed(tmp_path: Path) -> None:
    async with a_house(tmp_path, now="2026-05-04 09:00") as house:
        await house.engine.advance(instant("2026-05-06 09:00"), house.room.move_clock)
    async with a_house(tmp_path, now="2026-05-06 09:30") as house:
        assert await house.database.read(lambda tx: inbox.gaps(tx, "room:local", 0, house.clock.now())) == []


# Rooms and people.


async def test_the_first_class_is_one_community_of_two_tiers(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        lower, upper = await house.database.read(
            lambda tx: [rooms.by_native(tx, "room:local", chat) for chat in ("r1", "r2")]
        )
        assert lower is not None
        assert upper is not None
        assert lower.community == upper.community is not None
        assert (lower.title, lower.tier, upper.title, upper.tier) == ("晨读班", 2, "精英班", 1)
        assert lower.standing == upper.standing == "active"


async def test_a_room_opened_later_joins_the_class_in_its_own_tier(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        number = await house.does(local_acts.add_room, title="新手班", tier=3)
        first, new = await house.database.read(
            lambda tx: [rooms.by_native(tx, "room:local", chat) for chat in ("r1", f"r{number}")]
        )
        assert first is not None
        assert new is not None
        assert (new.community, new.tier, new.standing) == (first.community, 3, "active")


async def test_the_bot_introduces_itself_in_every_new_room(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        number = await house.does(local_acts.add_room, title="新手班", tier=3)
        for chat in ("r1", "r2", f"r{number}"):
            first = (await house.database.read(lambda tx, chat=chat: local_room.messages(tx, chat)))[0]  # type: ignore[misc]
            assert "大家好，我是班长" in first.text


async def test_the_class_is_there_only_at_the_first_start(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        people = await house.database.read(local_room.members)
    async with a_house(tmp_path) as house:
        assert await house.database.read(local_room.members) == people


async def test_who_joins_and_leaves_is_known_to_the_bot(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        new = await house.does(local_acts.add_member, name="新来的", role="member")

        async def role() -> str | None:
            return await house.database.read(
                lambda tx: tx.value(
                    "SELECT role FROM membership JOIN account ON account.id = account WHERE native = :native",
                    {"native": f"m{new}"},
                )
            )

        await house.does(local_acts.join, room=1, member=new)
        assert await role() == "member"
        await house.does(local_acts.leave, room=1, member=new)
        assert await role() == "left"
        assert [one.kind for one in await house.messages() if one.member == new] == ["joined", "left"]


async def test_who_is_asked_into_another_room_is_there_at_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        teacher, mila = await house.member("班主任"), await house.member("米粒")
        await house.says("班主任", "/admit 米粒 精英班", f"m{teacher}")
        await house.settled()  # the room tells the bot that somebody came in by what it did
        seats = await house.database.read(
            lambda tx: tx.value("SELECT count(*) FROM local_seat WHERE member = :member", {"member": mila})
        )
        assert seats == 2
        assert (await house.heard(f"m{teacher}"))[-1] == "米粒到「精英班」了。"


@pytest.mark.parametrize(
    ("act", "how", "reason"),
    [
        (local_acts.say, {"chat": "r2", "text": "我不在这里"}, "not_here"),
        (local_acts.say, {"chat": "m1", "text": "别人的私聊"}, "not_here"),
        (local_acts.say, {"chat": "r99", "text": "没有这间"}, "not_here"),
        (local_acts.say, {"chat": "r1", "text": "回复没有的", "reply_to": 999}, "gone"),
        (local_acts.edit, {"message": 1, "text": "别人写的"}, "not_yours"),
        (local_acts.withdraw, {"message": 1}, "not_yours"),
        (local_acts.press, {"message": 1, "data": "invented"}, "gone"),
        (local_acts.react, {"message": 999, "emoji": "👍"}, "gone"),
        (local_acts.join, {"room": 99}, "gone"),
    ],
)
async def test_what_cannot_be_done_leaves_no_trace(
    tmp_path: Path, act: object, how: dict[str, object], reason: str
) -> None:
    async with a_house(tmp_path, runs=False) as house:
        await house.room.carry_out(say(buttons=("看看",)))
        before = await house.database.read(lambda tx: local_acts.updates(tx, 0, 100))
        with pytest.raises(NotAllowed) as refused:
            await house.act(act, member=await house.member("小林"), **how)  # type: ignore[arg-type]
        assert refused.value.reason == reason
        assert await house.database.read(lambda tx: local_acts.updates(tx, 0, 100)) == before


# What the bot does.


async def test_the_bot_edits_reacts_and_deletes(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        told: list[tuple[str, int]] = []
        house.room.changed = lambda what, number: told.append((what, number))
        native = await house.room.carry_out(say(html="三"))
        assert native is not None
        edit = Edit(message=native, words=words("x.y"), language="zh-Hans")
        await house.room.carry_out(Outgoing(edit, "r1", "<i>四</i>"))
        for emoji in ("👍", "🎉"):
            await house.room.carry_out(Outgoing(React(message=native, emoji=emoji), "r1"))
        (shown,) = await house.messages()
        assert (shown.text, shown.is_edited, shown.reactions) == ("<i>四</i>", True, {"🎉": [0]})
        await house.room.carry_out(Outgoing(Delete(message=native), "r1"))
        await house.room.carry_out(Outgoing(Delete(message=native), "r1"))
        assert await house.messages() == []
        assert told == [("message", int(native))] * 6


async def test_an_answer_waits_for_the_one_who_pressed_until_it_is_read(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        lin = await house.member("小林")
        message = int(await house.room.carry_out(say(buttons=("看看",))) or 0)
        press = await house.act(local_acts.press, message=message, member=lin, data="do:看看")
        answer = Answer(press=str(press), words=None, language="zh-Hans", alert=True)
        await house.room.carry_out(Outgoing(answer, "r1", "第 3 名"))
        (waiting,) = await house.database.read(local_room.answers)
        assert (waiting.member, waiting.text, waiting.alert) == (lin, "第 3 名", True)
        await house.database.write(lambda tx: local_room.shown(tx, press))
        assert await house.database.read(local_room.answers) == []


@pytest.mark.parametrize(
    ("outgoing", "reason"),
    [
        (say(chat="r99"), "not_found"),
        (say(chat="nonsense"), "not_found"),
        (Outgoing(React(message="999", emoji="👍"), "r1"), "bad_request"),
        (Outgoing(Edit(message="x", words=words("x.y"), language="en"), "r1", "b"), "bad_request"),
        (Outgoing(Answer(press="999", words=None, language="en"), "r1", "b"), "bad_request"),
        (Outgoing(Admit(who="m99"), "r1"), "not_found"),
        (Outgoing(Admit(who="小林"), "r1"), "bad_request"),
        (Outgoing(Befriend(request="1"), "r1"), "bad_request"),
    ],
)
async def test_what_is_gone_cannot_be_acted_on(tmp_path: Path, outgoing: Outgoing, reason: str) -> None:
    async with a_house(tmp_path, runs=False) as house:
        with pytest.raises(Undeliverable) as error:
            await house.room.carry_out(outgoing)
        assert error.value.reason == reason


# The clock.


def hourly(ran: list[tuple[int, int]]) -> Feature:
    """A feature whose job runs every hour, and notes when it was due and what the clock showed."""

    def run(ctx: Context, _position: str | None) -> None:
        ran.append((ctx.at, ctx.now))

    return Feature(name="hourly", jobs=(Job("hourly", run, lambda _ctx, after: (after // HOUR + 1) * HOUR),))


async def test_a_day_passes_step_by_step_with_each_job_at_its_own_instant(tmp_path: Path) -> None:
    ran: list[tuple[int, int]] = []
    async with a_house(tmp_path, features=(hourly(ran),)) as house:
        start = house.clock.now()
        await house.engine.advance(start + 24 * HOUR, house.room.move_clock)
        assert ran == [(start + hour * HOUR,) * 2 for hour in range(1, 25)]
        assert house.clock.now() == start + 24 * HOUR


async def test_a_job_waits_for_what_was_said_before_it(tmp_path: Path) -> None:
    order: list[str] = []

    def run(_ctx: Context, _position: str | None) -> None:
        order.append("job")

    feature = Feature(
        name="watch",
        jobs=(Job("watch", run, lambda _ctx, after: (after // HOUR + 1) * HOUR),),
        events={MessageDeleted: lambda _ctx, _event: order.append("said")},
    )
    async with a_house(tmp_path, features=(feature,)) as house:
        lin = await house.member("小林")
        message = await house.says("小林", "写错了")
        await house.database.write(
            lambda tx: local_acts.withdraw(tx, message=message, member=lin, now=house.clock.now())
        )
        await house.engine.advance(house.clock.now() + HOUR, house.room.move_clock)
        assert order == ["said", "job"]


async def test_the_clock_is_kept_over_a_restart_and_never_goes_back(tmp_path: Path) -> None:
    async with a_house(tmp_path, now="2026-05-04 09:00") as house:
        await house.engine.advance(instant("2026-05-07 09:00"), house.room.move_clock)
    async with a_house(tmp_path, now="2026-05-04 09:05") as house:
        assert house.clock.now() == instant("2026-05-07 09:00")
        ahead, latest = await house.database.read(local_room.clock)
        assert ahead == 3 * 24 * HOUR
        await house.database.write(lambda tx: local_room.keep_clock(tx, 0, 0))
        assert await house.database.read(local_room.clock) == (ahead, latest)


async def test_a_clock_that_was_never_moved_does_not_fall_behind_what_was_said(tmp_path: Path) -> None:
    async with a_house(tmp_path, now="2026-05-04 09:00") as house:
        await house.says("小林", "早")
    async with a_house(tmp_path, now="2026-05-04 08:00") as house:
        assert house.clock.now() == instant("2026-05-04 09:00")


def test_a_database_whose_clock_was_moved_refuses_other_platforms(tmp_path: Path) -> None:
    async def move() -> None:
        async with app.opened(tmp_path / app.DATABASE) as database:
            await database.write(lambda tx: local_room.keep_clock(tx, HOUR, HOUR))

    asyncio.run(move())
    path = tmp_path / "config.toml"
    path.write_text('[telegram]\ntoken = "123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"\n', encoding="utf-8")
    with pytest.raises(Stop, match="clock was moved"):
        app.run(load(path, app.feature_settings(), {}), tmp_path)


# Rows are found by index however long the history is.


async def test_the_pages_of_a_chat_come_from_its_index(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        plans = await house.database.read(
            lambda tx: [
                tx.plan("SELECT * FROM local_message WHERE chat = 'r1' AND id < 9 ORDER BY id DESC LIMIT 60"),
                tx.plan("SELECT id FROM local_press WHERE answer IS NOT NULL AND shown = 0 ORDER BY id"),
                tx.plan("SELECT 1 FROM local_message WHERE picture = 3"),
            ]
        )
        assert [plan for plan in plans if " INDEX " not in plan] == []


async def test_an_empty_batch_says_only_that_nothing_is_missing(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        before = await house.engine.pipeline.cursor("room:local", "")
        await house.engine.pipeline.take(Batch("room:local", (), caught_up_to=house.clock.now()))
        assert await house.engine.pipeline.cursor("room:local", "") == before
