"""接龙 as groups write it: crossing copies, reorderings, deletions, sign-up lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.relay import Line, Relay, added_lines, checks_in, is_relay, merge, own_line, parse

MORNING = "#接龙\n今日晨读\n\n1. 小林 已读\n2. 阿哲 ✅"


def _list(*entries: str, title: str = "晨读接龙") -> Relay:
    rows = [f"{number}. {entry}" for number, entry in enumerate(entries, start=1)]
    relay = parse("\n".join([title, *rows]))
    assert relay is not None
    return relay


def test_the_format_of_wechat() -> None:
    assert parse(MORNING) == Relay("今日晨读", (Line(1, "小林", "已读"), Line(2, "阿哲", "✅")))


def test_a_title_line_alone() -> None:
    assert parse("今日晨读接龙\n1. 小林\n2、阿哲") == Relay(
        "今日晨读接龙", (Line(1, "小林", ""), Line(2, "阿哲", ""))
    )


def test_a_list_with_no_title_but_its_mark() -> None:
    assert parse("#接龙\n1. 小林") == Relay("#接龙", (Line(1, "小林", ""),))


@pytest.mark.parametrize(
    "entry",
    [
        "1. 小林",
        "1、小林",
        "1.小林",
        "１．小林",
        "1) 小林",
        "1）小林",
        "1: 小林",
        " 1 . 小林",
        "1️⃣ 小林",
        "①小林",
        "1，小林",
    ],
)
def test_numbers_are_written_in_many_ways(entry: str) -> None:
    assert parse(f"周六爬山報名\n{entry}") == Relay("周六爬山報名", (Line(1, "小林", ""),))


def test_numbered_rules_above_the_list_are_part_of_the_title() -> None:
    relay = parse("#接龙\n周六读书会\n1. 三点开始\n2. 在图书馆\n\n1. 小林\n2. 阿哲")

    assert relay == Relay("周六读书会 1. 三点开始 2. 在图书馆", (Line(1, "小林", ""), Line(2, "阿哲", "")))


def test_an_entry_may_have_several_rows_and_empty_ones_are_left_out() -> None:
    relay = parse("#接龙\n晨读\n1. 小林：第三章\n收获很大\n2. \n3. 阿哲")

    assert relay == Relay("晨读", (Line(1, "小林", "第三章 收获很大"), Line(3, "阿哲", "")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "接龙",
        "今晚接龙吗？",
        "1. 买菜\n2. 做饭",
        "1. 小林\n接龙",
        "#接龙\n晨读\n1. \n2. ",
        "今天读了三章\n1. 一\n2. 二",
    ],
)
def test_other_texts_are_no_lists(text: str) -> None:
    assert not is_relay(text)


def test_one_line_more_is_the_senders() -> None:
    known = _list("小林 已读")

    assert own_line(known, _list("小林 已读", "阿哲 ✅")) == Line(2, "阿哲", "✅")


def test_two_copies_of_the_same_list_both_add_number_three() -> None:
    base = _list("小林", "阿哲")
    first, second = _list("小林", "阿哲", "小美 读了"), _list("小林", "阿哲", "大雄 读了")
    known = merge(base, first)

    assert own_line(known, second) == Line(3, "大雄", "读了")
    assert own_line(merge(known, second), _list("小林", "阿哲", "小美 读了", "静香")) == Line(4, "静香", "")


def test_sending_the_same_list_again_adds_nothing() -> None:
    known = _list("小林", "阿哲")

    assert own_line(known, _list("小林", "阿哲")) is None
    assert own_line(known, _list("阿哲", "小林")) is None
    assert own_line(known, _list("小林")) is None


def test_spaces_width_and_case_are_no_change() -> None:
    assert own_line(_list("Lin  Read 3"), _list("lin read ３")) is None


def test_a_reworded_line_is_not_a_new_one() -> None:
    known = _list("小林", "阿哲")

    assert own_line(known, _list("小林 已读第三章", "阿哲")) is None
    assert own_line(known, _list("小林 已读第三章", "阿哲", "小美")) == Line(3, "小美", "")


def test_among_several_new_lines_the_senders_name_decides_else_the_last() -> None:
    known, new = _list("小林"), _list("小林", "阿哲", "小美")

    assert own_line(known, new, names=("阿哲",)) == Line(2, "阿哲", "")
    assert own_line(known, new) == Line(3, "小美", "")
    assert own_line(None, new, names=("小林",)) == Line(1, "小林", "")


def test_the_same_words_by_two_people_count_for_both() -> None:
    assert own_line(_list("已读"), _list("已读", "已读")) == Line(2, "已读", "")


NAMES = st.lists(
    st.text(alphabet="林哲美雄静abc", min_size=1, max_size=6), unique=True, min_size=1, max_size=12
)


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_an_entry_always_says_something(text: str) -> None:
    for said in (text, f"#接龙\n{text}"):
        read = parse(said)
        assert read is None or all(line.name or line.text for line in read.lines)


@given(NAMES)
def test_order_and_deletions_never_add(names: list[str]) -> None:
    known = _list(*names)
    kept = [name for name in names if len(name) % 2] or names
    kept.sort(key=lambda name: name[::-1])

    assert added_lines(known, _list(*kept)) == ()


@given(NAMES)
def test_growing_one_by_one_counts_everybody_once(names: list[str]) -> None:
    known: Relay | None = None
    counted = []
    for count in range(1, len(names) + 1):
        new = _list(*names[:count])
        own = own_line(known, new)
        counted.append(own.name if own else None)
        known = merge(known, new)

    assert counted == names


@given(NAMES, NAMES)
def test_merging_keeps_all_and_adds_nothing_twice(ours: list[str], theirs: list[str]) -> None:
    merged = merge(_list(*ours), _list(*theirs))

    assert {line.name for line in merged.lines} == {*ours, *theirs}
    assert merge(merged, _list(*theirs)) == merged


IN_BOTH_SCRIPTS = """
聚餐 聚餐 聚会 聚會 团建 團建 吃饭 吃飯 饭局 飯局 火锅 火鍋 烧烤 燒烤 订餐 訂餐 外卖 外賣 便当 便當 读书会
讀書會 书友会 書友會 茶话会 茶話會 分享会 分享會 班会 班會 家长会 家長會 见面会 見面會 交流会 交流會 会议
會議 沙龙 沙龍 讲座 講座 派对 派對 观影 觀影 团购 團購 拼单 拼單 拼团 拼團 代购 代購 购买 購買 预订 預訂
预定 預定 下单 下單 众筹 眾籌 买书 買書 登记 登記 问卷 問卷 调查 調查 征集 徵集 名单 名單 尺码 尺碼 地址
地址 快递 快遞 领取 領取 押金 押金 收费 收費 缴费 繳費 费用 費用 活动 活動 出游 出遊 春游 春遊 旅行 旅行
爬山 爬山 露营 露營 桌游 桌遊 线下 線下 拼车 拼車 包车 包車 车位 車位 值日 值日 排班 排班 志愿者 志願者 义工
義工 组队 組隊 分组 分組 认领 認領 比赛 比賽 参赛 參賽 抽奖 抽獎 成语 成語 自我介绍 自我介紹 祝福 祝福 生日
生日 红包 紅包 party dinner lunches potluck trip outing events meetup meeting order address sizes carpool
volunteers birthday raffle
"""
OTHER_PURPOSES = IN_BOTH_SCRIPTS.split()
ASKING = ("报名", "報名", "统计", "統計", "投票", "sign-up", "sign up", "Signup", "RSVP", "poll")
AROUND = st.sampled_from(("", "周六", "本周 ", "6/1 ", "【", "~~ ", "第3次", "🎉"))
DAILY = (
    *(
        "今日打卡",
        "晨读",
        "晨讀",
        "第 12 天",
        "每日一句",
        "背单词",
        "背單詞",
        "运动",
        "運動",
        "早起",
        "阅读三十页",
        "英语听力",
    ),
    *(
        "学会三个词",
        "機會與挑戰",
        "读书",
        "讀書",
        "分享",
        "day 5",
        "morning pages",
        "reordering",
        "stripe",
        "今天学了什么",
    ),
)


@given(AROUND, st.sampled_from(OTHER_PURPOSES), AROUND)
def test_a_list_for_something_else_is_no_check_in_in_either_script(
    before: str, word: str, after: str
) -> None:
    assert not checks_in(f"{before} {word} {after}", names_check_in=False)
    assert checks_in(f"{before} {word} {after}", names_check_in=True)


@given(AROUND, st.sampled_from(ASKING), AROUND, st.booleans())
def test_a_list_that_asks_for_names_or_votes_never_is(
    before: str, word: str, after: str, named: bool
) -> None:
    assert not checks_in(f"{before} {word} {after}", names_check_in=named)


@pytest.mark.parametrize("title", DAILY)
def test_a_list_about_what_was_learnt_is_one(title: str) -> None:
    assert checks_in(title, names_check_in=False)
