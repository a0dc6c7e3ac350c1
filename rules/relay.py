"""接龙: a numbered list that everybody copies, adds one line to, and sends again.

Copies cross: two members may both add number 7 to the same six lines. So lines are compared by what
they say, never by their number, and a message is held against all lines known so far.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

MOST_LINES: Final = 1000
"""A longer list is cut here; a group of the largest platform fits in."""

_MARK = re.compile(r"接\s*[龙龍]|報名|报名|\bsign[- ]?up\b|\brelay\b", re.IGNORECASE)
_ASKS_FOR = re.compile(
    r"报名|報名|[统統][计計]|投票|\b(?:sign[- ]?ups?|rsvp|polls?|surveys?)\b", re.IGNORECASE
)
_OTHER_PURPOSE = re.compile(
    # Meals and meetings
    r"聚餐|聚[会會]|[团團]建|[吃约約][饭飯]|[饭飯]局|火[锅鍋]|[烧燒]烤|奶茶|下午茶|[订訂点點]餐|外[卖賣]|便[当當]"
    r"|(?:[读讀][书書]|[书書]友|茶[话話]|分享|班|家[长長]|[见見]面|交流|研[讨討]|年|晚|例|音[乐樂]|[运運][动動]|生日|同[学學])[会會]"
    r"|[会會][议議]|沙[龙龍]|[讲講]座|派[对對]|[观觀]影"
    # Buying and collecting
    r"|[团團][购購]|拼[单單团團]|代[购購]|[购購][买買]|[订訂][购購]|[预預][订訂定]|下[单單]|[众眾][筹籌]|[买買订訂][书書]"
    r"|登[记記]|收集|[问問]卷|[调調][查研]|[征徵]集|名[单單]|尺[码碼]|地址|快[递遞]|[领領]取"
    r"|押金|收[费費]|[缴繳交][费費]|[费費]用"
    # Going out, helping, playing, greeting
    r"|活[动動]|出[游遊]|[春秋郊旅][游遊]|旅行|爬山|露[营營]|徒步|桌[游遊]|面基|[线線]下|[拼包搭][车車]|[车車]位"
    r"|值[日班]|排班|志[愿願]者|[义義]工|[组組][队隊]|分[组組]|[认認][领領]|比[赛賽]|[参參][赛賽]|抽[奖獎]"
    r"|成[语語]|自我介[绍紹]|祝福|生日|[红紅]包"
    r"|\b(?:part(?:y|ies)|dinners?|lunch(?:es)?|meals?|potluck|trips?|outings?|events?|meet-?ups?|meetings?"
    r"|book clubs?|group buy|orders?|address(?:es)?|sizes?|car ?pools?|volunteers?|birthdays?|raffles?)\b",
    re.IGNORECASE,
)
_BARE_MARK = re.compile(r"^[#＃]?\s*接\s*[龙龍]\W*$")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBERED = re.compile(
    rf"^\s*(?:(?P<number>\d{{1,4}})\s*(?:[.．、:：)）,，]|\ufe0f?\u20e3)\s*|(?P<circled>[{_CIRCLED}])\s*)(?P<body>.*)$"
)
_KEYCAP = re.compile(r"(\d)\ufe0f?\u20e3")
_NAME_END = re.compile(r"[\s:：,，\-—–~～✅☑✔]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")


class Line(msgspec.Struct, frozen=True):
    """One entry: the number its writer gave it, the first word (mostly a name), and the rest."""

    number: int
    name: str
    text: str


class Relay(msgspec.Struct, frozen=True):
    """A list as one message shows it. `title` is the words above the entries, in one line."""

    title: str
    lines: tuple[Line, ...]


def is_relay(text: str) -> bool:
    """Whether a text is such a list: 接龙 or 报名 above at least one numbered entry."""
    return parse(text) is not None


def parse(text: str) -> Relay | None:
    """Reads a list, or None for another text.

    Entries without words are left out; lines without a number continue the entry above them.
    """
    if "\n" not in text or _MARK.search(text) is None:
        return None
    head, entries = numbered(text)
    if not any(map(_MARK.search, head)):
        return None
    lines = tuple(line for line in map(_line, entries) if line.name or line.text)
    return Relay(title_of(head), lines) if lines else None


def numbered(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The rows above a numbered list, and its entries: the number of each, and its words as written."""
    rows = [_KEYCAP.sub(r"\1.", row) if "\u20e3" in row else row for row in text.splitlines()]
    start = _first_entry(rows)
    return [row.strip() for row in rows[:start] if row.strip()], _entries(rows[start:])


def title_of(head: Sequence[str]) -> str:
    """The rows above a list in one line, without one that only says that it is such a list."""
    named = [row for row in head if not _BARE_MARK.match(row)]
    return " ".join(" ".join(named or head).split())


def name_key(text: str) -> str:
    """What makes two names the same: their letters and figures, in one width and case."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return re.sub(r"[\W_]+", "", folded) or "".join(folded.split())


def checks_in(title: str, *, names_check_in: bool) -> bool:
    """Whether the lines under a title are check-ins, and not places at a table or parcels to be ordered.

    `names_check_in`: the title holds a check-in word or the name of a task, which settles it for all
    but a list that asks for names or votes.
    """
    if _ASKS_FOR.search(title):
        return False
    return names_check_in or _OTHER_PURPOSE.search(title) is None


def added_lines(known: Relay | None, new: Relay) -> tuple[Line, ...]:
    """The entries of `new` that `known` lacks, in their order.

    An entry moved, renumbered or spaced otherwise is not new, and neither is one that was only reworded
    under the same name. Without a known list every entry is new.
    """
    if known is None:
        return new.lines
    left = Counter(map(_key, known.lines))
    fresh = [line for line in new.lines if not _taken(left, _key(line))]
    reworded = Counter(name_key(line.name) for line in known.lines if _taken(left, _key(line)))
    return tuple(line for line in fresh if not _taken(reworded, name_key(line.name)))


def own_line(known: Relay | None, new: Relay, names: Collection[str] = ()) -> Line | None:
    """The one entry that the sender of `new` added for himself, or None.

    `names` are what the sender is called. Among several new entries (a copy of a list never seen, a
    friend added too) the one with the sender's name counts, else the last.
    """
    added = added_lines(known, new)
    mine = [line for line in added if is_by(line, names)]
    return next(iter([*mine, *added[-1:]]), None)


def is_by(line: Line, names: Collection[str]) -> bool:
    """Whether an entry bears one of these names."""
    return name_key(line.name) in {plain for name in names if (plain := name_key(name))}


def merge(known: Relay | None, new: Relay) -> Relay:
    """All entries seen so far. The next copy is held against them, so that each entry counts once."""
    if known is None:
        return new
    return Relay(known.title, (known.lines + added_lines(known, new))[:MOST_LINES])


def _first_entry(rows: Sequence[str]) -> int:
    """The row where the entries begin: rules above the list may be numbered too, so the last number 1."""
    numbered = [row for row, words in enumerate(rows) if _NUMBERED.match(words)]
    after_an_entry = {row + 1 for row in numbered}
    ones = [row for row in numbered if row not in after_an_entry and _number(rows[row]) == 1]
    return next(iter([*ones[-1:], *numbered]), len(rows))


def _entries(rows: Iterable[str]) -> list[tuple[int, str]]:
    entries: list[tuple[int, str]] = []
    for row in rows:
        found = _NUMBERED.match(row)
        if found is not None:
            entries.append((_number(row), found["body"]))
        elif row.strip():
            number, body = entries[-1]
            entries[-1] = (number, f"{body} {row}")
    return entries[:MOST_LINES]


def _line(entry: tuple[int, str]) -> Line:
    number, body = entry
    words = " ".join(_INVISIBLE.sub("", body).split())
    end = _NAME_END.search(words)
    if end is None:
        return Line(number, words, "")
    return Line(number, words[: end.start()], words[end.start() :].strip(" :：,，-—–~～"))


def _number(row: str) -> int:
    found = _NUMBERED.match(row)
    if found is None:
        return 0
    return int(found["number"]) if found["number"] else _CIRCLED.index(found["circled"]) + 1


def _taken(left: Counter[str], key: str) -> bool:
    """Takes one of `key` from what is left, if there is one."""
    if left[key] <= 0:
        return False
    left[key] -= 1
    return True


def _key(line: Line) -> str:
    return name_key(f"{line.name}{line.text}")
