"""Lists of people as leaders pass them on: what each line says, in three languages and many shapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.roll import LONGEST_NAME, MOST_ENTRIES, MOST_ROWS, Roll, names_in, read


def found(text: str) -> list[tuple[str, str]]:
    """What a list says: each name and its mark; lines without a name as they are."""
    roll = read(text)
    assert roll is not None
    return [
        (f"? {entry.words}" if entry.is_unclear or not entry.name else entry.name, entry.mark)
        for entry in roll.entries
    ]


def done(*names: str) -> list[tuple[str, str]]:
    return [(name, "done") for name in names]


MORNING = """#接龙
11月20日 晨读打卡
例 姓名 内容

1. 小林 读完第三章
2. 阿哲：已打卡 ✅
3. 米粒（请假）
4. ~~周周~~
5. Ravi 30min
6. Mary Ann done
7.
8. 小雨-背单词50个
9.大力未打卡
10. 阿美  家里有事请假
11、❌老王
12. 我今天没有时间，明天补上可以吗？
13. 小林"""


def test_a_relay_as_people_copy_it() -> None:
    assert found(MORNING) == [
        ("小林", "done"),
        ("阿哲", "done"),
        ("米粒", "leave"),
        ("周周", "not"),
        ("Ravi", "done"),
        ("Mary Ann", "done"),
        ("小雨", "done"),
        ("大力", "not"),
        ("阿美", "leave"),
        ("老王", "not"),
        ("? 我今天没有时间，明天补上可以吗？", "done"),
        ("小林", "done"),
    ]
    roll = read(MORNING)
    assert roll is not None
    assert roll.title == "11月20日 晨读打卡 例 姓名 内容"
    assert [entry.number for entry in roll.entries] == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("小林\n阿哲\n米粒 ✅", ["小林", "阿哲", "米粒"]),
        ("今日打卡：小林、阿哲、米粒，周周", ["小林", "阿哲", "米粒", "周周"]),
        ("签到表 11/20\n小林 打卡\n阿哲 打卡\n", ["小林", "阿哲"]),
        ("03小林 / 04阿哲 / 05米粒", ["03小林", "04阿哲", "05米粒"]),
        ("1 小林\n2 阿哲\n3 米粒", ["小林", "阿哲", "米粒"]),
        ("① 小林\n② 阿哲", ["小林", "阿哲"]),
        ("1️⃣ 小林\n2️⃣ 阿哲", ["小林", "阿哲"]),
        ("Morning list\n1) Lin\n2) Ravi – chapter 3\n3) Mary Ann Smith", ["Lin", "Ravi", "Mary Ann Smith"]),
        ("Lin, Ravi, Mary Ann", ["Lin", "Ravi", "Mary Ann"]),
        ("晨讀接龍\n1. 曉明 讀完\n2. 阿哲 💪", ["曉明", "阿哲"]),
        ("打卡：\n小林📖P30-45\n阿哲💪💪\n@米粒", ["小林", "阿哲", "米粒"]),
        ("🐰\n小🐰\n", ["🐰", "小🐰"]),
        ("\u202e小林\u202c\n\u200b阿哲", ["小林", "阿哲"]),
    ],
)
def test_shapes_of_lists(text: str, names: list[str]) -> None:
    assert found(text) == done(*names)


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("小林", "done"),
        ("小林 ✅", "done"),
        ("小林打卡", "done"),
        ("小林 今天读了《请假条》", "done"),
        ("小林 不请假", "done"),
        ("小林 请假", "leave"),
        ("小林请假", "leave"),
        ("小林（病假）", "leave"),
        ("小林 请假一天", "leave"),
        ("小林 請假", "leave"),
        ("Lin on leave", "leave"),
        ("小林 未打卡", "not"),
        ("小林未完成", "not"),
        ("小林 ❌", "not"),
        ("❌小林", "not"),
        ("~~小林~~", "not"),
        ("小\u0336林\u0336", "not"),
        ("Lin not yet", "not"),
    ],
)
def test_what_stands_beside_a_name(line: str, mark: str) -> None:
    [(name, said)] = found(f"打卡接龙\n1. {line}")
    assert (name, said) == ("Lin" if line.isascii() else "小林", mark)


@pytest.mark.parametrize(
    "line", ["阿哲 代 周周 打卡", "阿哲代周周打卡", "阿哲 帮 周周", "周周（阿哲代打卡）", "周周 代打卡"]
)
def test_who_was_written_down_by_somebody_else(line: str) -> None:
    assert found(f"打卡接龙\n1. {line}") == done("周周")


@pytest.mark.parametrize(
    "line",
    [
        "代 大头 打卡",
        "代 大头",
        "代：大头",
        "代@大头 打卡",
        "代打卡 大头",
        "代签 大头",
        "代大头打卡",
        "大头代打卡",
        "帮 大头 打卡",
        "帮忙打卡 大头",
        "帮大头签到",
        "替 大头 打卡",
        "幫 大頭 簽到",
        "for Lin",
        "On behalf of Lin",
    ],
)
def test_for_whom_somebody_wrote_it_down_is_not_guessed(line: str) -> None:
    assert found(f"打卡接龙\n1. 小林\n5. {line}") == [*done("小林"), (f"? {line}", "done")]


@pytest.mark.parametrize("line", ["代小明", "代小明 打卡", "帮主打卡", "代代", "替补队员", "Ford"])
def test_names_that_begin_like_it_are_names(line: str) -> None:
    [_, (name, _)] = found(f"打卡接龙\n1. 小林\n5. {line}")
    assert name == line.removesuffix("打卡").strip()


def test_a_line_for_another_day_is_left_to_the_sender() -> None:
    assert found("打卡接龙\n1. 小林\n2. 阿哲（补）\n3. 老王（补昨天）") == [
        *done("小林", "阿哲"),
        ("? 老王（补昨天）", "done"),
    ]
    assert found("姓名,备注\n小林,\n老王,补昨天") == [*done("小林"), ("? 老王 补昨天", "done")]


def test_a_table_of_a_group_tool() -> None:
    table = "昵称,群昵称,打卡状态,打卡时间\n林林,小林,已打卡,06:30\n阿哲,,未打卡,\nRavi,Ravi K,请假,\n"
    assert found(table) == [("小林", "done"), ("阿哲", "not"), ("Ravi K", "leave")]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_tables_of_every_separator(separator: str) -> None:
    rows = [["序号", "姓名", "是否打卡", "累计打卡"], ["1", "小林", "是", "12"], ["2", "阿哲", "否", "3"]]
    assert found("\n".join(separator.join(row) for row in rows)) == [("小林", "done"), ("阿哲", "not")]


def test_a_remark_is_a_name_only_where_there_is_no_other() -> None:
    assert found("序号,姓名,备注\n1,小林,\n2,阿哲,病假") == [("小林", "done"), ("阿哲", "leave")]
    assert found("序号,备注\n1,小林\n2,阿哲") == done("小林", "阿哲")


def test_quoted_cells_and_short_rows() -> None:
    assert found('name,status\n"Lin, the first",done\nRavi\n,done') == [
        ("Lin, the first", "done"),
        ("Ravi", "not"),
    ]


@pytest.mark.parametrize(
    "line", ["=SUM(A1)", "+1+1", "https://a.example/x", "<b>x</b>", "有人吗？", "12345", "。。。"]
)
def test_what_is_no_name_is_left_to_the_sender(line: str) -> None:
    [(name, _), _] = found(f"打卡接龙\n1. {line}\n2. 小林")
    assert name.startswith("? ")


@pytest.mark.parametrize("text", ["", "\n\n", "1.\n2.\n", "？？？", "=1\n=2"])
def test_what_is_no_list_at_all(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("title", "members"),
    [
        ("晨读二班成员名单", True),
        ("學員名單", True),
        ("Members", True),
        ("打卡名单", False),
        ("今日晨读接龙", False),
        ("11月20日", False),
    ],
)
def test_a_list_of_members_says_so(title: str, members: bool) -> None:
    roll = read(f"{title}：\n小林\n阿哲")
    assert roll is not None
    assert roll.title == f"{title}："
    assert roll.is_of_members is members


def test_a_long_list_is_cut() -> None:
    roll = read("\n".join(f"{number}. 同学{number}号" for number in range(1, MOST_ENTRIES + 301)))
    assert roll is not None
    assert (len(roll.entries), roll.cut) == (MOST_ENTRIES, 300)


@pytest.mark.parametrize("line", ["1. 小林", "a", "小林,阿哲", "x" * 80, "1,", "\u202e", "1.1.1.1."])
def test_a_hundred_thousand_lines_are_looked_at_in_part(line: str) -> None:
    roll = read("\n".join([line] * 100_000))
    if roll is not None:
        assert len(roll.entries) <= MOST_ENTRIES
        assert roll.cut >= 100_000 - MOST_ROWS


def test_every_beginning_may_be_the_name() -> None:
    assert names_in("Mary Ann done") == ["Mary Ann done", "Mary Ann", "Mary"]
    assert names_in("小林-英语 打卡") == ["小林-英语 打卡", "小林-英语", "小林"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    roll = read(text)
    assert roll is None or isinstance(roll, Roll)
    for entry in roll.entries if roll is not None else ():
        assert len(entry.name) <= LONGEST_NAME
        assert "\n" not in entry.words
        assert all(one == one.strip() and one for one in names_in(entry.words))


NAMES = st.lists(
    st.text("林阿哲周米粒小雨大力王李芳abcdeRXYZ", min_size=2, max_size=6).filter(
        lambda name: "ok" not in name.lower()
    ),
    min_size=2,
    max_size=30,
    unique=True,
)


@given(NAMES, st.sampled_from(["{}", "{} ✅", "{}：第三章", "{}（补）", "  {}  ", "{} 💪"]))
def test_a_numbered_list_gives_its_names_back(names: list[str], way: str) -> None:
    lines = [f"{number}. {way.format(name)}" for number, name in enumerate(names, 1)]
    assert found("\n".join(["晨读接龙", *lines])) == done(*names)
