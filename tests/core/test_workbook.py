"""Workbooks: every cell, width and format of a table, read back by another library."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import msgspec
import openpyxl
import pytest

from bot.core.workbook import MEDIA_TYPE, file_name, sheet_name, width, workbook
from rules.days import Day
from rules.table import Member, Sheet, Table, Term, Words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WORDS = Words(
    name="名字",
    room="群",
    counted="打卡",
    made_up="补卡",
    late="迟到",
    leave="请假",
    missed="没来",
    streak="连续",
    total="累计",
    done="本期",
    needed="要",
    standing="达标",
    each_day="每天打卡",
    legend="✓ 打卡",
    notes=("空白不计", "含补卡"),
    signs={"d": "✓", "m": "补", "t": "迟", "v": "假", "r": "休", "x": "✗"},
    weekdays=tuple("一二三四五六日"),
)
DAYS = ("5/7\n四", "5/8\n五", "5/9\n六", "5/10\n日", "5/11\n一", "5/12\n二", "5/13\n三")
SUMS = ("补卡", "迟到", "请假", "没来", "连续", "累计", "本期", "要", "达标")
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\tTab", "http://a.example", "12", "_x0041_", "")


def a_table(*marks: str, names: tuple[str, ...] = (), **more: object) -> Table:
    """A week from Thursday on; a row of marks for each member."""
    known = names or tuple(f"同学{number}" for number in range(len(marks)))
    fields: dict[str, object] = {
        "file": "打卡表 a/b",
        "title": "晨读班 打卡表",
        "about": "2026-05-07 至 2026-05-13",
        "author": "班长",
        "made_at": 1_778_731_200_000,
        "words": WORDS,
        "first": Day("2026-05-07"),
        "days": len(marks[0]),
        "rooms": False,
        "members": tuple(Member(name=name, streak=3, total=40) for name in known),
        "sheets": (Sheet("晨读", marks),),
    }
    return Table(**(fields | more))  # type: ignore[arg-type] # what a test says of it


def opened(table: Table) -> list[Worksheet]:
    book = openpyxl.load_workbook(BytesIO(workbook(table).content))
    return [book[name] for name in book.sheetnames]


def shown(sheet: Worksheet) -> list[list[object]]:
    return [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_cell_of_a_table() -> None:
    (sheet,) = opened(a_table("dmtvrx.", "......."))
    assert shown(sheet) == [
        ["晨读班 打卡表", *[""] * 14],
        ["2026-05-07 至 2026-05-13", *[""] * 14],
        ["✓ 打卡", *[""] * 14],
        ["名字", "打卡", *DAYS, "补卡", "迟到", "请假", "没来", "连续", "累计"],
        ["同学0", 3, "✓", "补", "迟", "假", "休", "✗", "", 1, 1, 1, 1, 3, 40],
        ["同学1", 0, *[""] * 7, 0, 0, 0, 0, 3, 40],
        ["每天打卡", 3, 1, 1, 1, 0, 0, 0, 0, *[""] * 6],
        ["补卡", "", 0, 1, 0, 0, 0, 0, 0, 1, *[""] * 5],
        ["迟到", "", 0, 0, 1, 0, 0, 0, 0, "", 1, *[""] * 4],
        ["请假", "", 0, 0, 0, 1, 0, 0, 0, "", "", 1, *[""] * 3],
        ["没来", "", 0, 0, 0, 0, 0, 1, 0, "", "", "", 1, "", ""],
        [""] * 15,
        ["空白不计", *[""] * 14],
        ["含补卡", *[""] * 14],
    ]


def test_it_is_good_to_look_at_on_a_phone() -> None:
    (sheet,) = opened(a_table("dmtvrx.", names=("一二三四五六",)))
    assert sheet.freeze_panes == "B5"
    widths = {letter: round(column.width) for letter, column in sheet.column_dimensions.items()}
    assert 14 <= widths["A"] <= 16  # six signs are as wide as twelve letters
    assert widths["C"] == 5
    fills = [sheet.cell(5, column).fill.fgColor.rgb for column in range(3, 10)]
    assert [fill == "FFF4F1EA" for fill in fills] == [False, False, True, True, False, False, False]
    assert sheet["A1"].font.b
    assert sheet["C4"].alignment.wrap_text
    assert sheet["C5"].font.color.rgb != sheet["H5"].font.color.rgb
    assert sheet["J7"].number_format == "0;-0;;@"  # no zeros where nothing is worth a word
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_never_a_formula(name: str) -> None:
    table = a_table("d", names=(name,), rooms=True)
    (sheet,) = opened(msgspec.structs.replace(table, sheets=(Sheet(name, ("d",)),), title=name))
    cell = sheet["A5"]
    assert cell.value == (" ".join(name.split()) or "•")
    assert (cell.data_type, cell.quotePrefix, cell.hyperlink) == ("s", True, None)
    with ZipFile(BytesIO(workbook(table).content)) as parts:
        sheets = b"".join(parts.read(part) for part in parts.namelist() if "sheet" in part)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets


def test_what_cannot_be_seen_in_a_name_breaks_nothing() -> None:
    (sheet,) = opened(a_table("d", names=("小\x00林\ud800\u202e\nA",)))
    assert sheet["A5"].value == "小林 A"


def test_the_room_and_the_term_have_columns() -> None:
    members = (
        Member(name="小林", room="晨读班", streak=0, total=2, term=Term(2, 18, "还差 16 天")),
        Member(name="阿哲", room="精英班", here=False, streak=0, total=1, term=Term(1, 9, "")),
    )
    (sheet,) = opened(a_table("dd", "d.", members=members, rooms=True))
    assert shown(sheet)[3] == ["名字", "群", "打卡", *DAYS[:2], *SUMS]
    assert shown(sheet)[4] == ["小林", "晨读班", 2, "✓", "✓", 0, 0, 0, 0, 0, 2, 2, 18, "还差 16 天"]
    assert sheet["A6"].font.color.rgb != sheet["A5"].font.color.rgb  # who has left is grey


def test_each_task_has_its_sheet_with_a_name_of_its_own() -> None:
    sheets = tuple(Sheet(title, ("d",)) for title in ("全部", "读/写", "读:写", "a" * 40, "A" * 40))
    found = opened(a_table("d", sheets=sheets))
    assert [sheet.title for sheet in found] == ["全部", "读 写", "读 写 (2)", "a" * 31, "A" * 26 + " (2)"]
    assert [sheet["A1"].value for sheet in found][:2] == ["晨读班 打卡表 · 全部", "晨读班 打卡表 · 读/写"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("晨读", "晨读"), ("'a'", "a"), ("History", "•"), ("", "•"), ("[]:*?/\\", "•"), ("字" * 40, "字" * 31)],
)
def test_names_that_every_program_takes_for_a_sheet(wanted: str, name: str) -> None:
    assert sheet_name(wanted, []) == name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("打卡表 晨读班 2026-05-04至2026-05-10", "打卡表 晨读班 2026-05-04至2026-05-10"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("a\r\nb", "a b"),
        ("...", "•"),
    ],
)
def test_names_that_every_system_takes_for_a_file(wanted: str, name: str) -> None:
    assert file_name(wanted) == name


def test_the_file_has_its_name_and_type_and_no_clock_in_it() -> None:
    file = workbook(a_table("d"))
    assert (file.name, file.media_type) == ("打卡表 a b.xlsx", MEDIA_TYPE)
    assert file == workbook(a_table("d"))
    created = openpyxl.load_workbook(BytesIO(file.content)).properties.created
    assert re.match("2026-05-14", str(created))


def test_widths() -> None:
    assert [width(text) for text in ("", "ab", "小林", "a小", "é", "🌸")] == [0, 2, 4, 3, 1, 2]


def test_a_large_table_is_drawn_whole() -> None:
    (sheet,) = opened(a_table(*["dxmtvr." * 4] * 500))
    assert (sheet.max_row, sheet.max_column) == (4 + 500 + 5 + 3, 2 + 28 + 6)
    assert sheet.cell(505, 2).value == 500 * 12
