"""Messages of before and after a room counts them anew are never taken for each other."""

from pathlib import Path

import msgspec
import pytest

from storage import audits, messages, pending, renumbered, suggestions
from storage.audits import Change
from storage.messages import MessageRow
from storage.pending import Question
from storage.suggestions import Suggested
from tests.storage.rows import some_rows


@pytest.mark.parametrize(("room", "found"), [(1, ["-5:7"]), (2, ["7"])])
async def test_the_messages_of_that_room_alone_are_set_apart(
    tmp_path: Path, room: int, found: list[str]
) -> None:
    async with some_rows(tmp_path) as rows:
        kept = [MessageRow(1, "7", 1, 10), MessageRow(2, "7", 2, 20)]
        await rows.do(lambda tx: messages.save_messages(tx, kept))
        await rows.do(lambda tx: renumbered.set_apart(tx, 1, "-5:"))
        known = await rows.do(lambda tx: messages.messages(tx, room, ["7", "-5:7"]))
        assert [row.native for row in known] == found


async def test_a_check_in_by_button_still_has_no_message(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        repeat = (
            "INSERT INTO repeat (community, account, day, task, room, native, note, at)"
            " VALUES (1, 1, '2026-05-04', 1, 1, :native, '', 0)"
        )
        await rows.do(lambda tx: tx.many(repeat, [{"native": ""}, {"native": "7"}]))
        await rows.do(lambda tx: renumbered.set_apart(tx, 1, "-5:"))
        found = await rows.do(lambda tx: tx.all("SELECT native FROM repeat ORDER BY native"))
        assert [row["native"] for row in found] == ["", "-5:7"]


async def test_what_may_become_a_check_in_later_names_its_message_as_the_others_do(tmp_path: Path) -> None:
    here = {"room": 1, "account": 1, "native": "7", "note": "三页"}
    others = {"room": 2, "account": 1, "native": "7"}
    pressed = here | {"native": ""}
    change = Change(
        community=1,
        at=0,
        person=None,
        act="mend",
        subject="",
        before="",
        after="",
        room=1,
        why="",
        undo=msgspec.json.encode({"was": here, "done": [others, pressed], "native": 5}).decode(),
    )
    waits = Suggested(
        community=1,
        kind="unclear",
        subject="",
        room=1,
        message="7",
        about="{}",
        data=msgspec.json.encode(here).decode(),
        created_at=0,
        expires_at=9,
    )
    async with some_rows(tmp_path) as rows:
        undone = await rows.do(lambda tx: audits.note(tx, change))
        number = await rows.do(lambda tx: suggestions.add(tx, waits))
        asked = Question(1, '{"native":"7","at":5,"way":"word"}')
        await rows.do(lambda tx: pending.keep_question(tx, 1, 1, asked))
        await rows.do(lambda tx: renumbered.set_apart(tx, 1, "-5:"))
        kept = await rows.do(lambda tx: audits.by_id(tx, 1, undone))
        marked = here | {"native": "-5:7"}
        assert kept is not None
        assert msgspec.json.decode(kept.undo) == {"was": marked, "done": [others, pressed], "native": 5}
        suggested = await rows.do(lambda tx: suggestions.by_id(tx, 1, number))
        assert suggested is not None
        assert msgspec.json.decode(suggested.data) == marked
        question = await rows.do(lambda tx: pending.take_question(tx, 1, 1))
        assert question is not None
        assert msgspec.json.decode(question.said)["native"] == "-5:7"
