"""The demo as an acceptance test: sixty days of an invented community, in which good manners are kept."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio

from bot import app
from bot.adapters.room import LocalRoom
from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import Config, load
from bot.core.actions import AnyAction, Say
from bot.core.clock import VirtualClock
from bot.demo import Play
from bot.demo.acts import Act, moments
from bot.demo.lines import lines_in
from bot.demo.script import BY_HAND_DAYS
from bot.demo.sketch import notebook_page
from rules.calendar import Calendar, Rule
from rules.days import Day, shift
from storage.db import Row, Transaction
from tests.stage import SHANGHAI, instant
from web.media import picture_type
from web.room import RoomPage

ENDS = instant("2026-05-04 22:00")
MINUTE = 60_000
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
CALENDAR = Calendar((Rule(since=0, zone=SHANGHAI, day_starts_at=4 * 60),))
SMALL = 12

ANSWERS = ("setup.", "relay.", "terms.announced", "byhand.")
"""Lines in a room that an admin or a member asked for at that moment, though they reply to no message."""


NO_NUDGES = ("recap.digest", "terms.passed", "terms.until_next")
"""Letters that urge to nothing: the leaders' list of the evening, and what came of a term, once a term."""


class Line(msgspec.Struct, frozen=True):
    """Something that the bot said: in which chat, when, in which words, and from which blocks."""

    chat: str
    at: int
    text: str
    blocks: tuple[str, ...]
    is_answer: bool


class Played(msgspec.Struct):
    """What is known of a play when it is over."""

    lines: list[Line]
    acts: dict[str, list[int]]
    dead_letters: int
    checked_in: dict[str, set[str]]
    names: dict[str, str]
    messages: list[tuple[object, ...]]
    unfinished: list[tuple[object, ...]]


async def a_play(folder: Path, *, days: int = 60, people: int = SMALL, language: str = "zh-Hans") -> Played:
    play = Play(
        language=language,
        zone=SHANGHAI,
        ends=ENDS,
        chance=random.Random(3),
        days=days,
        people=people,
        days_with_pictures=0,
    )
    clock = VirtualClock(play.begins)
    config = load(folder / "none.toml", feature_settings(), {})
    async with opened(folder / DATABASE, durable=False) as database:
        engine = assemble(everything_on(config), database, clock, seed=3)
        room = LocalRoom(database, clock, language)
        engine.add(room)
        await engine.jobs.plan()
        actions: dict[int, Row] = {}
        async for _ in play.perform(engine, room):
            sent = await database.read(_sent)
            actions |= {int(row["native"]): row for row in sent}
        return await database.read(lambda tx: _played(tx, actions))


def _sent(tx: Transaction) -> list[Row]:
    return tx.all("SELECT native, topic, action FROM outbox WHERE state = 'sent' AND native IS NOT NULL")


def _acts(tx: Transaction) -> dict[str, list[int]]:
    """When each member wrote or pressed something, by the name of their private chat."""
    acts: dict[str, list[int]] = {}
    for row in tx.all("SELECT member, at FROM local_message UNION ALL SELECT member, at FROM local_press"):
        acts.setdefault(f"m{row['member']}", []).append(row["at"])
    return acts


def _played(tx: Transaction, actions: dict[int, Row]) -> Played:
    said = tx.all("SELECT id, chat, at, text FROM local_message WHERE member = 0 ORDER BY id")
    done: dict[str, set[str]] = {}
    for row in tx.all(
        "SELECT account.name, day FROM checkin JOIN account ON account.id = checkin.account"
        " WHERE checkin.standing = 'counted'"
    ):
        done.setdefault(row["day"], set()).add(row["name"])
    return Played(
        lines=[_line(row, actions[row["id"]]) for row in said],
        acts=_acts(tx),
        dead_letters=tx.value("SELECT count(*) FROM dead_letter"),
        checked_in=done,
        names={f"m{row['id']}": row["name"] for row in tx.all("SELECT id, name FROM local_member")},
        messages=[tuple(row) for row in tx.all("SELECT chat, member, at, text FROM local_message")],
        unfinished=[
            tuple(row)
            for row in tx.all(
                "SELECT state, outcome FROM outbox WHERE state NOT IN ('sent', 'merged', 'waiting')"
            )
        ],
    )


def _line(row: Row, sent: Row) -> Line:
    action = msgspec.json.decode(sent["action"], type=AnyAction)
    assert isinstance(action, Say)
    blocks = tuple(part.text for part in action.parts)
    merged = all(block.endswith("_merged") for block in blocks)
    asked = merged or (blocks[0].startswith(ANSWERS) and sent["topic"] != "core.unprompted")
    is_answer = action.reply_to is not None or action.vanish_after > 0 or asked
    return Line(row["chat"], row["at"], row["text"], blocks, is_answer)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """Sixty days of a small class."""
    yield await a_play(tmp_path_factory.mktemp("demo"))


def unprompted(played: Played) -> dict[str, list[Line]]:
    """By room, what nobody asked for, in order."""
    rooms: dict[str, list[Line]] = {}
    for line in played.lines:
        if line.chat.startswith("r") and not line.is_answer:
            rooms.setdefault(line.chat, []).append(line)
    return rooms


def test_a_room_hears_at_most_four_unprompted_lines_a_day_half_an_hour_apart(played: Played) -> None:
    rooms = unprompted(played)
    assert set(rooms) == {"r1", "r2", "r3"}
    for lines in rooms.values():
        a_day = Counter(CALENDAR.day_of(line.at) for line in lines)
        assert max(a_day.values()) <= 4
        assert all(later.at - line.at >= 30 * MINUTE for line, later in pairwise(lines))


def unasked_letters(played: Played) -> list[Line]:
    """What came privately to somebody who had done nothing for three minutes."""
    return [line for line in played.lines if line.chat.startswith("m") and not _just_acted(played, line)]


def _just_acted(played: Played, line: Line) -> bool:
    return any(line.at - 3 * MINUTE <= at <= line.at for at in played.acts.get(line.chat, ()))


def test_a_person_is_nudged_once_a_day_and_three_times_a_week_at_most(played: Played) -> None:
    nudged: dict[str, list[Day]] = {}
    for line in unasked_letters(played):
        if not line.blocks[0].startswith(NO_NUDGES):
            nudged.setdefault(line.chat, []).append(CALENDAR.day_of(line.at))
    assert sum(map(len, nudged.values())) > 10
    for days in nudged.values():
        assert max(Counter(days).values()) == 1
        assert all(sum(day <= other < shift(day, 7) for other in days) <= 3 for day in days)


def test_quiet_hours_are_silent_but_for_answers(played: Played) -> None:
    said = [line for lines in unprompted(played).values() for line in lines]
    for line in said + unasked_letters(played):
        assert 7 * 60 + 30 <= CALENDAR.local_minutes(line.at) < 22 * 60 + 30, line


def test_no_unprompted_line_in_a_room_names_somebody_who_is_missing(played: Played) -> None:
    lines = [line for lines in unprompted(played).values() for line in lines]
    for line in lines:
        if line.blocks[0].startswith("terms."):
            continue  # it names those who passed the whole term
        day = CALENDAR.day_of(line.at)
        here = played.checked_in.get(day, set()) | played.checked_in.get(shift(day, -1), set())
        assert not {name for name in played.names.values() if name in line.text} - here, line


def test_nothing_breaks_and_everything_arrives(played: Played) -> None:
    assert played.dead_letters == 0
    assert played.unfinished == []


def test_it_is_a_living_place(played: Played) -> None:
    assert len(played.messages) > 1_500
    assert len(played.checked_in) == 61
    blocks = {block for line in played.lines for block in line.blocks}
    assert {"terms.over", "absence.noted", "checkin.first_merged", "scoring.me"} <= blocks
    lists = [line.text for line in played.lines if line.blocks[0] == "byhand.noted"]
    assert len(lists) == len(BY_HAND_DAYS)
    assert "拿不准" not in lists[-1]


async def test_the_same_chance_plays_the_same_demo(tmp_path: Path) -> None:
    first = await a_play(_made(tmp_path / "one"), days=9, people=12, language="zh-Hant")
    second = await a_play(_made(tmp_path / "two"), days=9, people=12, language="zh-Hant")
    assert first.messages == second.messages


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_cast_of_forty_different_names(language: str) -> None:
    lines, others = lines_in(language), lines_in("en")
    assert len(set(lines.names)) == 40
    assert set(lines.subjects) == set(others.subjects)
    assert all(line[:2] in {"a ", "b ", "c "} for talk in lines.talks for line in talk.lines)
    assert len({line for talk in lines.talks for line in talk.lines[:1]}) == len(lines.talks)


def test_acts_close_together_are_one_moment() -> None:
    acts = [Act(at, 1, "say", 0, "早") for at in (0, 60, 95, 190)]
    assert [[act.at for act in moment] for moment in moments(acts, 90)] == [[0, 60], [95], [190]]


def test_members_send_real_pictures() -> None:
    page = notebook_page(random.Random(1))
    assert picture_type(page) == "image/png"
    assert len(page) < 8_000


@pytest.mark.parametrize(("invented", "said"), [(True, True), (False, False)])
async def test_the_page_says_that_everybody_is_invented(tmp_path: Path, invented: bool, said: bool) -> None:
    async with opened(tmp_path / DATABASE) as database:
        page = RoomPage(database, VirtualClock(ENDS), SHANGHAI, "zh-Hans", lambda: None, invented=invented)
        transport = httpx.ASGITransport(app=page.application(8080))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as visitor:
            shown = (await visitor.get("/?lang=zh-Hans")).text
    assert ("人和话都是编的" in shown) is said


def test_it_leaves_nothing_behind_and_opens_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened_rooms: list[tuple[Path, bool, int]] = []

    async def run(config: Config, folder: Path, *, invented: bool) -> int:
        async with opened(folder / DATABASE) as database:
            said = await database.read(lambda tx: tx.value("SELECT count(*) FROM local_message"))
        opened_rooms.append((folder, invented, said))
        assert config.telegram.token is None
        return 0

    monkeypatch.setattr(app, "_run", run)
    monkeypatch.setattr(app, "Play", partial(Play, days=2, people=6, days_with_pictures=0))
    path = tmp_path / "config.toml"
    path.write_text('[telegram]\ntoken = "123456789:AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"\n', encoding="utf-8")
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert app.demo(load(path, feature_settings(), {})) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    ((folder, invented, said),) = opened_rooms
    assert invented
    assert said > 20
    assert not folder.exists()
    assert "Playing sixty days … 2/2\n" in capsys.readouterr().out
