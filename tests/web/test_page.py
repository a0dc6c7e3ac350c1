"""The page's routes: what they show, what they do, and what they refuse."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from bot.core.actions import Button, Delete, Say, words
from bot.core.platforms import File, Outgoing
from storage import local_room
from tests.web.house import House, a_house
from web.media import LARGEST, picture_type

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
HOSTILE = '<img src=x onerror="alert(1)">&amp;'


async def a_message(house: House, html: str = "好", *labels: str) -> int:
    rows = (tuple((label, Button(words("x.y"), f"do:{label}")) for label in labels),) if labels else ()
    native = await house.room.carry_out(Outgoing(Say(parts=(), language="zh-Hans"), "r1", html, rows))
    return int(native or 0)


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {}, "zh-Hans"),
        ("", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("", {"Accept-Language": "zh-TW"}, "zh-Hant"),
        ("", {"Accept-Language": "en", "Cookie": "lang=zh-Hans"}, "zh-Hans"),
        ("?lang=en", {"Cookie": "lang=zh-Hans"}, "en"),
        ("?lang=xx", {}, "zh-Hans"),
    ],
)
async def test_the_page_comes_in_the_visitors_language(
    tmp_path: Path, query: str, headers: dict[str, str], language: str
) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client(**headers) as page:
        answer = await page.get("/" + query)
        assert f'<html lang="{language}"' in answer.text
        assert ("lang=" in answer.headers.get("set-cookie", "")) == (query == "?lang=en")


async def test_the_theme_is_a_cookie_and_nothing_else_gets_in(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        assert 'data-theme="dark"' in (await page.get("/", headers={"Cookie": "theme=dark"})).text
        assert 'data-theme="auto"' in (await page.get("/", headers={"Cookie": 'theme="><script>'})).text


@pytest.mark.parametrize(
    ("language", "about"), [("zh-Hans", "打卡"), ("zh-Hant", "打卡"), ("en", "check in")]
)
async def test_the_page_knows_the_bots_commands(tmp_path: Path, language: str, about: str) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        html = (await page.get(f"/?lang={language}")).text
        known = msgspec.json.decode(html.partition('id="commands">')[2].partition("</script>")[0])
        commands = {one["name"]: one for one in known}
        assert commands["checkin"]["about"].startswith(about)
        assert (commands["checkin"]["needs_right"], commands["setup"]["needs_right"]) == (False, True)
        assert commands["setup"]["places"] == ["group"]


async def test_the_page_has_no_script_or_style_of_its_own(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        html = (await page.get("/")).text
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count('type="application/json"') + 1


async def test_who_is_where_and_what_time_it_is(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        state = (await page.get("/room/state")).json()
        assert [(room["title"], room["tier"]) for room in state["rooms"]] == [("晨读班", 2), ("精英班", 1)]
        assert state["members"][0] == {"id": 1, "name": "班主任", "role": "owner"}
        assert state["rooms"][0]["members"] == [1, 2, 3, 4, 5, 6]
        assert state["clock"] == {"now": house.clock.now(), "moving": False}


async def test_what_members_write_is_text_and_what_the_bot_writes_is_a_tree(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        form = {"chat": "r1", "member": "2", "text": HOSTILE}
        assert (await page.post("/room/say", data=form)).status_code == 200
        await a_message(house, f"<b>三</b>{HOSTILE}")
        said, answered = (await page.get("/room/messages", params={"chat": "r1"})).json()["messages"]
        assert (said["text"], said["body"]) == (HOSTILE, [])
        assert (answered["text"], answered["body"]) == ("", [["b", "", "三"], "&"])


async def test_older_messages_come_page_by_page(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        ids = [await a_message(house, str(number)) for number in range(local_room.PAGE + 5)]
        newest = (await page.get("/room/messages", params={"chat": "r1"})).json()["messages"]
        older = (await page.get("/room/messages", params={"chat": "r1", "before": newest[0]["id"]})).json()
        assert [one["id"] for one in [*older["messages"], *newest]] == ids


async def test_a_picture_is_kept_shown_and_gone_with_its_message(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        form = {"chat": "r1", "member": "2", "text": ""}
        sent = await page.post("/room/say", data=form, files={"picture": ("x.svg", PNG, "image/svg+xml")})
        (message,) = await house.messages()
        answer = await page.get(f"/room/pictures/{message.picture}")
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert "sandbox" in answer.headers["content-security-policy"]
        await page.post("/room/withdraw", json={"member": 2, "message": sent.json()["message"]})
        assert (await page.get(f"/room/pictures/{message.picture}")).status_code == 404


async def test_a_file_is_only_ever_downloaded_and_gone_with_its_message(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        sheet = File('打卡表 "1";x.xlsx', "application/vnd.ms-excel", b"<script>PK</script>")
        native = await house.room.carry_out(
            Outgoing(Say(parts=(), language="zh-Hans"), "r1", "本周", file=sheet)
        )
        (shown,) = (await page.get("/room/messages", params={"chat": "r1"})).json()["messages"]
        assert shown["file"] == {
            "id": 1,
            "name": sheet.name,
            "size": len(sheet.content),
            "media_type": sheet.media_type,
        }
        answer = await page.get("/room/files/1")
        assert (answer.content, answer.headers["content-type"]) == (sheet.content, sheet.media_type)
        kept = answer.headers["content-disposition"]
        assert kept == "attachment; filename*=UTF-8''" + quote(sheet.name, safe="")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "sandbox" in answer.headers["content-security-policy"]
        await house.room.carry_out(Outgoing(Delete(message=native or ""), "r1"))
        assert (await page.get("/room/files/1")).status_code == 404
        assert (await page.get(f"/room/files/{2**70}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_bytes(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind


@pytest.mark.parametrize(
    ("form", "picture", "status", "error"),
    [
        ({"text": ""}, None, 400, "empty"),
        ({"text": "字" * 4_097}, None, 413, "too_long"),
        ({"text": "好", "member": "x"}, None, 400, "unfit"),
        ({"text": "好", "member": "99"}, None, 409, "gone"),
        ({"text": "好", "chat": "r2"}, None, 409, "not_here"),
        ({"text": "好", "reply_to": "99"}, None, 409, "gone"),
        ({"text": "图"}, b"<svg/>", 415, "no_picture"),
        ({"text": "图"}, PNG + b"\0" * LARGEST, 413, "too_large"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_a_reason(
    tmp_path: Path, form: dict[str, str], picture: bytes | None, status: int, error: str
) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        files = {"picture": ("x.png", picture, "image/png")} if picture else None
        answer = await page.post("/room/say", data={"chat": "r1", "member": "2"} | form, files=files)
        assert (answer.status_code, answer.json()) == (status, {"error": error})
        assert await house.messages() == []


@pytest.mark.parametrize("charset", ["utf-7", "undefined", "punycode"])
async def test_halves_of_letters_and_strange_charsets_are_refused(tmp_path: Path, charset: str) -> None:
    fields = {"chat": "r1", "member": "2", "text": "+2AA-"}
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    kind = {"Content-Type": f"multipart/form-data; boundary=B; charset={charset}"}
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        answer = await page.post("/room/say", content="".join(parts) + "--B--\r\n", headers=kind)
        assert (answer.status_code, answer.json()) == (400, {"error": "unfit"})


async def test_a_full_disk_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        await house.database.write(lambda tx: tx.value("PRAGMA max_page_count = 1"))
        form = {"chat": "r1", "member": "2", "text": "字" * 4_096}
        for _ in range(9):
            answer = await page.post("/room/say", data=form)
        assert (answer.status_code, answer.json()) == (507, {"error": "disk_full"})
        assert "the page takes nothing new" in caplog.text


async def test_the_longest_text_is_taken(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        text = "字" * 4_096
        await page.post("/room/say", data={"chat": "r1", "member": "2", "text": text})
        assert (await house.messages())[0].text == text


async def test_every_act_does_what_it_says(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:

        async def act(act: str, /, **form: object) -> int:
            return (await page.post(f"/room/{act}", json=form)).status_code

        button = await a_message(house, "好", "看看")
        said = (await page.post("/room/say", data={"chat": "r1", "member": "2", "text": "早"})).json()[
            "message"
        ]
        assert await act("press", member=2, message=button, data="do:看看") == 200
        assert await act("react", member=3, message=said, emoji="👍") == 200
        assert await act("react", member=3, message=said, emoji="🎉") == 200
        assert await act("react", member=3, message=said, emoji="👍") == 200
        assert await act("edit", member=2, message=said, text="早上好") == 200
        assert await act("add_member", name="新来的", room=1) == 200
        assert await act("add_room", title="新手班", tier=3, member=2) == 200
        assert await act("join", member=2, room=2) == 200
        assert await act("leave", member=2, room=1) == 200
        shown = {one.id: one for one in await house.messages()}
        assert (shown[said].text, shown[said].reactions) == ("早上好", {"🎉": [3]})
        rooms = await house.database.read(local_room.rooms)
        assert [room.members for room in rooms] == [(1, 3, 4, 5, 6, 7), (1, 2, 3), (2,)]


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("react", {"member": 2, "message": 1, "emoji": "💩"}, 409),
        ("react", {"member": 2, "message": 1}, 400),
        ("react", {"member": "2", "message": 1, "emoji": "👍"}, 400),
        ("react", {"member": 2**60, "message": 1, "emoji": "👍"}, 400),
        ("edit", {"member": 2, "message": 1, "text": ""}, 400),
        ("edit", {"member": 2, "message": 1, "text": "x" * 4_097}, 400),
        ("add_member", {"name": "", "room": 1}, 400),
        ("add_member", {"name": "x" * 33, "room": 1}, 400),
        ("add_member", {"name": "新来的", "room": 99}, 409),
        ("add_room", {"title": "x", "tier": 0, "member": 2}, 400),
        ("join", {"member": 2, "room": 1, "more": 1}, 400),
        ("clock", {"by": "year"}, 409),
        ("invented", {}, 404),
    ],
)
async def test_hostile_acts_harm_nothing(
    tmp_path: Path, act: str, form: dict[str, object], status: int
) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        before = (await page.get("/room/state")).json()
        assert (await page.post(f"/room/{act}", json=form)).status_code == status
        assert (await page.post(f"/room/{act}", content=b"\xff{")).status_code in {400, 404}
        assert (await page.get("/room/state")).json() == before


async def test_an_hour_and_a_day_pass(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        start = house.clock.now()
        assert (await page.post("/room/clock", json={"by": "hour"})).status_code == 200
        assert house.clock.now() - start == 3_600_000
        both = [page.post("/room/clock", json={"by": "day"}) for _ in range(2)]
        codes = sorted(answer.status_code for answer in await asyncio.gather(*both))
        assert codes == [200, 409]
        assert house.clock.now() - start == 25 * 3_600_000


async def test_the_clock_stands_where_it_may_not_be_moved(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        house.page.advance = None
        assert "data-step" not in (await page.get("/")).text
        assert (await page.post("/room/clock", json={"by": "day"})).json() == {"error": "clock_stands"}


async def test_open_pages_see_what_happens_at_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        live = asyncio.create_task(page.get("/room/live"))
        while not house.page.feed._pages:  # noqa: ASYNC110 - the page says nothing when it begins to listen
            await asyncio.sleep(0)
        await page.post("/room/say", data={"chat": "m2", "member": "2", "text": "/help"})
        await page.post("/room/add_member", json={"name": "新来的", "room": 1})
        await house.settled()
        house.page.feed.close()
        answer = await live
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [part.split("\n") for part in answer.text.strip().split("\n\n")[1:]]
        told = [(line[0].removeprefix("event: "), msgspec.json.decode(line[1][6:])) for line in lines]
        messages = [data for what, data in told if what == "message"]
        assert [(one["chat"], one["member"]) for one in messages[:1]] == [("m2", 2)]
        assert any(one["chat"] == "m2" and one["member"] == 0 for one in messages)
        assert "people" in [what for what, _ in told]


async def test_open_pages_follow_the_zone_of_a_rooms_community(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        assert (await page.get("/room/state")).json()["zones"] == dict.fromkeys(("r1", "r2"), "Asia/Shanghai")
        live = asyncio.create_task(page.get("/room/live"))
        while not house.page.feed._pages:  # noqa: ASYNC110 - the page says nothing when it begins to listen
            await asyncio.sleep(0)
        await house.says("班主任", "时区 Asia/Tokyo")
        house.page.feed.close()
        told = [part.split("\n") for part in (await live).text.split("\n\n")]
        zones = [msgspec.json.decode(line[1][6:]) for line in told if line[0] == "event: zones"]
        assert zones == [dict.fromkeys(("r1", "r2"), "Asia/Tokyo")]
        assert (await page.get("/room/state")).json()["zones"] == zones[0]


async def test_no_more_pages_than_can_be_served(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        for _ in range(64):
            house.page.feed._pages.add(asyncio.Queue())
        assert (await page.get("/room/live")).status_code == 503


async def test_a_page_that_cannot_follow_is_told_to_start_anew(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        slow: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        house.page.feed._pages.add(slow)
        for number in range(2_000):
            house.page.feed.tell("message", number)
        told = [slow.get_nowait() for _ in range(slow.qsize())]
        assert len(told) == 1_001
        assert told[-1] == ("again", 0)


async def test_names_that_hide_or_turn_what_stands_beside_them_are_made_plain(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        for name in ("\u200b\u2060", "\u202e小\n林\u2066"):
            await page.post("/room/add_member", json={"name": name, "room": 1})
            await page.post("/room/add_room", json={"title": name, "tier": 2, "member": 1})
        state = (await page.get("/room/state")).json()
        assert [one["name"] for one in state["members"][-2:]] == ["•", "小 林"]
        assert [one["title"] for one in state["rooms"][-2:]] == ["•", "小 林"]
