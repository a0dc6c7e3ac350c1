"""The way to the gateway: lost, frozen, taken, refused; and what is said of the time between."""

import asyncio
import logging
import re
from pathlib import Path

import msgspec
import pytest

from bot.adapters.wechat import WeChat
from bot.core.events import AccountChanged, Batch, Message, RoomsListed
from storage import inbox
from tests.adapters.crowd import Crowd
from tests.adapters.house import Heap, until
from tests.adapters.wechat_house import HASTY, QUICK, a_house, a_wechat, listening
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

NODE_PACKAGES = Path(__file__).parents[1] / "peers" / "wechat" / "node_modules"


@pytest.fixture
def wechat(gateway: Gateway, tmp_path: Path) -> WeChat:
    return a_wechat(gateway, tmp_path)


def gaps(heap: Heap) -> list[Batch]:
    """The batches that tell of unobserved time."""
    return [batch for batch in heap.batches if batch.unobserved_since is not None]


async def trouble(wechat: WeChat, expected: str) -> None:
    """Wait until the adapter knows of this trouble, and tells of it."""
    await until(lambda: wechat._listening.stream.trouble == expected)
    assert (await wechat.condition()).trouble in {expected, "offline"}


def now(wechat: WeChat) -> int:
    return wechat._listening._clock.now()


async def test_a_dropped_connection_is_found_again_and_the_time_between_was_not_observed(
    crowd: Crowd, wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    lin = crowd.person("小林")
    async with listening(wechat, Heap()) as heap:
        await until(lambda: gaps(heap) and heap.of(RoomsListed))
        alive = wechat._listening.watch._alive_at
        crowd.gateway.op("stopServer")
        await trouble(wechat, "reach")
        lost = now(wechat)
        crowd.says(lin, "谁听见")
        crowd.gateway.op("startServer")
        back = await until(lambda: gaps(heap)[1:])
        assert alive <= back[0].unobserved_since <= lost
        assert back[0].unobserved_since < back[0].caught_up_to
        crowd.says(lin, "又在了")
        await until(lambda: heap.of(Message))
        assert [one.text for one in heap.of(Message)] == ["又在了"]
        assert len(heap.of(AccountChanged)) == 1, "the account was never away"
        await until(lambda: len(heap.of(RoomsListed)) == 2)
    lines = [one.getMessage() for one in caplog.records if one.name == "banzhang.wechat"]
    assert len([line for line in lines if "does not answer" in line]) == 1


async def test_known_time_goes_on_while_nothing_happens(wechat: WeChat) -> None:
    async with listening(wechat, Heap()) as heap:
        quiet = await until(
            lambda: [one for one in heap.batches if one.caught_up_to and one.unobserved_since is None][1:]
        )
        assert quiet[-1].caught_up_to <= now(wechat)


async def test_a_frozen_gateway_is_noticed_and_what_passed_since_its_last_sign_was_not_observed(
    crowd: Crowd, tmp_path: Path
) -> None:
    wechat = a_wechat(crowd.gateway, tmp_path, patience=HASTY)
    async with listening(wechat, Heap()) as heap:
        await until(lambda: gaps(heap))
        crowd.gateway.freeze()
        try:
            frozen = now(wechat)
            await trouble(wechat, "reach")
        finally:
            crowd.gateway.thaw()
        back = await until(lambda: gaps(heap)[1:])
        assert back[0].unobserved_since <= frozen
        before = heap.batches[: heap.batches.index(back[0])]
        told = [batch.caught_up_to or 0 for batch in before if batch.unobserved_since is None]
        assert max(told, default=0) <= frozen, "of what passed while it was frozen nothing is known"


async def test_a_killed_gateway_comes_back_as_an_empty_world(tmp_path: Path) -> None:
    with Gateway() as first:
        port = int(first.endpoint.rpartition(":")[2])
        before = Crowd(first)
        room = before.room("旧班", before.person("小林"))
        wechat = a_wechat(first, tmp_path)
        async with listening(wechat, Heap()) as heap:
            await until(lambda: heap.of(RoomsListed))
            assert heap.of(RoomsListed)[0].natives == (room,)
            first.stop()
            await trouble(wechat, "reach")
            with Gateway(grpc_port=port) as second:
                crowd = Crowd(second)
                await until(lambda: heap.of(RoomsListed)[1:])
                assert heap.of(RoomsListed)[-1].natives == ()
                crowd.says(crowd.person("阿哲"), "新的一天")
                await until(lambda: heap.of(Message))


async def test_of_two_programs_the_second_says_so_and_waits(
    crowd: Crowd, gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lin = crowd.person("小林")
    first, second = a_wechat(gateway, tmp_path), a_wechat(gateway, tmp_path)
    async with listening(second, Heap()) as later:
        async with listening(first, Heap()) as heap:
            await asyncio.gather(until(lambda: later.of(RoomsListed) or heap.of(RoomsListed)))
            loser = first if later.of(RoomsListed) else second
            await trouble(loser, "taken")
            crowd.says(lin, "早")
            await until(lambda: heap.of(Message) or later.of(Message))
            assert gateway.op("world")["loggedIn"]
        await trouble(second, "")
        await until(lambda: later.of(RoomsListed))
    lines = [one.getMessage() for one in caplog.records if "another program" in one.getMessage()]
    assert len(lines) == 1


async def test_a_wrong_token_is_said_once_and_never_shown(
    gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wechat = a_wechat(gateway, tmp_path, token="insecure_quite-wrong")
    with caplog.at_level(logging.DEBUG):
        async with listening(wechat, Heap()):
            await trouble(wechat, "token")
            await asyncio.sleep(3 * QUICK.token)
    said = [one for one in caplog.records if one.name == "banzhang.wechat"]
    assert len(said) == 1
    assert "quite-wrong" not in caplog.text + repr(wechat._client) + repr(wechat._client._link)


async def test_nobody_there(tmp_path: Path, gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    wechat = a_wechat(gateway, tmp_path)
    link = msgspec.structs.replace(wechat._client._link, endpoint="127.0.0.1:1")
    wechat._client._link = link
    async with listening(wechat, Heap()) as heap:
        await wechat.open()
        await trouble(wechat, "reach")
        assert heap.events == []
    assert len([one for one in caplog.records if one.name == "banzhang.wechat"]) == 1


@pytest.mark.parametrize("ca", ["", 'ca = "none.pem"\n'])
async def test_a_gateway_that_nobody_vouches_for(ca: str, gateway: Gateway, tmp_path: Path) -> None:
    wechat = a_wechat(gateway, tmp_path, more=f"tls = true\n{ca}")
    async with listening(wechat, Heap()) as heap:
        await trouble(wechat, "reach")
        assert heap.events == []


async def test_a_gateway_with_a_certificate_is_heard_by_who_trusts_it(tmp_path: Path) -> None:
    source = (NODE_PACKAGES / "wechaty-puppet-service/dist/esm/src/auth/ca.js").read_text(encoding="utf-8")
    found = re.search(r"TLS_CA_CERT = `(.*?)`", source, re.DOTALL)
    assert found is not None
    ca = tmp_path / "gateway.pem"
    ca.write_text(found[1], encoding="utf-8")
    with Gateway(tls=True) as gateway:
        crowd = Crowd(gateway)
        wechat = a_wechat(gateway, tmp_path, more=f'tls = true\nca = "{ca}"\n')
        async with listening(wechat, Heap()) as heap:
            await until(lambda: heap.of(RoomsListed))
            crowd.says(crowd.person("小林"), "早")
            await until(lambda: heap.of(Message))
        distrusting = a_wechat(gateway, tmp_path, more="tls = true\n")
        plain = a_wechat(gateway, tmp_path)
        async with listening(distrusting, Heap()), listening(plain, Heap()):
            await trouble(distrusting, "reach")
            await trouble(plain, "reach")


async def test_nobody_is_logged_in(crowd: Crowd, wechat: WeChat) -> None:
    crowd.gateway.op("logout")
    try:
        async with listening(wechat, Heap()) as heap:
            (changed,) = await until(lambda: heap.of(AccountChanged))
            assert (changed.state, (await wechat.condition()).trouble) == ("offline", "offline")
    finally:
        crowd.gateway.op("login")


async def test_the_time_without_the_program_was_not_observed(wechat: WeChat) -> None:
    async with listening(wechat, Heap(cursor="1790000000000")) as heap:
        (back,) = await until(lambda: gaps(heap))
        assert back.unobserved_since == 1_790_000_000_000
        assert back.cursor is not None


async def test_the_rows_tell_of_the_gap(crowd: Crowd, tmp_path: Path) -> None:
    async with a_house(crowd.gateway, tmp_path) as house:
        await house.until("SELECT 1 FROM observation")
        crowd.gateway.op("stopServer")
        await trouble(house.wechat, "reach")
        crowd.gateway.op("startServer")
        await house.until("SELECT 1 FROM observation LIMIT 1 OFFSET 1")
        ((cursor,),) = await house.rows("SELECT cursor FROM stream WHERE bot = 'wechat'")
        assert int(cursor) <= now(house.wechat)
        assert len(await house.database.read(lambda tx: inbox.gaps(tx, "wechat", 0, now(house.wechat)))) == 1
