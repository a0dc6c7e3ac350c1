"""Rows of the outbox: what was sent lately is found by an index."""

from functools import partial
from pathlib import Path

import msgspec

from bot.core.actions import Action, Befriend, Look, Say, written
from storage import outbox
from storage.db import Transaction
from storage.outbox import BEFRIEND, FETCH, LOOK, SENT_SINCE, Outcome, Queued
from tests.storage.rows import some_rows

WAITING = Queued(
    bot="stage:1", room=1, priority=0, action="", topic=None, created_at=0, not_before=0, not_after=99
)


def finished(tx: Transaction, action: Action, at: int, state: str = "sent", bot: str = "stage:1") -> None:
    queued = msgspec.structs.replace(WAITING, bot=bot, action=written(action))
    outbox.finish(tx, [Outcome(outbox.put(tx, queued), state)], at)


async def test_what_one_bot_sent_lately_in_order(tmp_path: Path) -> None:
    say, befriend = Say(parts=(), language="en"), Befriend(request="f1")
    async with some_rows(tmp_path) as rows:
        for action, at in ((say, 50), (befriend, 30), (say, 10)):
            await rows.do(partial(finished, action=action, at=at))
        await rows.do(lambda tx: finished(tx, say, 40, state="expired"))
        await rows.do(lambda tx: finished(tx, say, 40, bot="stage:2"))
        await rows.do(lambda tx: finished(tx, Look(), 40))
        found = await rows.do(lambda tx: outbox.sent_since(tx, "stage:1", 10))
        assert found == [(30, True), (50, False)]


async def test_it_is_found_by_an_index(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        kinds = {"befriend": f"{BEFRIEND}%", "look": f"{LOOK}%", "fetch": f"{FETCH}%"}
        values = {"bot": "stage:1", "since": 1, **kinds}
        assert "USING INDEX outbox_finished" in await rows.do(lambda tx: tx.plan(SENT_SINCE, values))


async def test_it_is_known_of_what_waits_whether_it_makes_a_contact(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        for action in (Befriend(request="f1"), Say(parts=(), language="en")):
            queued = msgspec.structs.replace(WAITING, action=written(action))
            await rows.do(partial(outbox.put, queued=queued))
        waiting = await rows.do(lambda tx: outbox.waiting(tx, "stage:1", 0))
        assert [one.befriends for one in waiting] == [True, False]
