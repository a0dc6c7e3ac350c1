"""The rows as the page takes them: members' words stay text, the bot's become a tree of known tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage import local_room
from storage.db import Transaction
from storage.local_room import THE_BOT, Button
from tests.web.house import a_house
from web import views

HOSTILE = '<img src=x onerror="alert(1)">'


def written(tx: Transaction, member: int, text: str, **more: Any) -> views.View:
    number = local_room.write(tx, chat="r1", member=member, text=text, now=1, **more)
    found = local_room.message(tx, number)
    assert found is not None
    return views.message(found)


async def test_what_a_member_writes_is_text_and_nothing_else(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        view = await house.database.write(lambda tx: written(tx, 1, HOSTILE))
        assert (view["text"], view["body"]) == (HOSTILE, [])


async def test_what_the_bot_writes_is_a_tree_of_known_tags(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        view = await house.database.write(lambda tx: written(tx, THE_BOT, f"<b>好</b>{HOSTILE}"))
        assert view["text"] == ""
        assert "b" in str(view["body"])
        assert "onerror" not in str([one for one in view["body"] if not isinstance(one, str)])


async def test_a_button_opens_web_addresses_only(tmp_path: Path) -> None:
    rows = (
        (
            Button("好", "do:1"),
            Button("坏", url="javascript:alert(1)"),
            Button("网", url="https://a.example/"),
        ),
    )
    async with a_house(tmp_path, runs=False) as house:
        view = await house.database.write(lambda tx: written(tx, THE_BOT, "选", buttons=rows))
        assert [one["url"] for one in view["buttons"][0]] == ["", "", "https://a.example/"]


async def test_a_quote_is_short_and_plain(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:

        def quoted(tx: Transaction) -> views.View:
            first = local_room.write(tx, chat="r1", member=THE_BOT, text=f"<b>{'长' * 500}</b>", now=1)
            return written(tx, 1, "回复", reply_to=first)

        view = await house.database.write(quoted)
        assert view["reply"]["text"] == "长" * views.LONGEST_QUOTE


async def test_people_come_with_their_rooms(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        view = await house.database.read(views.people)
        assert len(view["rooms"]) == 2
        assert all(member["name"] for member in view["members"])
        assert view["answers"] == []
