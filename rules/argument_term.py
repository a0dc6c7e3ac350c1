"""Reads the announcement of a term: 学期 21天 通过18 从 5-1 名称 晨读营, and its line of stages."""

import re
from typing import Final

from rules.argument_days import read_day
from rules.arguments import COUNT, ArgumentError, MissingArgument, OutOfBounds, count_of, plain
from rules.days import Day, gap, shift
from rules.terms import Stage, Term

LONGEST_TERM: Final = 366
LONGEST_TITLE: Final = 40
LONGEST_TEXT: Final = 1000
MOST_STAGES: Final = 12
FARTHEST_AHEAD: Final = 180
FARTHEST_BACK: Final = 60
"""Days: a date without a year that lies further ahead is meant as a past one."""

_TITLE = re.compile(r"(?:名称|名稱|名字|叫做|叫|\bnamed?\b|\bcalled\b)[\s:：]*(\S.*)$", re.IGNORECASE)
_NEEDED = re.compile(
    rf"(?:通过|通過|过关|過關|及格|至少|\bpass(?:es)?\b|\bneeds?\b)[\s:：]*{COUNT}\s*(?:天|日|days?\b)?"
)
_FIRST = re.compile(
    r"(?:从|從|自|\bfrom\b|\bstarts?\b)[\s:：]*((?:(?:next|this) )?\S+?)(?:开始|開始|起)?(?=\s|$)"
)
_DAYS = re.compile(rf"{COUNT}\s*(?:天|日|days?\b)")
_STAGES = re.compile(r"^\s*(?:阶段|階段|stages?)[\s:：]*(.*)$", re.IGNORECASE)
_STAGE = re.compile(r"\D{0,2}(\d{1,3})\s*[天日]?[\s:：]*(\S.*?)\s*")


class NotATerm(ArgumentError):
    """No term can be read from it."""


class NotStages(ArgumentError):
    """The stages do not follow each other, or reach beyond the term."""


def read_term(text: str, today: Day) -> Term:
    """The term that an admin announces. Unless said, six days of seven pass it, and it begins tomorrow.

    Raises MissingArgument, NotATerm, NotADay, OutOfBounds (its days, or the days needed) or NotStages.
    """
    if not text.strip():
        raise MissingArgument(text)
    if len(text) > LONGEST_TEXT:
        raise NotATerm(text)
    head, *more = text.strip().splitlines()
    title, head = _taken(_TITLE, head, casefold=False)
    first, head = _taken(_FIRST, head)
    needed, head = _taken(_NEEDED, head)
    length, _ = _taken(_DAYS, head)
    if length is None:
        raise NotATerm(text)
    days = _bounded(length, 2, LONGEST_TERM)
    return Term(
        title=" ".join((title or "").split())[:LONGEST_TITLE],
        first=shift(today, 1) if first is None else _first(first, today),
        days=days,
        needed=-(-days * 6 // 7) if needed is None else _bounded(needed, 1, days),
        stages=_stages(more, days),
    )


def _taken(pattern: re.Pattern[str], text: str, *, casefold: bool = True) -> tuple[str | None, str]:
    """What a pattern finds, and the text without it."""
    words = plain(text) if casefold else text
    found = pattern.search(words)
    if found is None:
        return None, words
    return found[1], f"{words[: found.start()]} {words[found.end() :]}"


def _bounded(words: str, lowest: int, highest: int) -> int:
    number = count_of(words)
    if number is None or not lowest <= number <= highest:
        raise OutOfBounds(words, lowest, highest)
    return number


def _first(words: str, today: Day) -> Day:
    day = read_day(words, today)
    if gap(today, day) > FARTHEST_AHEAD:
        day = read_day(words, today, past=True)
    if not -FARTHEST_BACK <= gap(today, day) <= FARTHEST_AHEAD:
        raise NotATerm(words)
    return day


def _stages(lines: list[str], days: int) -> tuple[Stage, ...]:
    found = next((match[1] for line in lines if (match := _STAGES.match(line))), "")
    stages = tuple(_stage(part) for part in re.split(r"[,，、;；]", found) if part.strip())
    ends = [0, *(stage.last for stage in stages)]
    if len(stages) > MOST_STAGES or ends != sorted(set(ends)) or ends[-1] > days:
        raise NotStages(found)
    return stages


def _stage(part: str) -> Stage:
    found = _STAGE.fullmatch(part.strip())
    if found is None:
        raise NotStages(part)
    return Stage(found[2][:LONGEST_TITLE], int(found[1]))
