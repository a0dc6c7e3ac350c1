"""Random people and a random bot: whatever they do, the fake's own answers conform."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, ChatPermissions
from telegram.error import TelegramError

from tests.peers.telegram import Control, ControlError, FakeServer
from tests.peers.telegram.helpers import TINY_PNG

Step = Callable[[], Awaitable[Any]]


class Crowd:
    """What random steps choose from."""

    def __init__(self, chance: random.Random, users: list[int], chats: list[int]) -> None:
        self.chance, self.users, self.chats = chance, users, chats
        self.messages = [(chats[0], 2)]
        self.links = ["https://t.me/+nowhere"]

    def remember(self, result: Any) -> None:
        """Keep what a step made, for later steps."""
        if isinstance(result, dict) and "message_id" in result and "chat_id" in result:
            self.messages.append((result["chat_id"], result["message_id"]))
        elif hasattr(result, "message_id") and hasattr(result, "chat"):
            self.messages.append((result.chat.id, result.message_id))
        elif hasattr(result, "invite_link"):
            self.links.append(result.invite_link)


def people_do(c: Control, crowd: Crowd) -> list[Step]:
    """Steps of the people."""
    pick = crowd.chance.choice
    user, chat = pick(crowd.users), pick(crowd.chats)
    where, message = pick(crowd.messages)
    return [
        lambda: c.start(user=user),
        lambda: c.block(user=user),
        lambda: c.say(user=user, chat=chat, text=pick(["hi", "/help", "@x #y https://t.me/a", "😀 é"])),
        lambda: c.say(user=user, chat=chat, photo=True, caption="p", reply_to=message),
        lambda: c.say(user=user, chat=chat, text="f", forward_from=pick(["Somebody", *crowd.chats])),
        lambda: c.edit(user=user, chat=where, message_id=message, text="edited"),
        lambda: c.click(user=user, chat=where, message_id=message, data="1", force=True),
        lambda: c.react(user=user, chat=where, message_id=message, reaction=pick(["👍", []])),
        lambda: c.join(user=user, link=pick(crowd.links)),
        lambda: c.leave(user=user, chat=chat),
        lambda: c.vote(user=user, chat=where, message_id=message, options=[0]),
        lambda: c.set_member(
            chat=chat, user=user, status=pick(["member", "kicked", "administrator", "restricted"])
        ),
        lambda: c.pin(user=user, chat=where, message_id=message),
        lambda: c.clock(advance=crowd.chance.randrange(4000)),
        lambda: c.rewind(n=3),
    ]


def the_bot_does(bot: Bot, crowd: Crowd) -> list[Step]:
    """Steps of the bot."""
    pick = crowd.chance.choice
    user, chat = pick(crowd.users), pick(crowd.chats)
    where, message = pick(crowd.messages)
    return [
        lambda: bot.send_message(chat, pick(["x", "<b>y</b>", "<b>z"]), parse_mode="HTML"),
        lambda: bot.send_photo(user, TINY_PNG, caption="c"),
        lambda: bot.send_document(chat, b"d", filename="f"),
        lambda: bot.send_poll(chat, "q", ["a", "b"], is_anonymous=False),
        lambda: bot.edit_message_text("e", where, message),
        lambda: bot.delete_message(where, message),
        lambda: bot.pin_chat_message(where, message),
        lambda: bot.set_message_reaction(where, message, "👍"),
        lambda: bot.get_chat(chat),
        lambda: bot.get_chat_member(chat, user),
        lambda: bot.get_chat_administrators(chat),
        lambda: bot.ban_chat_member(chat, user),
        lambda: bot.unban_chat_member(chat, user),
        lambda: bot.restrict_chat_member(chat, user, ChatPermissions.no_permissions()),
        lambda: bot.promote_chat_member(chat, user, can_delete_messages=pick([True, False])),
        lambda: bot.set_chat_member_tag(chat, user, "tag"),
        lambda: bot.create_chat_invite_link(chat, creates_join_request=pick([True, False])),
        lambda: bot.approve_chat_join_request(chat, user),
        lambda: bot.set_chat_title(chat, "t" + str(message)),
    ]


async def test_whatever_happens_the_fake_stays_true(fake: FakeServer, bot: Bot) -> None:
    c, chance = fake.control, random.Random(5)
    users = await c.users(count=8)
    made: list[dict[str, Any]] = [{}, {"is_forum": True}, {"type": "group"}, {"type": "channel"}]
    chats = [(await c.chat(bots=True, members=users[:4], **kind))["id"] for kind in made]
    crowd, done = Crowd(chance, users, chats), 0
    refusals: list[str] = []
    for _ in range(400):
        steps = people_do(c, crowd) if chance.random() < 0.5 else the_bot_does(bot, crowd)
        try:
            crowd.remember(await chance.choice(steps)())
            done += 1
        except (TelegramError, ControlError) as error:
            refusals.append(str(error))
        updates = await bot.get_updates(timeout=0)
        await bot.get_updates(offset=updates[-1].update_id + 1 if updates else None, timeout=0)
    assert done > 150
    assert len(refusals) > 50
    assert not [why for why in refusals if "bug of the fake" in why or why.startswith("400")]
    await c.no_violations()
