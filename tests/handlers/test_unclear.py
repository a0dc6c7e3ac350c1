"""Messages that may be check-ins: leaders are asked, members are told nothing."""

from pathlib import Path

import pytest

from bot.core.desk import Desk
from bot.core.port import Can
from storage import communities
from tests.stage import ALL, Stage, a_stage

STAFF = "管理群"
PERHAPS = "刚刚打卡的内容是读了三十页"


async def a_class(stage: Stage) -> None:
    """A class with two admins and a staff room."""
    await stage.opens()
    await stage.opens(STAFF)

    def make(desk: Desk) -> None:
        communities.set_staff_room(desk.tx, 1, 2)
        desk.change_room(desk.room_by_id(2), community=1)
        desk.forget("community")
        desk.forget("settings")

    await stage.engine.pipeline.work(make)
    for who in ("班主任", "副班主任"):
        await stage.joins(who, "admin")
        await stage.says(who, "早", room=STAFF)
    await stage.says("小林", "早")
    stage.heard()


async def passes(stage: Stage, minutes: int) -> list[str]:
    return await stage.until(stage.clock.now() + minutes * 60_000)


async def counted(stage: Stage) -> list[tuple[str, str, str, str]]:
    rows = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT account.name AS name, day, standing, way FROM checkin"
            " JOIN account ON account.id = checkin.account ORDER BY account.id, day"
        )
    )
    return [tuple(row) for row in rows]


async def streak(stage: Stage) -> list[tuple[int, int]]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT current, total FROM streak"))
    return [(row["current"], row["total"]) for row in rows]


async def states(stage: Stage) -> list[str]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT state FROM suggestion ORDER BY id"))
    return [row["state"] for row in rows]


async def test_a_word_within_a_sentence_is_put_before_the_staff_room_and_counts_when_approved(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("小林", PERHAPS) == []
        (said,) = await passes(stage, 6)
        assert said == (
            "「晨读班」有 1 件事，想请你们拿个主意\n\n"
            "小林（晨读班，5月4日 09:00）：「刚刚打卡的内容是读了三十页」\n"
            "像是打卡，又没有直说。给小林记上 5月4日的「打卡」吗？\n\n"
            "5月7日 09:00 前没人定就作罢，什么也不变。"
        )
        assert stage.last.place == STAFF
        assert list(stage.last.buttons) == ["准", "不算", "以后再说"]
        pressed = await stage.presses("班主任", "准", room=STAFF)
        assert "好，准了。" in pressed
        assert "🎉" in pressed
        assert any("→ 准了（班主任）" in said for said in pressed)
        assert await counted(stage) == [("小林", "2026-05-04", "counted", "leader")]
        assert [sent.place for sent in stage.platform.sent if sent.text == "🎉"] == []
        assert await stage.says("小林", "打卡") == ["👌"]


async def test_a_decline_does_nothing_and_tells_nobody_and_it_is_not_asked_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", PERHAPS)
        await passes(stage, 6)
        pressed = await stage.presses("班主任", "不算", room=STAFF)
        assert pressed[0] == "好，不算。"
        assert {sent.place for sent in stage.platform.sent[-2:]} == {STAFF}
        await stage.says("小林", PERHAPS)
        assert await passes(stage, 120) == []
        assert await counted(stage) == []
        assert await stage.says("小林", "打卡") == ["🎉"]


async def test_several_are_one_message_edited_in_place_and_all_are_approved_by_one_tap(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for who in ("小林", "阿哲", "小雨"):
            await stage.says(who, PERHAPS)
        (said,) = await passes(stage, 6)
        assert "有 3 件事" in said
        assert "2. 阿哲" in said
        assert list(stage.last.buttons)[:3] == ["1 准", "1 不算", "1 以后"]
        await stage.presses("副班主任", "2 不算", room=STAFF)
        assert list(stage.last.buttons)[-1] == "全部准（2 件）"
        pressed = await stage.presses("班主任", "全部准", room=STAFF)
        assert "好，2 件都准了。" in pressed
        assert stage.last.buttons == {}
        assert [name for name, *_ in await counted(stage)] == ["小林", "小雨"]
        assert await states(stage) == ["approved", "declined", "approved"]


async def test_who_checks_in_by_other_means_meanwhile_closes_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", PERHAPS)
        await stage.says("小林", "打卡")
        assert await passes(stage, 60) == []
        assert await states(stage) == ["closed"]
        await stage.says("阿哲", PERHAPS)
        await passes(stage, 6)
        await stage.says("阿哲", "打卡")
        pressed = await stage.presses("班主任", "准", room=STAFF)
        assert pressed[0] == "情况变了，这件不用再定，什么也没动。"
        assert stage.last.buttons == {}
        assert await counted(stage) == [
            ("小林", "2026-05-04", "counted", "word"),
            ("阿哲", "2026-05-04", "counted", "word"),
        ]


async def test_a_message_that_is_taken_back_or_edited_and_a_member_who_left_close_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", PERHAPS, native="11")
        await stage.says("阿哲", PERHAPS, native="12")
        await stage.says("小雨", PERHAPS, native="13")
        await passes(stage, 6)
        await stage.deletes("11")
        assert "1. 小林" in stage.last.text
        assert "→ 情况变了，不用定了" in stage.last.text
        await stage.says("阿哲", "刚读了三十页", native="12", edited=True)
        await stage.joins("小雨", "left")
        assert "情况变了" in (await stage.presses("班主任", "3 准", room=STAFF))[0]
        assert await states(stage) == ["closed"] * 3
        assert await counted(stage) == []


async def test_an_edit_into_a_plain_check_in_counts_by_itself(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", PERHAPS, native="11")
        assert await stage.says("小林", "打卡 读了三十页", native="11", edited=True) == ["🎉"]
        assert await passes(stage, 60) == []


async def test_it_counts_for_the_day_of_the_message_and_the_streak_follows(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-03 09:00") as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-04 21:00")
        await stage.says("小林", PERHAPS)
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "打卡")
        await stage.presses("班主任", "准", room=STAFF)
        assert [day for _, day, *_ in await counted(stage)] == ["2026-05-03", "2026-05-04", "2026-05-05"]
        assert await streak(stage) == [(3, 3)]
        await stage.says("班主任", "/undo", room=STAFF)
        done = await stage.presses("班主任", "撤回这一步", room=STAFF)
        assert any("说不准的打卡 小林「打卡」 5月4日：准了" in said for said in done)
        assert await streak(stage) == [(1, 2)]
        assert await states(stage) == ["open"]


async def test_a_late_picture_for_a_word_said_in_time(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 07:00") as stage:
        await a_class(stage)
        await stage.says("班主任", "/task 添加 晨读 06:00-08:30")
        await stage.says("班主任", "/task 晨读 凭证 图片")
        await stage.says("班主任", "/task 打卡 归档")
        await stage.says("小林", "打卡 第三章")
        await stage.until("2026-05-04 09:12")
        stage.heard()
        await stage.says("小林", "", media=("photo",))
        await passes(stage, 6)
        assert "小林（晨读班，5月4日 09:12）：[图片]" in stage.last.text
        assert "「晨读」08:30 就收了，凭证后来才到。" in stage.last.text
        await stage.presses("班主任", "准", room=STAFF)
        assert await counted(stage) == [("小林", "2026-05-04", "counted", "leader")]


async def test_a_picture_after_the_day_s_end(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:00") as stage:
        await a_class(stage)
        await stage.says("班主任", "/task 打卡 凭证 图片")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 04:30")
        await stage.says("小林", "", media=("photo",))
        assert await stage.until("2026-05-05 07:29") == []
        (said,) = await stage.until("2026-05-05 07:40")
        assert "给小林记上 5月4日的「打卡」吗？" in said
        await stage.presses("班主任", "准", room=STAFF)
        assert await counted(stage) == [("小林", "2026-05-04", "counted", "leader")]


async def test_a_line_for_a_friend_in_a_list(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("阿哲", "早")
        assert await stage.says(
            "小林", "接龙打卡\n1. 小林 读了两章\n2. 阿哲 背了二十个词\n3. 小林妈妈 加油"
        ) == ["🎉"]
        (said,) = await passes(stage, 6)
        assert "小林（晨读班，5月4日 09:00）：「阿哲 背了二十个词」" in said
        assert "接龙里替「阿哲」写了一行。给阿哲记上" in said
        assert await stage.presses("班主任", "准", room=STAFF) == ["好，准了。", stage.last.text]
        assert [name for name, *_ in await counted(stage)] == ["小林", "阿哲"]


async def test_a_line_for_a_friend_alone_does_not_count_for_who_wrote_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("阿哲", "早")
        assert await stage.says("小林", "接龙打卡\n1. 阿哲 背了二十个词") == []
        assert await counted(stage) == []
        assert "替「阿哲」" in (await passes(stage, 6))[0]


@pytest.mark.parametrize(
    "said",
    ["昨天打卡的内容是读了三十页", "读完三十页再打卡", "大家记得打卡", "打卡了吗", "「打卡」读了三十页"],
)
async def test_talk_about_check_ins_is_no_question(tmp_path: Path, said: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", said)
        await stage.says("小林", PERHAPS, forwarded=True)
        assert await passes(stage, 60) == []
        assert await states(stage) == []


async def test_on_counts_it_at_once_and_off_drops_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/set 晨读班 features.unclear on", room=STAFF)
        assert await stage.says("小林", PERHAPS) == ["🎉"]
        await stage.says("班主任", "/set 晨读班 features.unclear off", room=STAFF)
        assert await stage.says("阿哲", PERHAPS) == []
        assert await passes(stage, 60) == []
        assert await counted(stage) == [("小林", "2026-05-04", "counted", "word")]
        await stage.says("班主任", "/audit", room=STAFF)
        assert "匿名管理员（晨读班）：说不准的打卡 小林「打卡」 5月4日：准了" in stage.last.text


async def test_where_nothing_can_react_the_member_reads_no_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.REACT) as stage:
        await a_class(stage)
        await stage.says("小林", PERHAPS)
        await passes(stage, 6)
        await stage.presses("班主任", "准", room=STAFF)
        assert {sent.place for sent in stage.platform.sent[-2:]} == {STAFF}
        assert await states(stage) == ["approved"]


async def test_quotes_are_short_and_escaped(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("<b>小林", "刚刚打卡的内容是读了三十页 <i>&" + "好" * 60)
        (said,) = await passes(stage, 6)
        assert "<b>小林" in said
        assert "三十页 <i>&好" in said


@pytest.mark.parametrize(
    ("language", "said", "told", "yes", "done"),
    [
        (
            "en",
            "finished reading, that's my check-in for today",
            (
                "小林 (晨读班, May 4 09:00): “finished reading, that's my check-in for today”\n"
                "It reads like a check-in, but does not quite say so. Count Check-in of May 4 for 小林?"
            ),
            "Yes",
            "Good: approved.",
        ),
        (
            "zh-Hant",
            "剛剛打卡的內容是讀了三十頁",
            (
                "小林（晨读班，5月4日 09:00）：「剛剛打卡的內容是讀了三十頁」\n"
                "像是打卡，又沒有直說。給小林記上 5月4日的「打卡」嗎？"
            ),
            "准",
            "好，准了。",
        ),
    ],
)
async def test_in_the_other_languages(
    tmp_path: Path, language: str, said: str, told: str, yes: str, done: str
) -> None:
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"\n') as stage:
        await a_class(stage)
        assert await stage.says("小林", said) == []
        (shown,) = await passes(stage, 6)
        assert told in shown
        assert done in await stage.presses("班主任", yes, room=STAFF)
        assert [name for name, *_ in await counted(stage)] == ["小林"]


async def test_a_late_voice_message_is_called_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:00") as stage:
        await a_class(stage)
        await stage.says("班主任", "/task 打卡 凭证 语音")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "", media=("voice",))
        assert any("[语音]" in said for said in await passes(stage, 6))


async def test_who_fills_a_room_with_talk_fills_no_list(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for number in range(30):
            await stage.says("小林", f"{PERHAPS}，还有{number}页")
        assert "有 1 件事" in (await passes(stage, 6))[0]
