"""What may happen in a community within some days: a wild mixture, the same for the same chance."""

import random

from bot.core.events import ButtonPressed, Event, MessageDeleted, Reacted, RoomMoved
from tests.stage import BOT, Stage, instant

MEMBERS = ("小林", "阿哲", "小雨", "大熊")
LEADER = "班主任"
ROOMS = ("晨读班", "夜跑班")
SUPERGROUP = "晨读大班"
GOOD = (
    "今天读完了第三章，作者说坚持比天赋重要",
    "昨晚背了五十个单词，早上醒来还记得四十个",
    "图书馆三楼靠窗的位子空着，谁要一起来",
    "听力第二部分总是跟不上，你们怎么练的",
    "we finished the whole grammar book yesterday evening",
    "错题整理到第六页，发现老是栽在同一个地方",
    "口语练了半小时，舌头终于不打结了",
    "明天的计划是写两篇作文，再看一遍笔记",
)
CHECK_INS = (
    "打卡",
    "打卡 读了三页",
    "签到 背了五十个单词",
    "#打卡 七页",
    "今天打卡啦，读了三页",
    "补卡 昨天",
    "接龙打卡\n1. 小林 三页\n2. 阿哲 五页",
    "接龙打卡\n1. 小林 三页\n2. 阿哲 五页\n3. 小雨 六页",
)
OTHERWISE = ("哈哈", "请假", "请假 明天", "/me")
MENDS = ("补", "撤销", "打回 再来", "点评 写得好", "优秀")
BUTTONS = ("checkin:1", "set:to:1:features.scoring:off@1", "set:to:1:features.scoring:on@1")
KINDS = (
    *("says", "says", "says", "says", "replies", "replies", "sends", "whispers"),
    *("edits", "edits", "deletes", "reacts", "reacts", "unreacts", "mends", "mends", "presses"),
)
APART = (1_000, 30_000, 600_000, 20_000_000)


class Happening:
    """Each call of `event` is the next thing that happens in a community of two rooms."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.at = instant("2026-05-04 09:00")
        self.rooms = list(ROOMS)
        self.said: list[tuple[str, str, str]] = []
        """Who wrote what message, and where."""

    def event(self, number: int) -> Event:
        """The next event; a new message has this number."""
        self.at += self.chance.choice(APART)
        kind, who = self.chance.choice(KINDS), self.chance.choice(MEMBERS)
        if kind == "says" or not self.said:
            return self._says(who, number)
        if kind == "sends":
            return self._says(who, number, media=["photo"])
        if kind == "whispers":
            text = self.chance.choice((*CHECK_INS, *OTHERWISE))
            return self.stage.message(who, text, room=None, at=self.at, native=f"p{self.at}")
        if kind == "presses":
            return self._presses(who, f"h{self.at}")
        return self._about(kind, who, number, *self.chance.choice(self.said[-12:]))

    def moves(self) -> Event:
        """One of the rooms becomes a supergroup: nothing said before is known by its number any more."""
        old, self.rooms[0] = self.rooms[0], SUPERGROUP
        self.said.clear()
        place = self.stage.place("", old)
        return RoomMoved(bot=BOT, key="moved", at=self.at, place=place, to=SUPERGROUP)

    def _says(self, who: str, number: int, **more: object) -> Event:
        room = self.chance.choice(self.rooms)
        text = self.chance.choice((*GOOD, *CHECK_INS, *OTHERWISE))
        self.said.append((who, str(number), room))
        return self.stage.message(who, text, room=room, at=self.at, native=str(number), **more)

    def _presses(self, who: str, key: str) -> Event:
        data = self.chance.choice(BUTTONS)
        if data.startswith("set"):
            who, place = LEADER, self.stage.place(LEADER, None)
        else:
            place = self.stage.place(who, self.chance.choice(self.rooms))
        sender = self.stage.sender(who)
        return ButtonPressed(
            bot=BOT, key=key, at=self.at, place=place, sender=sender, message="0", data=data, press=key
        )

    def _about(self, kind: str, who: str, number: int, author: str, native: str, room: str) -> Event:
        """Something about a message of before."""
        key, place = f"h{self.at}", self.stage.place(who, room)
        text = self.chance.choice((*GOOD, *CHECK_INS, *OTHERWISE))
        if kind == "edits":
            return self.stage.message(author, text, room=room, at=self.at, native=native, edited=True)
        if kind == "deletes":
            return MessageDeleted(bot=BOT, key=key, at=self.at, place=place, native=native)
        if kind in {"reacts", "unreacts"}:
            before, after = ((), ("👍",)) if kind == "reacts" else (("👍",), ())
            sender = self.stage.sender(who)
            return Reacted(
                bot=BOT,
                key=key,
                at=self.at,
                place=place,
                sender=sender,
                message=native,
                before=before,
                after=after,
            )
        more: dict[str, object] = {"reply_to": native}
        if self.chance.random() < 0.5 or kind == "mends":
            more["reply_sender"] = self.stage.sender(author)
        if kind == "mends":
            who, text = LEADER, self.chance.choice(MENDS)
        return self.stage.message(who, text, room=room, at=self.at, native=str(number), **more)


async def a_class(stage: Stage) -> None:
    """A community of two rooms, whose leader can write to the bot."""
    for room in ROOMS:
        await stage.opens(room)
        await stage.joins(LEADER, "owner", room=room)
    await stage.presses_data(LEADER, "setup:join:1", room=ROOMS[1])
    await stage.says(LEADER, "大家好", room=None)


def history(stage: Stage, chance: random.Random, length: int) -> list[Event]:
    """Messages, replies, check-ins, edits, withdrawals, reactions and a leader's mends over some days.

    Half-way one of the rooms becomes a supergroup, and all messages are numbered from the beginning again.
    """
    happening, numbers = Happening(stage, chance), range(1_000, 1_000 + length // 2)
    before = [happening.event(number) for number in numbers]
    moved = happening.moves()
    return [*before, moved, *(happening.event(number) for number in numbers)]
