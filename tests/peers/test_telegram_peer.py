"""The fake Telegram as python-telegram-bot sees it: the flows that Banzhang needs, and what it refuses."""

import json
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    Forbidden,
)
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from tests.peers.telegram import ControlError, FakeServer, ServerProcess
from tests.peers.telegram.helpers import TINY_PNG

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


async def arrived(bot: Bot, kind: str) -> list[Any]:
    """What waits for the bot of one kind of update; everything that waits is confirmed."""
    updates = await bot.get_updates(timeout=0)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return [update.to_dict()[kind] for update in updates if kind in update.to_dict()]


# ------------------------------------------------------------------ flows
async def test_a_running_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    async def echo(update: Update, _: Any) -> None:
        assert update.message
        await update.message.reply_html("<b>heard</b> " + (update.message.text or ""), reply_markup=YES)

    async def press(update: Update, _: Any) -> None:
        assert update.callback_query
        await update.callback_query.answer("ok")
        await update.callback_query.edit_message_text("done")

    async with FakeServer() as fake:
        c = fake.control
        await c.config(repeat_quirk=False)
        app = Application.builder().token(fake.token).base_url(fake.base_url).build()
        app.add_handler(MessageHandler(filters.TEXT, echo))
        app.add_handler(CallbackQueryHandler(press))
        async with app:
            assert app.updater
            await app.updater.start_polling(allowed_updates=Update.ALL_TYPES, timeout=1)
            await app.start()
            ann = (await c.user(first_name="Ann"))["id"]
            await c.start(user=ann, payload="ref42")
            (sent,) = await c.wait_sent(1)
            assert (sent["text"], sent["html"]) == ("heard /start ref42", "<b>heard</b> /start ref42")
            answer = await c.click(user=ann, message_id=sent["message_id"], data="yes", wait=3)
            assert answer["answer"]["text"] == "ok"
            await c.wait_idle()
            (sent,) = await c.sent()
            assert sent["text"] == "done"
            assert sent["edits"][0]["text"] == "heard /start ref42"
            await c.no_violations()
            await app.updater.stop()
            await app.stop()


async def test_a_group_from_inside(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(2, title="Readers")
    ann, bo = group["member_ids"]
    said = await c.say(user=ann, chat=group["id"], text="打卡 #read", date=1_700_000_000)
    answer = await bot.send_message(
        group["id"], "记上了", reply_parameters=ReplyParameters(said["message_id"]), reply_markup=YES
    )
    await bot.set_message_reaction(group["id"], said["message_id"], "👍")
    await c.edit(user=ann, chat=group["id"], message_id=said["message_id"], text="打卡 again")
    await c.react(user=bo, chat=group["id"], message_id=answer.message_id, reaction="🔥")
    pressed = await c.click(user=bo, chat=group["id"], message_id=answer.message_id, data="yes")
    updates = await bot.get_updates(timeout=0)
    message, edited, reaction, query = [update.to_dict() for update in updates]
    assert message["message"]["date"] == 1_700_000_000
    assert message["message"]["entities"] == [{"offset": 3, "length": 5, "type": "hashtag"}]
    assert edited["edited_message"]["text"] == "打卡 again"
    assert reaction["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]
    assert query["callback_query"]["id"] == pressed["callback_query_id"]
    await bot.answer_callback_query(pressed["callback_query_id"], "seen")
    (asked,) = await c.callbacks()
    assert asked["answer"]["text"] == "seen"
    (sent,) = await c.sent()
    assert (sent["reply_to"], sent["buttons"][0][0]["text"]) == (said["message_id"], "Yes")
    assert (await c.message(chat=group["id"], message_id=said["message_id"]))["reactions"][str(bot.id)]
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(group["id"], said["message_id"])  # older than 48 hours
    await bot.delete_messages(group["id"], [answer.message_id])
    assert (await c.sent())[0]["deleted"]
    await c.no_violations()


async def test_pictures_files_and_albums(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    photo = await bot.send_photo(ann, TINY_PNG, caption="<b>May</b>", parse_mode="HTML")
    again = await bot.send_photo(ann, photo.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    document = await bot.send_document(ann, b"day,note", filename="may.csv")
    assert document.document
    stored = await bot.get_file(document.document.file_id)
    assert bytes(await stored.download_as_bytearray()) == b"day,note"
    album = await bot.send_media_group(ann, [InputMediaPhoto(TINY_PNG), InputMediaPhoto(TINY_PNG)])
    assert len({message.media_group_id for message in album}) == 1
    await c.say(user=ann, photo=True, caption="打卡", media_group_id="g1")
    await c.say(user=ann, voice=True)
    first, second = await arrived(bot, "message")
    assert (first["caption"], first["media_group_id"]) == ("打卡", "g1")
    assert "voice" in second
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ann, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Photo as Document"):
        await bot.send_document(ann, photo.photo[-1].file_id)
    await c.no_violations()


async def test_commands_by_scope_and_language(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(1)
    await bot.set_my_commands([BotCommand("checkin", "check in")])
    await bot.set_my_commands([BotCommand("checkin", "打卡")], language_code="zh")
    await bot.set_my_commands([BotCommand("top", "ranking")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([BotCommand("staff", "staff")], scope=BotCommandScopeChat(group["id"]))
    assert [found.description for found in await bot.get_my_commands(language_code="zh")] == ["打卡"]
    assert [found["scope"] for found in (await c.commands())["commands"]] == [
        "default",
        "default",
        "all_group_chats",
        "chat",
    ]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("打卡", "check in")])
    await c.no_violations()


async def test_polls_and_topics(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    forum = await c.group(1, is_forum=True, bot_rights={"can_manage_topics": True})
    topic = (await c.topic(chat=forum["id"], name="Reading"))["message_thread_id"]
    asked = await bot.send_poll(
        forum["id"], "Which?", ["one", "two"], is_anonymous=False, message_thread_id=topic
    )
    assert asked.poll
    await c.vote(user=forum["member_ids"][0], poll_id=asked.poll.id, options=[1])
    assert [vote["option_ids"] for vote in await arrived(bot, "poll_answer")] == [[1]]
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(forum["id"], "where?", message_thread_id=1)
    await c.no_violations()


async def test_a_whisper_that_one_member_sees(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(2)
    ann, bo = group["member_ids"]
    whisper = {"ephemeral_message_parameters": {"receiver_user_id": ann}}
    sent = await bot.send_message(group["id"], "only you", reply_markup=YES, api_kwargs=whisper)
    number = sent.api_kwargs["ephemeral_message_id"]
    assert (sent.message_id, await c.messages(chat=group["id"])) == (0, [])
    await c.click(user=ann, chat=group["id"], ephemeral=number, data="yes")
    (pressed,) = await arrived(bot, "callback_query")
    assert pressed["message"]["ephemeral_message_id"] == number
    with pytest.raises(ControlError, match="is not in chat"):
        await c.click(user=bo, chat=group["id"], ephemeral=number, data="yes")
    it = {"chat_id": group["id"], "receiver_user_id": ann, "ephemeral_message_id": number}
    await bot.do_api_request(
        "editEphemeralMessageText", {**it, "text": "only <b>you</b>", "parse_mode": "HTML"}
    )
    await bot.do_api_request("deleteEphemeralMessage", it)
    (line,) = await c.sent()
    assert (line["receiver"], line["html"], line["deleted"]) == (ann, "only <b>you</b>", True)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.do_api_request("deleteEphemeralMessage", it)
    stranger = {"ephemeral_message_parameters": {"receiver_user_id": 5}}
    with pytest.raises(BadRequest, match=r"(?i)user not found"):
        await bot.send_message(group["id"], "who?", api_kwargs=stranger)
    await c.no_violations()


# ------------------------------------------------------------------ what the bot must not do
async def test_calls_outside_the_specification(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    odd_button = {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback": "b"}]]}}
    with pytest.raises(BadRequest, match=r"(?i)not documented"):
        await bot.send_message(ann, "x", api_kwargs={"disable_web_page_preview": True})
    with pytest.raises(BadRequest, match=r"(?i)expected Integer"):
        await bot.send_message(ann, "x", api_kwargs={"message_thread_id": "seven"})
    with pytest.raises(BadRequest, match=r"(?i)unknown field"):
        await bot.send_message(ann, "x", api_kwargs=odd_button)
    async with aiohttp.ClientSession(f"{fake.base_url}{fake.token}/") as http:
        for method, given, status in (
            ("sendMessage", {"chat_id": ann}, 400),
            ("sendMesage", {"chat_id": ann, "text": "x"}, 404),
            ("sendInvoice", {}, 400),
            ("getMyStarBalance", {}, 501),
            ("SENDMESSAGE", {"chat_id": ann, "text": "any case"}, 200),
        ):
            async with http.post(method, json=given) as answer:
                assert (method, answer.status) == (method, status)
        async with http.get(f"sendMessage?chat_id={ann}&text=query") as answer:
            assert (await answer.json())["result"]["text"] == "query"
    kinds = [seen["kind"] for seen in await c.violations(clear=True)]
    assert kinds[:5] == ["unknown_param", "bad_type", "bad_type", "missing_param", "unknown_method"]
    assert set(kinds[5:]) == {"missing_param", "not_simulated"}
    await c.config(strict="record")
    await bot.send_message(ann, "x", api_kwargs={"frobnicate": 1})
    with pytest.raises(AssertionError, match=r"(?i)frobnicate"):
        await c.no_violations()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("1 < 2", 'Unsupported start tag ""'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("<a href='x", "Unclosed start tag"),
    ],
)
async def test_broken_html(fake: FakeServer, bot: Bot, text: str, error: str) -> None:
    ann = (await fake.control.user(started=True))["id"]
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ann, text, parse_mode="HTML")
    assert f"can't parse entities: {error}".lower() in str(refused.value).lower()
    assert await fake.control.sent() == []


async def test_limits_of_a_message(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    key = InlineKeyboardMarkup([[InlineKeyboardButton("t", callback_data="é" * 33)]])
    message = await bot.send_message(ann, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    for call, error in (
        (lambda: bot.send_message(ann, "x" * 4097), "too long"),
        (lambda: bot.send_message(ann, " \n "), "text is empty"),
        (lambda: bot.send_photo(ann, TINY_PNG, caption="x" * 1025), "too long"),
        (lambda: bot.send_message(ann, "x", reply_markup=key), "button_data_invalid"),
        (lambda: bot.send_message(ann, "x", reply_to_message_id=999), "message to be replied not found"),
        (lambda: bot.edit_message_text("x", ann, 999), "message to edit not found"),
        (lambda: bot.edit_message_text("x" * 4096, ann, message.message_id), None),
        (lambda: bot.edit_message_text("x" * 4096, ann, message.message_id), "not modified"),
        (
            lambda: bot.set_message_reaction(ann, message.message_id, ReactionTypeEmoji("🧨")),
            "reaction_invalid",
        ),
    ):
        if error is None:
            await call()
            continue
        with pytest.raises(BadRequest) as refused:
            await call()
        assert error in str(refused.value).lower()


async def test_who_may_be_written_to(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(1)
    ann, stranger = group["member_ids"][0], (await c.user())["id"]
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(stranger, "x")
    with pytest.raises(Forbidden, match=r"(?i)can't initiate conversation"):
        await bot.send_message(ann, "x")
    await c.start(user=ann)
    await bot.send_message(ann, "x")
    await c.block(user=ann)
    with pytest.raises(Forbidden, match=r"(?i)blocked by the user"):
        await bot.send_message(ann, "x")
    await c.set_member(chat=group["id"], user=bot.id, status="kicked")
    with pytest.raises(Forbidden, match=r"(?i)kicked from the supergroup"):
        await bot.send_message(group["id"], "x")
    with pytest.raises(ControlError, match=r"(?i)started the bot"):
        await c.say(user=stranger, text="never pressed start")


# ------------------------------------------------------------------ the fake itself
async def test_a_clock_that_stands_still(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    assert (await c.clock(freeze=True, set=1_700_000_000))["now"] == 1_700_000_000
    await c.clock(advance=90)
    assert (await c.say(user=ann, text="x"))["date"] == 1_700_000_090
    assert (await bot.send_message(ann, "y")).to_dict()["date"] == 1_700_000_090
    await c.clock(freeze=False)
    assert (await c.clock())["now"] >= 1_700_000_090


async def test_many_messages_and_their_true_counts(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.group(20)
    truth = await c.bulk(n=250, chats=[group["id"]], days=30, photo_pct=5)
    seen: dict[str, int] = {}
    while messages := await arrived(bot, "message"):
        for message in messages:
            writer = str(message["from"]["id"])
            seen[writer] = seen.get(writer, 0) + 1
    assert seen == truth["per_user"]


async def test_control_refuses_slips(fake: FakeServer) -> None:
    c = fake.control
    made = await c.batch(ops=[{"op": "user", "started": True}, {"op": "user"}])
    assert [person["is_bot"] for person in made] == [False, False]
    with pytest.raises(ControlError, match=r"(?i)txet") as refused:
        await c.say(user=made[0]["id"], txet="typo")
    assert refused.value.status == 400
    await c.reset()
    assert (await c.stats())["users"] == 4
    assert {"say", "click", "fault", "rewind", "clock"} <= set(await c.help())


async def test_as_a_process_of_its_own() -> None:
    async with ServerProcess(args=["--selfcheck"]) as fake, Bot(fake.token, base_url=fake.base_url) as bot:
        ann = (await fake.control.user(started=True))["id"]
        await bot.send_message(ann, "hello")
        assert "hello" in json.dumps(await fake.control.sent())
        await fake.control.no_violations()
    assert fake.process.poll() == 0


async def test_unknown_addresses(fake: FakeServer) -> None:
    async with aiohttp.ClientSession(fake.root) as http:
        for path, status in (
            ("/bot1:nope0/getMe", 401),
            ("/botgarbage/getMe", 404),
            ("/elsewhere", 404),
            (f"/file/bot{fake.token}/none.jpg", 404),
        ):
            async with http.get(path) as answer:
                assert (path, answer.status) == (path, status)
