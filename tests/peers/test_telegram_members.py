"""Members, rights, links and tags in the fake Telegram, with python-telegram-bot as the client."""

import json
from typing import Any

import pytest
from telegram import Bot, ChatPermissions
from telegram.error import BadRequest, Forbidden

from tests.peers.telegram import ControlError, FakeServer


async def waiting(bot: Bot, kind: str) -> list[Any]:
    """What waits for the bot of one kind of update."""
    return [update.to_dict()[kind] for update in await bot.get_updates(timeout=0) if kind in update.to_dict()]


async def test_bans_end_and_kicks_let_people_return(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(2)
    ann, bo = group["member_ids"]
    now = (await c.clock(freeze=True))["now"]
    await bot.ban_chat_member(group["id"], ann, until_date=now + 3600)
    link = await bot.export_chat_invite_link(group["id"])
    assert (await c.join(user=ann, link=link))["result"] == "expired"
    with pytest.raises(ControlError):
        await c.say(user=ann, chat=group["id"], text="let me in")
    await c.clock(advance=3700)
    assert (await c.join(user=ann, link=link))["result"] == "joined"
    await bot.unban_chat_member(group["id"], bo, only_if_banned=True)
    assert (await bot.get_chat_member(group["id"], bo)).status == "member"
    await bot.unban_chat_member(group["id"], bo)
    assert (await bot.get_chat_member(group["id"], bo)).status == "left"
    changes = await waiting(bot, "chat_member")
    assert [
        (seen["new_chat_member"]["user"]["id"], seen["new_chat_member"]["status"]) for seen in changes
    ] == [
        (ann, "kicked"),
        (ann, "member"),
        (bo, "left"),
    ]
    await c.no_violations()


async def test_rights_are_asked_for(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(2, bot_rights={"can_manage_chat": True})
    ann, bo = group["member_ids"]
    owner = next(
        int(who) for who, is_ in (await c.chat_info(chat=group["id"]))["members"].items() if is_ == "creator"
    )
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.ban_chat_member(group["id"], ann)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to manage chat invite link"):
        await bot.create_chat_invite_link(group["id"])
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to change tag"):
        await bot.set_chat_member_tag(group["id"], ann, "Tier 1")
    await c.set_member(chat=group["id"], user=bot.id, status="administrator")
    with pytest.raises(BadRequest, match=r"(?i)can't remove chat owner"):
        await bot.ban_chat_member(group["id"], owner)
    await c.set_member(
        chat=group["id"], user=bo, status="administrator", rights={"can_delete_messages": True}
    )
    with pytest.raises(BadRequest, match=r"(?i)is an administrator of the chat"):
        await bot.ban_chat_member(group["id"], bo)
    assert {admin.user.id for admin in await bot.get_chat_administrators(group["id"])} == {owner, bo, bot.id}
    await bot.restrict_chat_member(group["id"], ann, ChatPermissions.no_permissions())
    with pytest.raises(ControlError, match="restricted"):
        await c.say(user=ann, chat=group["id"], text="muted")
    await c.set_member(chat=group["id"], user=bot.id, status="member")
    changes = await waiting(bot, "my_chat_member")
    assert [seen["new_chat_member"]["status"] for seen in changes] == ["administrator", "member"]
    await c.no_violations()


async def test_tags_are_badges(fake: FakeServer, bot: Bot) -> None:
    group = await fake.control.group(1, bot_rights={"can_manage_tags": True})
    ann = group["member_ids"][0]
    await bot.set_chat_member_tag(group["id"], ann, "Tier 1")
    assert (await fake.control.member(chat=group["id"], user=ann))["tag"] == "Tier 1"
    with pytest.raises(BadRequest, match=r"(?i)TAG_INVALID"):
        await bot.set_chat_member_tag(group["id"], ann, "a" * 17)


async def test_invite_links_run_out(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = (await c.group(0))["id"]
    ann, bo = await c.users(count=2)
    one_seat = await bot.create_chat_invite_link(group, name="spring", member_limit=1)
    assert (await c.join(user=ann, link=one_seat.invite_link))["result"] == "joined"
    assert (await c.join(user=bo, link=one_seat.invite_link))["result"] == "expired"
    (joined,) = await waiting(bot, "chat_member")
    assert joined["invite_link"]["name"] == "spring"
    short = await bot.create_chat_invite_link(group, expire_date=(await c.clock())["now"] + 60)
    await c.clock(advance=61)
    assert (await c.join(user=bo, link=short.invite_link))["result"] == "expired"
    gone = await bot.create_chat_invite_link(group)
    assert (await bot.revoke_chat_invite_link(group, gone.invite_link)).is_revoked
    assert (await c.join(user=bo, link=gone.invite_link))["result"] == "expired"
    with pytest.raises(BadRequest, match=r"(?i)member limit can't be specified"):
        await bot.create_chat_invite_link(group, member_limit=1, creates_join_request=True)
    await c.no_violations()


async def test_join_requests_open_a_door_for_five_minutes(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = (await c.group(0))["id"]
    ann, bo = await c.users(count=2)
    link = (await bot.create_chat_invite_link(group, creates_join_request=True)).invite_link
    assert (await c.join(user=ann, link=link))["result"] == "requested"
    assert (await c.join(user=bo, link=link))["result"] == "requested"
    assert [request["from"]["id"] for request in await waiting(bot, "chat_join_request")] == [ann, bo]
    await bot.send_message(ann, "Why would you like to join?")
    await bot.approve_chat_join_request(group, ann)
    assert (await bot.get_chat_member(group, ann)).status == "member"
    await c.clock(advance=301)
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(bo, "too late")
    await bot.decline_chat_join_request(group, bo)
    with pytest.raises(BadRequest, match=r"(?i)HIDE_REQUESTER_MISSING"):
        await bot.approve_chat_join_request(group, bo)
    await c.no_violations()


async def test_privacy_mode_hides_plain_words(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    fake.world.bot().privacy = True
    group = await c.group(1, bot_status="member")
    ann = group["member_ids"][0]
    asked = await bot.send_message(group["id"], "Who was here?")
    await c.say(user=ann, chat=group["id"], text="打卡")
    await c.say(user=ann, chat=group["id"], text="/checkin")
    await c.say(user=ann, chat=group["id"], text="me", reply_to=asked.message_id)
    await c.say(user=ann, chat=group["id"], text="/x@other_bot hi")
    assert [message["text"] for message in await waiting(bot, "message")] == ["/checkin", "me"]


async def test_anonymous_admins_and_channels_are_no_persons(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(1)
    ann = group["member_ids"][0]
    channel = await c.chat(type="channel", bots=True)
    await c.set_member(chat=group["id"], user=ann, status="administrator")
    await c.say(user=ann, chat=group["id"], text="as the group", anonymous=True)
    await c.say(user=ann, chat=group["id"], text="as a channel", as_chat=channel["id"])
    first, second = await waiting(bot, "message")
    assert (first["from"]["username"], first["sender_chat"]["id"]) == ("GroupAnonymousBot", group["id"])
    assert (second["from"]["username"], second["sender_chat"]["id"]) == ("Channel_Bot", channel["id"])
    assert str(ann) not in json.dumps([first, second])
    await c.no_violations()


async def test_people_and_bots_come_and_go(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.chat(bots=True, announce=True, bot_status="member")
    ann = (await c.user())["id"]
    await c.set_member(chat=group["id"], user=bot.id, status="administrator")
    await c.join(user=ann, chat=group["id"], by=(await bot.get_chat_administrators(group["id"]))[0].user.id)
    await c.leave(user=ann, chat=group["id"])
    assert [seen["new_chat_member"]["status"] for seen in await waiting(bot, "my_chat_member")] == [
        "member",
        "administrator",
    ]
    service = await waiting(bot, "message")
    assert [next(key for key in message if "member" in key) for message in service] == [
        "new_chat_members",
        "new_chat_members",
        "left_chat_member",
    ]
