"""Made-up group chat as Telegram would tell it: the same bytes every time for the same numbers."""

import json
import random
from dataclasses import dataclass

GROUP = -1001234567890
BOT = {"id": 99, "is_bot": True, "first_name": "班长", "username": "banzhang_bot"}
FIRST_SECOND = 1_777_600_000
"""2026-05-01 in Shanghai."""

A_DAY = 86_400
EACH_A_DAY = 5
"""Messages of a member on a day: with 20 % check-ins, each member checks in about once."""

WORDS = [
    *(
        "今天",
        "昨晚",
        "早上",
        "刚才",
        "我们",
        "大家",
        "单词",
        "语法",
        "听力",
        "口语",
        "作文",
        "真题",
        "第三章",
    ),
    *(
        "错题",
        "笔记",
        "老师",
        "图书馆",
        "地铁",
        "自习室",
        "复习",
        "背完",
        "写了",
        "看到",
        "整理",
        "总结",
        "讨论",
    ),
    *(
        "练习",
        "坚持",
        "放弃",
        "计划",
        "明天",
        "继续",
        "加油",
        "感觉",
        "有点",
        "非常",
        "终于",
        "还是",
        "难",
        "简单",
    ),
    *("review", "chapter", "notes", "listening", "practice", "finally", "together", "tomorrow"),
    *("这道题", "那一页", "为什么", "怎么办", "谢谢", "分享"),
]


@dataclass(frozen=True)
class Load:
    """So many messages of so many members; `checkins` and `replies` are shares of them."""

    messages: int
    members: int
    checkins: float
    replies: float = 0.2
    seed: int = 1
    first: int = 1
    """The id of the first message."""
    in_turn: bool = False
    """Whether everybody speaks in their turn, so that all are known when each has."""

    def updates(self) -> list[bytes]:
        """The updates, each as Telegram writes it."""
        chance = random.Random(self.seed + self.first)
        return [self._update(number, chance) for number in range(self.first, self.first + self.messages)]

    def _update(self, number: int, chance: random.Random) -> bytes:
        member = number % self.members if self.in_turn else chance.randrange(self.members)
        at = FIRST_SECOND + number * A_DAY // (EACH_A_DAY * self.members)
        message: dict[str, object] = {
            "message_id": number,
            "from": _user(member),
            "chat": {"id": GROUP, "title": "晨读班", "type": "supergroup"},
            "date": at,
            "text": _text(chance, checkin=chance.random() < self.checkins),
        }
        if chance.random() < self.replies and number > self.first + 50:
            other = chance.randrange(self.members)
            message["reply_to_message"] = {
                "message_id": number - chance.randrange(1, 50),
                "from": _user(other),
                "chat": message["chat"],
                "date": at - 600,
                "text": _text(chance, checkin=False),
            }
        update = {"update_id": 500_000_000 + number, "message": message}
        return json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode()


def _user(member: int) -> dict[str, object]:
    return {
        "id": 10_000_000 + member,
        "is_bot": False,
        "first_name": f"同学{member}",
        "username": f"member{member}",
        "language_code": "zh-hans",
    }


def _text(chance: random.Random, *, checkin: bool) -> str:
    words = chance.choices(WORDS, k=chance.randrange(4, 12))
    said = "，".join(("".join(words[:3]), "".join(words[3:]))) + chance.choice(("", "", "。", "！", "~"))
    return f"打卡 {said}" if checkin else said


def answer(updates: list[bytes]) -> bytes:
    """An answer to getUpdates that holds these updates."""
    return b'{"ok":true,"result":[' + b",".join(updates) + b"]}"
