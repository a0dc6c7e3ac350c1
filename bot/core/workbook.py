"""A table as a workbook (XLSX): good to look at on a phone, and plain text wherever people named things."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from bot.core.platforms import File
from rules.days import from_ordinal, ordinal, weekday
from rules.names import shown
from rules.table import Mark, columns, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from rules.cards import Text
    from rules.table import Member, Sheet, Table

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TITLE, ABOUT, LEGEND, HEADER, FIRST = range(5)
"""Rows: the first three run over the columns beside them, members begin at the last."""

KINDS: Final = ("counted", "made_up", "late", "leave", "missed")
DAY_WIDTH, SUM_WIDTH, ROW_HEIGHT = 4.7, 6.5, 19
NARROWEST, WIDEST = 8, 22
"""Widths of columns in letters; a Chinese sign is as wide as two."""

INK, SOFT, LINE = "#23272A", "#8A8F94", "#DDD8CC"
HEADER_FILL, WEEKEND_FILL = "#E0F0E8", "#F4F1EA"
INKS: Final = {
    Mark.DONE: "#14785C",
    Mark.MADE_UP: "#2F6FB2",
    Mark.LATE: "#A86400",
    Mark.LEAVE: "#7A5BA6",
    Mark.REST: SOFT,
    Mark.MISSED: "#B4532A",
}
HIDE_ZERO: Final = "0;-0;;@"

LONGEST_SHEET_NAME: Final = 31
LONGEST_FILE_NAME: Final = 80
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\s]+')


def workbook(table: Table) -> File:
    """The file of a table whose labels are in words; the same table always gives the same bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - seldom needed, and long to import

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        created = datetime.fromtimestamp(table.made_at // 1000, UTC).replace(tzinfo=None)
        book.set_properties(
            {"title": _one_line(table.title), "author": _one_line(table.author), "created": created}
        )
        styles = Styles(book)
        names: list[str] = []
        for sheet in table.sheets:
            names.append(sheet_name(str(sheet.title), names))
            _Page(book.add_worksheet(names[-1]), styles, table).draw(sheet)
    return File(f"{file_name(str(table.file))}.xlsx", MEDIA_TYPE, content.getvalue())


def width(text: str) -> int:
    """How wide a text is, in letters: Chinese signs and emoji count double, accents nothing."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that every program takes for a sheet, and that no other one has."""
    plain = _NOT_IN_SHEET_NAMES.sub(" ", _one_line(wanted)).strip(" '")[:LONGEST_SHEET_NAME].strip(" '")
    name = plain = plain if plain and plain.casefold() != "history" else "•"
    known = {one.casefold() for one in taken}
    number = 1
    while name.casefold() in known:
        number += 1
        name = f"{plain[: LONGEST_SHEET_NAME - 5]} ({number})"
    return name


def file_name(wanted: str) -> str:
    """A name that every system takes for a file, without its ending."""
    return _NOT_IN_FILE_NAMES.sub(" ", _one_line(wanted)).strip(" .")[:LONGEST_FILE_NAME].strip(" .") or "•"


def _one_line(text: Text) -> str:
    return shown(str(text))


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:  # noqa: ANN401 - as the library names them
        """A format; what is not said is as in an ordinary cell."""
        usual = {"font_color": INK, "valign": "vcenter"}
        key = tuple(sorted((usual | properties).items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

    def cell(self, **properties: Any) -> Format:  # noqa: ANN401 - as the library names them
        """The format of a cell of the table itself."""
        return self(bottom=1, bottom_color=LINE, **properties)

    def day(self, number: int, **properties: Any) -> Format:  # noqa: ANN401 - as the library names them
        """The format of a cell in a day's column; weekends are shaded."""
        fill = {"bg_color": WEEKEND_FILL} if weekday(from_ordinal(number)) >= 5 else {}
        return self.cell(**{"align": "center"} | fill | properties)


class _Page:
    """One sheet being drawn: the name, perhaps the room, how many, the days, and the other sums."""

    def __init__(self, page: Worksheet, styles: Styles, table: Table) -> None:
        self._page = page
        self._styles = styles
        self._table = table
        first = ordinal(table.first)
        self._days = range(first, first + table.days)
        self._counted = 2 if table.rooms else 1
        self._first_day = self._counted + 1
        self._sums = self._first_day + table.days

    def draw(self, sheet: Sheet) -> None:
        """Draw all of it."""
        self._set_up()
        self._head(sheet)
        for index, (member, row) in enumerate(zip(self._table.members, sheet.marks, strict=True)):
            self._member(FIRST + index, member, row)
        self._foot(FIRST + len(sheet.marks), sheet)

    def _set_up(self) -> None:
        page, words = self._page, self._table.words
        page.hide_gridlines(2)
        page.set_default_row(ROW_HEIGHT)
        page.freeze_panes(FIRST, 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER)
        for row, height in ((TITLE, 26), (ABOUT, 17), (LEGEND, 17), (HEADER, 34)):
            page.set_row(row, height)
        names = [str(words.name), *(str(getattr(words, kind)) for kind in KINDS), str(words.each_day)]
        page.set_column(0, 0, _fitting([*names, *(one.name for one in self._table.members)]))
        if self._table.rooms:
            page.set_column(1, 1, _fitting([str(words.room), *(one.room for one in self._table.members)]))
        page.set_column(self._counted, self._counted, SUM_WIDTH)
        page.set_column(self._first_day, self._sums - 1, DAY_WIDTH)
        page.set_column(self._sums, self._sums + 7, SUM_WIDTH)
        standings = [str(one.term.standing) for one in self._table.members if one.term is not None]
        if standings:
            page.set_column(self._sums + 8, self._sums + 8, _fitting([str(words.standing), *standings]))

    def _head(self, sheet: Sheet) -> None:
        page, table, words, styles = self._page, self._table, self._table.words, self._styles
        title = _one_line(table.title)
        if len(table.sheets) > 1:
            title = f"{title} · {_one_line(sheet.title)}"
        page.write_string(TITLE, 0, title, styles(bold=True, font_size=16))
        page.write_string(ABOUT, 0, str(table.about), styles(font_color=SOFT))
        page.write_string(LEGEND, 0, str(words.legend), styles(font_color=SOFT))
        head: dict[str, Any] = {"bold": True, "text_wrap": True, "bg_color": HEADER_FILL}
        page.write_string(HEADER, 0, str(words.name), styles.cell(**head))
        if table.rooms:
            page.write_string(HEADER, 1, str(words.room), styles.cell(**head))
        page.write_string(HEADER, self._counted, str(words.counted), styles.cell(align="center", **head))
        for column, number in enumerate(self._days, self._first_day):
            day = from_ordinal(number)
            text = f"{int(day[5:7])}/{int(day[8:])}\n{words.weekdays[weekday(day)]}"
            page.write_string(HEADER, column, text, styles.cell(align="center", **head))
        for column, heading in enumerate(self._headings(), self._sums):
            page.write_string(HEADER, column, str(heading), styles.cell(align="center", **head))

    def _headings(self) -> list[Text]:
        words = self._table.words
        headings = [words.made_up, words.late, words.leave, words.missed, words.streak, words.total]
        has_term = any(one.term is not None for one in self._table.members)
        return [*headings, words.done, words.needed, words.standing] if has_term else headings

    def _member(self, row: int, member: Member, marks: str) -> None:
        page, styles, ink = self._page, self._styles, INK if member.here else SOFT
        name: dict[str, Any] = {"align": "left", "quote_prefix": True}
        page.write_string(row, 0, _one_line(member.name), styles.cell(**name, font_color=ink))
        if self._table.rooms:
            page.write_string(row, 1, _one_line(member.room), styles.cell(**name, font_color=SOFT))
        found = totals(marks)
        page.write_number(row, self._counted, found.counted, styles.cell(bold=True, align="center"))
        for column, (number, letter) in enumerate(zip(self._days, marks, strict=True), self._first_day):
            self._mark(row, column, number, Mark(letter))
        sums = [found.made_up, found.late, found.leave, found.missed, member.streak, member.total]
        if member.term is not None:
            sums += [member.term.done, member.term.needed]
        plain = styles.cell(align="center", num_format=HIDE_ZERO)
        for column, value in enumerate(sums, self._sums):
            page.write_number(row, column, value, plain)
        if member.term is not None:
            page.write_string(row, self._sums + len(sums), str(member.term.standing), styles.cell())

    def _mark(self, row: int, column: int, number: int, mark: Mark) -> None:
        if mark is Mark.BLANK:
            self._page.write_blank(row, column, None, self._styles.day(number))
            return
        sign = str(self._table.words.signs[mark.value])
        self._page.write_string(row, column, sign, self._styles.day(number, font_color=INKS[mark]))

    def _foot(self, row: int, sheet: Sheet) -> None:
        """What each day came to, one row for each kind, and what is to be said of it all."""
        words = self._table.words
        of_days = [totals(column) for column in columns(sheet.marks, self._table.days)]
        of_all = totals("".join(sheet.marks))
        for index, kind in enumerate(KINDS):
            label = words.each_day if index == 0 else getattr(words, kind)
            self._of_days(row + index, index, str(label), [getattr(one, kind) for one in (*of_days, of_all)])
        notes = self._styles(font_color=SOFT)
        for index, note in enumerate(words.notes, row + len(KINDS) + 1):
            self._page.write_string(index, 0, str(note), notes)

    def _of_days(self, row: int, index: int, label: str, sums: Sequence[int]) -> None:
        """One kind's sum of each day and, where the row meets the kind's column, that of all days."""
        page, styles = self._page, self._styles
        style: dict[str, Any] = {
            "bold": index == 0,
            "num_format": HIDE_ZERO,
            "font_color": SOFT if index else INK,
        }
        for column in range(1, self._sums + len(self._headings())):
            page.write_blank(row, column, None, styles.cell())
        page.write_string(row, 0, label, styles.cell(**style))
        for column, (number, value) in enumerate(zip(self._days, sums, strict=False), self._first_day):
            page.write_number(row, column, value, styles.day(number, **style))
        meets = self._sums + index - 1 if index else self._counted
        page.write_number(row, meets, sums[-1], styles.cell(align="center", **style))


def _fitting(texts: Sequence[str]) -> int:
    return min(max(NARROWEST, *(width(shown(text)) + 2 for text in texts)), WIDEST)
