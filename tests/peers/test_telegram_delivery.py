"""How the fake Telegram delivers updates, and how it breaks on demand."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.peers.telegram import FakeServer


async def arrived(bot: Bot, kind: str) -> list[Any]:
    """What waits for the bot of one kind of update; everything that waits is confirmed."""
    updates = await bot.get_updates(timeout=0)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return [update.to_dict()[kind] for update in updates if kind in update.to_dict()]


async def test_updates_come_until_confirmed_and_sometimes_again(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    for number in range(5):
        await c.say(user=ann, text=f"m{number}")
    first = await bot.get_updates(limit=2, timeout=0)
    second = await bot.get_updates(offset=first[-1].update_id + 1, timeout=0)
    assert [update.to_dict()["message"]["text"] for update in second] == ["m2", "m3", "m4"]
    assert len(await arrived(bot, "message")) == 3
    assert (await c.rewind(n=2))["requeued"] == 2
    assert [message["text"] for message in await arrived(bot, "message")] == ["m3", "m4"]
    await c.restart_ids(first=7)
    await c.say(user=ann, text="after a quiet week")
    (update,) = await bot.get_updates(offset=second[-1].update_id + 1, timeout=0)
    assert update.update_id == 7
    await c.raw_update(update={"something_new": {"a": 1}})
    assert (await c.updates(bodies=True))["pending_updates"][-1]["something_new"] == {"a": 1}


async def test_a_second_poller_is_a_conflict(fake: FakeServer, bot: Bot) -> None:
    one = asyncio.create_task(bot.get_updates(timeout=10))
    while not (await fake.control.updates())["polling"]:  # noqa: ASYNC110 - only the fake knows
        await asyncio.sleep(0)
    two = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
        await one
    await two
    assert [seen["kind"] for seen in await fake.control.violations()] == ["conflict"]


async def test_a_webhook_gets_what_waits_and_repeats(fake: FakeServer, bot: Bot) -> None:
    c, got, answers = fake.control, [], [500, 500]

    async def hook(request: web.Request) -> web.Response:
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        if answers:
            return web.Response(status=answers.pop())
        chat = got[-1][1]["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "by the way"})

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await c.config(webhook_retry_base=0.01)
        ann = (await c.user(started=True))["id"]
        await c.say(user=ann, text="hi")
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await bot.set_webhook(address, secret_token="s3cret")
        assert (await c.wait_sent(1))[0]["text"] == "by the way"
        assert [(secret, update["message"]["text"]) for secret, update in got] == [("s3cret", "hi")] * 3
        with pytest.raises(Conflict, match=r"(?i)webhook is active"):
            await bot.get_updates(timeout=0)
        await c.no_violations()
    finally:
        await runner.cleanup()


async def test_faults_before_and_after_the_effect(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    ann = (await c.user(started=True))["id"]
    for kind, when, error in (
        ("502", "after", NetworkError),
        ("500", "before", NetworkError),
        ("reset", "before", NetworkError),
        ("reset", "after", NetworkError),
        ("truncate", "after", NetworkError),
        ("429", "before", RetryAfter),
        ("403", "before", Forbidden),
        ("timeout", "after", TimedOut),
    ):
        await c.fault(kind=kind, when=when, count=1, method="sendMessage", hold=2)
        with pytest.raises(error):
            await bot.send_message(ann, f"{kind} {when}", read_timeout=0.3 if kind == "timeout" else 60)
    assert [line["text"] for line in await c.sent()] == [
        "502 after",
        "reset after",
        "truncate after",
        "timeout after",
    ]
    log = (await c.faults())["log"]
    assert [hit["when"] for hit in log if hit["applied"]] == ["after"] * 4


async def test_rate_limits(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group, ann = (await c.group(1))["id"], (await c.user(started=True))["id"]
    await c.limits(enabled=True)
    for _ in range(3):
        await bot.send_message(ann, "x")
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(ann, "x")
    assert [seen["kind"] for seen in await c.violations()] == ["retry_after_ignored"]
    await c.limits(chat_burst=1000, overall_per_second=1000)
    for _ in range(20):
        await bot.send_message(group, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(group, "one too many in a minute")


async def test_a_group_moves(fake: FakeServer, bot: Bot) -> None:
    c = fake.control
    group = await c.chat(type="group", bots=True, members=await c.users(count=1))
    new = (await c.migrate(chat=group["id"]))["new"]
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group["id"], "x")
    assert moved.value.new_chat_id == new
    said = await arrived(bot, "message")
    assert [m.get("migrate_to_chat_id") or m.get("migrate_from_chat_id") for m in said] == [new, group["id"]]
