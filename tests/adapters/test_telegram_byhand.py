"""A group without a bot takes part by a file that its leader sends on Telegram."""

import base64
from pathlib import Path

from tests.adapters.telegram_house import a_house
from tests.peers.telegram import FakeServer

LIST = "晨读接龙\n1. 小林 读完第三章\n2. 阿哲\n"
COUNTED = "SELECT account.name FROM checkin JOIN account ON account.id = checkin.account ORDER BY account.id"


async def test_a_file_in_private_counts_and_is_answered(fake: FakeServer, tmp_path: Path) -> None:
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await control.group(2, title="晨读班", announce=True)
        boss = group["member_ids"][0]
        await house.quiet()
        await control.set_member(chat=group["id"], user=boss, status="administrator")
        await control.start(user=boss)
        await control.say(user=boss, text="/byhand 晨读二班")
        await house.quiet()
        before = await control.last_seq()
        document = {"data": base64.b64encode(LIST.encode("gb18030")).decode(), "name": "接龙.txt"}
        await control.say(user=boss, document=document)
        await house.quiet()
        (told,) = await control.sent(chat=boss, since=before)
        assert "记上 2 位：小林、阿哲" in str(told)
        assert await house.rows(COUNTED) == [("小林",), ("阿哲",)]
