"""Telegram brings the news: each update is answered after its commit, and it is known when all has come."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage import inbox
from tests.adapters.telegram_house import House, a_house, free_port
from tests.peers.telegram import FakeServer

SECRET = "a-secret-of-sixteen-or-more"


@asynccontextmanager
async def a_hooked_house(fake: FakeServer, folder: Path) -> AsyncIterator[House]:
    fake.world.config["webhook_http"] = True
    port = free_port()
    more = (
        f'mode = "webhook"\nwebhook_url = "http://127.0.0.1:{port}/hook"\n'
        f'webhook_secret = "{SECRET}"\nwebhook_port = {port}\n'
    )
    async with a_house(fake, folder, more) as house:
        yield house


async def test_a_webhook_is_set_and_heard(fake: FakeServer, tmp_path: Path) -> None:
    control = fake.control
    async with a_hooked_house(fake, tmp_path) as house:
        group = await control.group(2, title="晨读班", announce=True)
        await control.wait_sent(1, chat=group["id"])
        said = await control.say(user=group["member_ids"][0], chat=group["id"], text="打卡")
        await house.quiet()
        assert [act["message_id"] for act in await control.actions()] == [said["message_id"]]
        (call,) = await control.calls(method="setWebhook")
        assert call["params"]["secret_token"] == SECRET
        assert "message_reaction" in call["params"]["allowed_updates"]


async def test_what_waited_is_heard_and_known_to_be_all(fake: FakeServer, tmp_path: Path) -> None:
    control = fake.control
    group = await control.group(2, title="晨读班")
    await control.bulk(n=50, chats=[group["id"]])
    async with a_hooked_house(fake, tmp_path) as house:
        await house.quiet()
        assert await house.rows("SELECT count(*) FROM message") == [(50,)]
        while house.telegram.bot not in house.engine.pipeline.caught_up:
            await control.wait_idle()
        assert await house.database.read(lambda tx: inbox.cursor(tx, house.telegram.bot, fake.root))


async def test_the_same_brought_twice_counts_once(fake: FakeServer, tmp_path: Path) -> None:
    control = fake.control
    async with a_hooked_house(fake, tmp_path) as house:
        group = await control.group(2, title="晨读班")
        await control.bulk(n=20, chats=[group["id"]])
        await house.quiet()
        await control.rewind(n=20)
        await control.say(user=group["member_ids"][0], chat=group["id"], text="早")
        await house.quiet()
        assert await house.rows("SELECT count(*) FROM message") == [(21,)]
