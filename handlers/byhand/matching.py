"""From the lines of a list to people: those that a name stood for before, one nearly so, or somebody new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.relay import name_key
from rules.roll import names_in
from rules.roll_names import Near
from rules.tasks import LONGEST_NOTE
from storage.byhand import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rules.roll import Entry, Mark
    from storage.byhand import Fate

FATES: dict[Mark, Fate] = {"done": "counted", "leave": "leave", "not": "not"}
"""What becomes of a line, by what it says."""

ROUND_A_NOTE = " \t:：-—–~～,，.。、|/✅☑✔√✓"


def lines_of(names: Mapping[str, int], entries: Iterable[Entry], *, members: bool) -> tuple[Line, ...]:
    """What each entry means, where `names` stand for accounts; `members`: the list says who belongs there."""
    near = Near(names)
    seen: set[int | str] = set()
    lines = []
    for entry in entries:
        line = _line(names, near, entry)
        who = line.account or (name_key(line.name) if line.is_new else None)
        if who is not None and who in seen:
            line = msgspec.structs.replace(line, fate="twice", is_new=False)
        elif members and line.fate in FATES.values():
            line = msgspec.structs.replace(line, fate="joined")
        if who is not None:
            seen.add(who)
        lines.append(line)
    return tuple(lines)


def _line(names: Mapping[str, int], near: Near, entry: Entry) -> Line:
    words, says = entry.words, entry.mark
    if entry.is_unclear:
        return Line(entry.number, words, "unread", entry.name, says=says)
    for name in names_in(words):
        account = names.get(name_key(name))
        if account is not None:
            note = _note(words, name)
            return Line(entry.number, words, FATES[says], name, note=note, says=says, account=account)
    key = name_key(entry.name)
    if not key:
        return Line(entry.number, words, "unread", says=says)
    note = _note(words, entry.name)
    alike = near.of(key)
    if alike is not None:
        return Line(entry.number, words, "near", entry.name, note=note, says=says, near=names[alike])
    return Line(entry.number, words, FATES[says], entry.name, note=note, says=says, is_new=True)


def _note(words: str, name: str) -> str:
    return words.removeprefix(name).strip(ROUND_A_NOTE)[:LONGEST_NOTE]
