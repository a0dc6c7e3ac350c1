"""Settings in chat: pages of buttons and lines of words, for a community and for its rooms."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from storage import rooms
from storage.db import Transaction
from tests.stage import BOT, Stage, a_stage

NOT_YOURS = "这件事要请管理员来做。"


async def a_class(stage: Stage, *more: str) -> None:
    """A community of rooms that 班主任 looks after, who has written in private."""
    await stage.opens()
    for room in more:
        await join(stage, room)
    for room in ("晨读班", *more):
        await stage.joins("班主任", "admin", room)
    await stage.says("班主任", "/start", room=None)


async def join(stage: Stage, room: str) -> list[str]:
    """Another room opens in the community."""

    def expect(tx: Transaction) -> None:
        made = rooms.add(tx, BOT, room, "group", room, stage.clock.now())
        home = rooms.by_native(tx, BOT, "晨读班")
        assert home is not None
        rooms.save(tx, msgspec.structs.replace(made, community=home.community, standing="expected"))

    await stage.engine.database.write(expect)
    return await stage.opens(room)


async def say(stage: Stage, text: str, who: str = "班主任") -> str:
    """The one answer to something said in private."""
    [said] = await stage.says(who, text, room=None)
    return said


async def press(stage: Stage, *labels: str, who: str = "班主任") -> list[str]:
    """Buttons pressed in private one after the other; what the last one brought: an answer, and the page."""
    for label in labels:
        heard = await stage.presses(who, label, room=None)
    return heard


async def rows(stage: Stage, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return await stage.engine.database.read(lambda tx: [tuple(row) for row in tx.all(sql, values)])


async def kept(stage: Stage) -> list[tuple[Any, ...]]:
    return await rows(stage, "SELECT room, name, value FROM setting ORDER BY room, name")


async def acts(stage: Stage) -> list[tuple[Any, ...]]:
    return await rows(stage, "SELECT act, subject, before, after, room FROM audit ORDER BY id")


# Pages.


async def test_a_page_never_shows_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/settings") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]
        assert await stage.says("班主任", "/set talk.lines_a_day 2") == [
            "这份只能悄悄说。先私聊我一句，再来一次就好。"
        ]
        assert await kept(stage) == []
        await stage.says("班主任", "/start", room=None)
        [page] = await stage.says("班主任", "设置")
        assert stage.last.place == "班主任"
        assert page.startswith("「晨读班」这个群")
        assert await stage.says("小林", "设置") == []
        assert await stage.says("小林", "/settings") == [NOT_YOURS]


async def test_in_private_one_chooses_the_community_or_a_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        assert "有 2 个群" in await say(stage, "/settings")
        assert list(stage.last.buttons) == ["整个社群", "晨读班", "夜读班", "收起"]
        [_, page] = await press(stage, "夜读班")
        assert page.startswith("「夜读班」这个群")
        assert list(stage.last.buttons) == [
            "开哪些功能",
            "说话的分寸",
            "晚间小结",
            "照搬到别的群",
            "新群的样板",
            "‹ 别的群",
            "收起",
        ]
        [_, page] = await press(stage, "别的群", "整个社群")
        assert page.startswith("「晨读班」整个社群")
        assert "/zone" in page
        assert "活跃分" in stage.last.buttons


async def test_a_feature_is_switched_by_one_tap_in_one_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_class(stage, "夜读班")
        await stage.says("班主任", "/settings")
        [_, page] = await press(stage, "开哪些功能")
        assert "晚间小结：关（本来的）" in page
        [toast, page] = await press(stage, "晚间小结：关")
        assert toast == "改好了"
        assert "晚间小结：开（这个群的）" in page
        assert await kept(stage) == [(1, "features.recap", '"on"')]
        for who in ("小林", "阿哲"):
            await stage.says(who, "打卡")
            await stage.says(who, "打卡", room="夜读班")
        said = await stage.until("2026-05-05 07:00")
        assert len([text for text in said if text.startswith("今天 2 位") or "2 位同学" in text]) == 1


async def test_pressing_an_old_line_twice_sets_the_same_twice(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/settings features")
        data = next(button.data for label, button in stage.last.buttons.items() if "晚间小结" in label)
        assert (await stage.presses_data("班主任", data, room=None))[0] == "改好了"
        assert (await stage.presses_data("班主任", data, room=None))[0] == "已经是这样了"
        assert await kept(stage) == [(1, "features.recap", '"off"')]
        assert len(await acts(stage)) == 1


async def test_a_number_goes_up_and_down_or_to_a_preset(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/settings talk")
        [_, page] = await press(stage, "一天主动说几句")
        assert "数字，0 到 48" in page
        assert "/set talk.lines_a_day 4" in page
        assert "5（社群的）" in (await press(stage, "＋"))[1]
        assert "4（社群的）" in (await press(stage, "−"))[1]
        assert "0（社群的）" in (await press(stage, "0"))[1]
        assert (await press(stage, "−"))[0] == "已经是这样了"
        assert "4（本来的）" in (await press(stage, "不另设"))[1]
        assert "不另设" not in stage.last.buttons
        assert await kept(stage) == []


async def test_a_time_wraps_at_midnight(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/set talk.quiet_from 23:45")
        await press(stage, "看看这一项")
        assert "00:15（社群的）" in (await press(stage, "＋"))[1]
        assert "23:45（社群的）" in (await press(stage, "−"))[1]


async def test_the_button_of_a_list_says_how_long_it_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/set 打卡的词 打卡，早读")
        await say(stage, "设置 打卡")
        assert "打卡的词：2 个 ›" in stage.last.buttons


async def test_a_long_part_has_several_pages(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/settings scoring")
        seen = []
        while True:
            seen += [label for label in stage.last.buttons if "：" in label]
            assert len(stage.last.action.buttons) <= 8  # type: ignore[union-attr] # a message with buttons
            if "下一页 ›" not in stage.last.buttons:
                break
            await press(stage, "下一页")
        assert len(seen) == len(set(seen)) == 19
        await press(stage, "管理员进排行：关")
        assert "管理员进排行：开" in stage.last.buttons


async def test_many_rooms_are_paged(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *(f"{number}班" for number in range(1, 30)))
        await say(stage, "/settings")
        found = []
        while True:
            found += [label for label in stage.last.buttons if label.endswith("班")]
            assert len(stage.last.action.buttons) <= 8  # type: ignore[union-attr] # a message with buttons
            if "下一页 ›" not in stage.last.buttons:
                break
            await press(stage, "下一页")
        assert found == ["晨读班", *(f"{number}班" for number in range(1, 30))]


async def test_pages_are_edited_in_place_and_close(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/settings")
        first = stage.last.native
        await stage.presses_data("班主任", "set:at:0@1", message=first, room=None)
        assert stage.last.action.message == first  # type: ignore[union-attr] # an edit
        [_, page] = await press(stage, "收起")
        assert "/settings" in page
        assert stage.last.buttons == {}


# Words.


async def test_set_says_what_was_and_what_is_now(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        assert (
            await say(stage, "/set recap.evening_at 晚上九点")
            == "整个社群的「晚上几点说」：21:30 → 21:00。从现在起算，已经记下的不动。"
        )
        assert (
            await say(stage, "/set recap.evening_at 21:00") == "整个社群的「晚上几点说」已经是这样了：21:00。"
        )
        await say(stage, "/set 夜读 talk.lines_a_day 9")
        assert "有 1 个群另设过" in await say(stage, "/set talk.lines_a_day 3")
        assert await kept(stage) == [
            (0, "recap.evening_at", '"21:00"'),
            (0, "talk.lines_a_day", "3"),
            (2, "talk.lines_a_day", "9"),
        ]
        assert "21:00 → 21:30" in await say(stage, "改设置 recap.evening_at 默认")
        assert "21:30" in await say(stage, "/set recap.evening_at default")


async def test_settings_and_values_go_by_what_their_pages_call_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        for said, done in (
            ("/set 晚上几点说 晚上九点", "整个社群的「晚上几点说」：21:30 → 21:00"),
            ("改设置 晚上说什么：带名字", "没有「晚上说什么：带名字」这一项。是不是 晚上说什么？"),
            ("改设置 晚上说什么 带名字", "整个社群的「晚上说什么」：报人数 → 带名字"),
            ("/set 夜读 evening line nothing", "「夜读班」的「晚上说什么」：带名字 → 不说"),
            ("改設定 晚間小結 關", "整个社群的「晚间小结」：开 → 关"),
            ("/set 夜读 说不准的打卡 关", "「夜读班」的「说不准的打卡」：先问 → 关"),
            ("/set 晚上说什么 唱歌", "「晚上说什么」不能是「唱歌」"),
        ):
            assert (await say(stage, said)).startswith(done)
        assert "晚上几点说：21:00" in await say(stage, "设置 晚间小结")
        assert "21:00" in await say(stage, "/settings why 晚上几点说")
        changes = await say(stage, "/audit")
        assert "设置「晚上几点说」：本来的 → 21:00" in changes
        assert "班主任（夜读班）：设置「晚上说什么」：跟着社群 → 不说" in changes


async def test_in_a_members_room_it_is_that_room_where_a_room_may_differ(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        await stage.says("班主任", "/set recap.evening list", room="夜读班")
        assert stage.last.place == "班主任"
        assert stage.last.text.startswith("「夜读班」的「晚上说什么」")
        await stage.says("班主任", "/set recap.evening_at 20:00", room="夜读班")
        assert stage.last.text.startswith("整个社群的「晚上几点说」")
        await stage.says("班主任", "/set all recap.evening off", room="夜读班")
        assert await kept(stage) == [
            (0, "recap.evening", '"off"'),
            (0, "recap.evening_at", '"20:00"'),
            (2, "recap.evening", '"list"'),
        ]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/set", "先写哪一项"),
        ("/set recap.evning_at 21:00", "是不是 recap.evening_at？"),
        ("/set evening_at 21:00", "是不是 recap.evening_at？"),
        ("/set telegram.token 123:abc", "没有「telegram.token」这一项"),
        ("/set bot.admins me", "没有「bot.admins」这一项"),
        ("/set talk.lines_a_day 49", "「一天主动说几句」不能是「49」。可以是：数字，0 到 48。"),
        ("/set recap.evening_at 25:00", "「晚上几点说」不能是「25:00」。可以是：00:00 到 23:59。"),
        ("/set recap.evening often", "可以是：count 报人数，list 带名字，off 不说。"),
        ("/set features.checkin suggest", "「打卡」不能是「suggest」。可以是：on 开，off 关。"),
        ("/set checkin.words ，，", "可以是：1 到 50 个，用逗号隔开。"),
        ("/set 哪个班 recap.evening list", "没有叫「哪个班」的群"),
        ("/set 夜读 recap.evening list", "叫「夜读」的群不止一个"),
        ("/set 晨读班 recap.evening_at 21:00", "「晚上几点说」是整个社群一起的"),
        ("/settings why", "先写哪一项"),
        ("/settings 不知道", "没有「不知道」这一项"),
    ],
)
async def test_what_is_misunderstood_is_said_in_plain_words(tmp_path: Path, said: str, answer: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读一班", "夜读二班")
        assert answer in await say(stage, said)
        before = stage.platform.sent[-1]
        await stage.says("班主任", said)
        assert stage.last is not before
        assert stage.last.place == "班主任"
        assert answer in stage.last.text
        assert await kept(stage) == []


async def test_more_words_behind_the_word_are_talk_among_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("班主任", "设置 好了，大家看看") == []
        assert len(await stage.says("班主任", "设置 recap")) == 1
        assert stage.last.place == "班主任"


@pytest.mark.parametrize(
    ("language", "button", "label", "page", "done", "wrong"),
    [
        ("zh-Hant", "說話的分寸", "一天主動說幾句：4", "「晨读班」整個社群", "4 → 2", "不能是「many」"),
        ("en", "How much I say", "Lines a day: 4", "晨读班 (all rooms)", "4 → 2", "cannot be “many”"),
    ],
)
async def test_the_pages_speak_the_readers_language(
    tmp_path: Path, language: str, button: str, label: str, page: str, done: str, wrong: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", f"/language {language}", room=None)
        await say(stage, "/settings")
        await press(stage, {"zh-Hant": "整個社群", "en": "All rooms"}[language])
        assert page in (await press(stage, button))[1]
        assert label in stage.last.buttons
        assert done in await say(stage, "/set talk.lines_a_day 2")
        assert wrong in await say(stage, "/set talk.lines_a_day many")


async def test_why_shows_each_layer_and_who_set_it_when(tmp_path: Path) -> None:
    config = "[recap]\nevening = 'off'\n"
    async with a_stage(tmp_path, config=config) as stage:
        await a_class(stage)
        await stage.says("班主任", "/set recap.evening list")
        await stage.until("2026-05-04 10:15")
        await stage.says("", "/set all recap.evening count", sender=None, as_admin=True)
        await say(stage, "/set all recap.evening count")
        await stage.says("班主任", "/settings why recap.evening")
        assert stage.last.text.splitlines()[2:] == [
            "· 本来：报人数",
            "· 配置文件：不说",
            "· 整个社群：报人数（班主任，5月4日 10:15）",
            "▸ 这个群：带名字（班主任，5月4日 09:00）",
            "标着 ▸ 的是现在用的。",
        ]
        await stage.says("班主任", "/set recap.evening default")
        await stage.says("班主任", "/settings why recap.evening")
        assert "▸ 整个社群：报人数" in stage.last.text
        assert "· 这个群：没设（班主任，5月4日 10:15）" in stage.last.text
