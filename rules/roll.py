"""Lists of people as leaders pass them on: 接龙, names line by line or between commas, tables of group tools.

A list says of each name that somebody did it, is on leave, or did not. What reads like no name is left to the
one who sent it. Pure text: who is meant by a name is another matter (rules/roll_names.py).
"""

import csv
import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from rules.relay import numbered, title_of
from rules.roll_day import is_for_another_day

Mark = Literal["done", "leave", "not"]

MOST_ENTRIES: Final = 600
"""People in the longest list: more than the largest group of WeChat has."""

MOST_ROWS: Final = 3000
"""Rows of a text that are looked at: entries may have several."""

LONGEST_NAME: Final = 24
LONGEST_BODY: Final = 200
LONGEST_TITLE: Final = 200

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufe0f\ufeff\x00-\x08\x0e-\x1f]")
_STRUCK = re.compile("[\u0335\u0336]")
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_APPLAUSE = "✅☑✔√✓👍💪🎉🌹🔥👏"
_CROSSES = "❌✗✘❎×"
_EDGE = r"(?:^|(?<=[\s(（\[【:：,，.。!！\-—~～✅]))"
_END = r"(?=$|[\s)）\]】,，.。!！~～:：])"
_LEAVE = r"(?<![不没沒未])(?:请假|請假|[休事病]假|\b(?:on |took )?leave)(?:了|[一半两兩今1-9]天|[一1]次)?"
_NOT = (
    r"(?:[未没沒](?:打卡|签到|簽到|完成|[读讀]|做|交)|缺[卡席勤]"
    rf"|\b(?:not (?:yet|done)|absent|missed|missing)|[{_CROSSES}])"
)
_DONE = (
    r"(?:已?(?:打卡|签到|簽到|完成)了?|已[读讀]|打卡成功|\b(?:done|ok|checked in|checked)"
    rf"|[{_APPLAUSE}]+)[!！。.]*"
)
_SAYS_LEAVE = re.compile(f"{_LEAVE}{_END}", re.IGNORECASE)
_SAYS_NOT = re.compile(rf"{_EDGE}{_NOT}{_END}|^[{_CROSSES}]|{_NOT}$", re.IGNORECASE)
_GLUED = re.compile(f"(?:{_LEAVE}|{_NOT}|{_DONE})$", re.IGNORECASE)
_FRONT = re.compile(rf"^[\s@＠*•·\-—>{_CROSSES}{_APPLAUSE}~～\[\]【】|]+")
_BREAK = rf"\s(（)）\[【\]】:：,，;；|/、\-—–~～+{_CROSSES}"
_BREAKS = re.compile(f"[{_BREAK}]+|[{_EMOJI}]+")
_FIRST = re.compile(
    rf"[{_EMOJI}]*[^{_BREAK}{_EMOJI}]+(?:(?![{_APPLAUSE}])[{_EMOJI}]+(?=[{_BREAK}]|$))?|[{_EMOJI}]+"
)
_FOR = re.compile(
    r"\S{1,12}?\s*[代替帮幫]\s*(?P<glued>\S{1,12}?)\s*(?:打卡|[签簽]到|接[龙龍])$"
    r"|\S{1,12}\s+[代替帮幫]\s+(?P<apart>\S{1,12})"
)
_FOR_WHOM = re.compile(
    r"[代替帮幫](?:忙)?(?:打卡|[签簽]到?|接[龙龍])?[\s:：@＠]+\S|(?:for|on behalf of)\s+\S", re.IGNORECASE
)
_FOR_GLUED = re.compile(r"(?:[代替帮幫]\S{2,12}?|\S{1,12}?[代替帮幫])(?:打卡|[签簽]到|接[龙龍])了?")
_NO_NAME = re.compile(r"[。！？!?<>{}]|[,，;；].*[,，;；]")
_NO_ENTRY = re.compile(r"[=+<{]|https?:|www\.|.*[?？]")
_SEEN = re.compile(r"\w|[^\x00-\u2bff]")

_TITLE = re.compile(
    r"接\s*[龙龍]|(?:打卡|[签簽]到)[表单單]|名[单單册冊]|成[员員]|[:：]\s*$|\d\s?[./月]\s?\d"
    r"|\b(?:lists?|members?|roster|names?)\b",
    re.IGNORECASE,
)
_CHECK_INS = re.compile(r"打卡|[签簽]到|接\s*[龙龍]|\bcheck-?ins?\b", re.IGNORECASE)
_MEMBERS = re.compile(r"名[单單册冊]|成[员員]|[学學][员員]|\b(?:members?|roster)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,，、;；\t|]\s*|\s+/\s+")
_COUNTED = re.compile(r"\s*\d{1,4}\s+(?=\S)")


class Entry(msgspec.Struct, frozen=True):
    """One line: its place in the list from 1 on, what it says without marks, how it begins, and its mark.

    `name` is what stands for the name where nobody is known by more of the words; "": it reads like none.
    `is_unclear`: it is for somebody else, or for another day, and whoever sent it must say what it means.
    """

    number: int
    words: str
    name: str
    mark: Mark = "done"
    is_unclear: bool = False


class Roll(msgspec.Struct, frozen=True):
    """A list of people. `cut`: how many entries it had beyond the most."""

    title: str
    entries: tuple[Entry, ...]
    cut: int = 0

    @property
    def is_of_members(self) -> bool:
        """Whether its title says that it is who belongs to a group, and not who checked in."""
        return _MEMBERS.search(self.title) is not None and _CHECK_INS.search(self.title) is None


def read(text: str) -> Roll | None:
    """The list that a text is; None for a text in which nothing could be a name."""
    everything = [row for row in text.splitlines() if row.strip()]
    rows = everything[:MOST_ROWS]
    roll = _table(rows) or _numbered(rows) or _plain(rows)
    if not any(entry.name for entry in roll.entries):
        return None
    return msgspec.structs.replace(roll, cut=roll.cut + len(everything) - len(rows))


def names_in(words: str) -> list[str]:
    """Every beginning of an entry's words that may be its name, the longest first."""
    ends = [len(words), *(found.start() for found in _BREAKS.finditer(words))]
    found = {words[:end] for end in ends}
    names = {one.strip() for one in found | {_GLUED.sub("", one) for one in found}} - {""}
    return sorted(names, key=lambda one: (-len(one), one))


# The three shapes.


def _numbered(rows: Sequence[str]) -> Roll | None:
    head, entries = numbered("\n".join(rows))
    if not entries or len(entries) < (len(rows) - len(head)) / 2:
        return None
    return _roll(title_of(head), [body for _, body in entries])


def _plain(rows: Sequence[str]) -> Roll:
    """Names line by line, or between commas; what stands above or before them is their title."""
    title, rows = _parted(list(rows))
    if sum(_COUNTED.match(row) is not None for row in rows) > len(rows) / 2:
        rows = [_COUNTED.sub("", row, count=1) for row in rows]
    pieces = [[piece for piece in _BETWEEN.split(row.strip()) if piece] for row in rows]
    if _are_names(pieces):
        return _roll(title, [piece for row in pieces for piece in row])
    return _roll(title, rows)


def _parted(rows: list[str]) -> tuple[str, list[str]]:
    """The title, if there is one, and the rows below it."""
    before = re.match(r"([^:：,，、]{2,40})[:：]\s*(?=\S)", rows[0]) if rows else None
    for says in (_TITLE, _CHECK_INS):
        likely = [says.search(row) is not None for row in rows]
        if len(rows) > 1 and likely[0] and sum(likely) <= max(1, len(rows) // 2):
            return rows[0], rows[1:]
        if before is not None and says.search(before[1]) is not None:
            return before[1], [rows[0][before.end() :], *rows[1:]]
    return "", rows


def _are_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether what stands between commas are names, several in a row."""
    if not any(len(row) > 1 for row in rows):
        return False
    pieces = [piece for row in rows for piece in row]
    return all(len(piece) <= LONGEST_NAME // 2 or len(piece.split()) <= 3 for piece in pieces)


def _roll(title: str, bodies: Sequence[str]) -> Roll:
    entries = [_entry(number, body) for number, body in enumerate(bodies[:MOST_ENTRIES], 1)]
    kept = tuple(entry for entry in entries if entry.words)
    return Roll(" ".join(_clean(title).split())[:LONGEST_TITLE], kept, max(0, len(bodies) - MOST_ENTRIES))


# Tables.

_NAME_HEADS: Final = (
    frozenset({"群昵称", "群暱稱", "在群昵称", "群名片", "display name", "group nickname"}),
    frozenset({"姓名", "名字", "成员", "成員", "学员", "學員", "同学", "同學", "name", "member", "student"}),
    frozenset({"昵称", "暱稱", "微信昵称", "微信名", "nickname", "nick", "username"}),
    frozenset({"备注", "備註", "备注名", "remark"}),
)
"""What columns of names are called, the best first; the last only where there is no other."""

_STATE_HEAD = re.compile(
    r"状态|狀態|是否|打卡|[签簽]到|完成|status|done|check|[时時][间間]|\btime\b", re.IGNORECASE
)
_OTHER_HEAD = re.compile(
    r"次|天[数數]|累[计計]|[连連][续續]|内容|內容|排名|率|count|total|days|streak|rank", re.IGNORECASE
)
_NO_WORDS: Final = frozenset({"", "0", "否", "无", "無", "x", "n", "no", "false", "-", "—", "/"})


def _table(rows: Sequence[str]) -> Roll | None:
    """A table whose head names a column of names; None for anything else."""
    for place, row in enumerate(rows[:3]):
        separator = next((one for one in "\t,;|，" if one in row), "")
        head = (
            [" ".join(cell.split()).casefold() for cell in _cells([row], separator)[0]] if separator else []
        )
        columns = [head.index(name) for names in _NAME_HEADS for name in head if name in names]
        if columns:
            body = _cells(rows[place + 1 :], separator)
            return _of_cells(" ".join(rows[:place]), head, body, columns)
    return None


def _cells(rows: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return [row or [""] for row in csv.reader(rows, delimiter=separator)] or [[""]]
    except csv.Error:
        return [[""]]


def _of_cells(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[int]) -> Roll:
    remarks = [at for at in columns[1:] if head[at] in _NAME_HEADS[-1]]
    names = [at for at in columns if at not in remarks]
    state = next((at for at, cell in enumerate(head) if at not in columns and _is_state(cell)), None)
    named = [(name, row) for row in rows if (name := _first(row, names))]
    entries = [
        _of_row(number, name, _first(row, remarks), None if state is None else _first(row, [state]))
        for number, (name, row) in enumerate(named[:MOST_ENTRIES], 1)
    ]
    return Roll(title[:LONGEST_TITLE], tuple(entries), max(0, len(named) - MOST_ENTRIES))


def _is_state(head: str) -> bool:
    return _STATE_HEAD.search(head) is not None and _OTHER_HEAD.search(head) is None


def _first(row: Sequence[str], columns: Sequence[int]) -> str:
    """The first of these cells that holds anything."""
    return next((cell for at in columns if at < len(row) and (cell := row[at].strip())), "")


def _of_row(number: int, name: str, remark: str, state: str | None) -> Entry:
    entry = _entry(number, name)
    mark = entry.mark if state is None else _state(state)
    if mark == "done" and remark:
        mark = _mark(_clean(remark))
    found = msgspec.structs.replace(entry, name=entry.name and _as_name(entry.words), mark=mark)
    if not is_for_another_day(remark):
        return found
    words = f"{entry.words} {_clean(remark)}"[:LONGEST_BODY]
    return msgspec.structs.replace(found, words=words, is_unclear=True)


def _state(cell: str) -> Mark:
    said = _clean(cell)
    return "not" if said.casefold() in _NO_WORDS else _mark(said)


# One line.


def _entry(number: int, body: str) -> Entry:
    struck = _STRUCK.search(body) is not None or re.match(r"\s*~~.+~~", body) is not None
    said = _STRUCK.sub("", _clean(body))
    words = _FRONT.sub("", said).strip(" ~～*_")[:LONGEST_BODY]
    somebody = _FOR.fullmatch(words)
    if somebody is not None:
        words = somebody["glued"] or somebody["apart"]
    is_for_whom = _FOR_WHOM.match(words) is not None
    is_name = not is_for_whom and _FOR_GLUED.fullmatch(words) is None
    return Entry(
        number,
        words,
        _name(words) if is_name else "",
        "not" if struck else _mark(said),
        is_for_whom or is_for_another_day(said),
    )


def _mark(said: str) -> Mark:
    if _SAYS_LEAVE.search(said):
        return "leave"
    return "not" if _SAYS_NOT.search(said) else "done"


def _clean(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def _name(words: str) -> str:
    """What an entry's words begin with, when that can be a name; of Latin letters up to three words."""
    found = _FIRST.match(words)
    if found is None or _NO_ENTRY.match(words):
        return ""
    first = _GLUED.sub("", found[0]) or found[0]
    parts = words.split(" ")
    if first.isascii() and first == parts[0]:
        first = " ".join([first, *_further(parts[1:3])])
    return _as_name(first)


def _further(parts: Sequence[str]) -> list[str]:
    """The words that go on with a Latin name: those that begin with a capital, up to one that does not."""
    found = []
    for part in parts:
        if not (part.isascii() and part.isalpha() and part[0].isupper()) or _GLUED.fullmatch(part):
            break
        found.append(part)
    return found


def _as_name(text: str) -> str:
    """The text, if it can be a name; else nothing."""
    name = text.strip()
    longest = LONGEST_NAME if name.isascii() else LONGEST_NAME // 2
    fits = 0 < len(name) <= longest and _SEEN.search(name) is not None and not name.isdecimal()
    return name if fits and _NO_NAME.search(name) is None else ""
