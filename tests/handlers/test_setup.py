"""The first words in a room, and the small menu of its admins."""

from pathlib import Path

import msgspec
import pytest

from bot.core.actions import Answer, Edit
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import ButtonPressed, Sender
from bot.core.locale import locale_of
from bot.core.undoing import undo
from handlers.setup.greeting import spoken_in
from storage import communities, rooms, settings
from storage.communities import Community
from storage.db import Row, Transaction
from storage.rooms import Room
from tests.stage import BOT, Stage, a_stage

ALL_RIGHTS = ("read", "react", "delete", "pin", "invite", "remove")
GONE = "这个选项放太久了，重新发一次命令就好。"


async def room_row(stage: Stage, room: str = "晨读班") -> Room:
    found = await stage.engine.database.read(lambda tx: rooms.by_native(tx, BOT, room))
    assert found is not None
    return found


async def all_communities(stage: Stage) -> list[Community]:
    return await stage.engine.database.read(communities.all_of_them)


async def test_with_every_right_the_first_words_are_short(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=ALL_RIGHTS)
        assert said.splitlines() == [
            "大家好，我是班长，以后打卡的事我来记。",
            "现在就能用：直接说「打卡」，或者选「打卡」。",
            "",
            "管理员选「就这样，挺好」就开工；想自己定，就一步步来。",
        ]
        assert list(stage.last.buttons) == ["打卡", "就这样，挺好", "一步步来"]


async def test_each_missing_right_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=())
        assert "直接说「打卡」也行" not in said
        for hint in ("设为管理员", "隐私模式", "表情", "删除消息", "邀请用户"):
            assert hint in said
        assert "置顶" not in said


async def test_only_what_is_missing_is_named(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=("read", "delete"))
        assert "表情" in said
        assert "删除消息" not in said
        assert "邀请用户" in said
        assert "隐私模式" not in said


async def test_a_room_opened_by_a_message_claims_nothing_about_rights(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        said = await stage.says("小林", "大家好")
        assert "我是班长" in said[0]
        assert "权限" not in said[0]
        assert await stage.says("小林", "在吗") == []


async def test_the_bot_comes_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.happens(stage.bot_changed("left"))
        [said] = await stage.opens()
        assert said.startswith("我回来啦")
        assert len(await all_communities(stage)) == 1


async def a_room(stage: Stage, room: str = "晨读班", admin: str = "班主任") -> None:
    """The bot comes into a room of this admin."""
    await stage.opens(room, rights=ALL_RIGHTS)
    await stage.joins(admin, "admin", room)


async def taps(stage: Stage, *labels: str, who: str = "班主任", room: str = "晨读班") -> str:
    """Somebody presses one button after the other; what the message shows in the end."""
    said: list[str] = []
    for label in labels:
        said = await stage.presses(who, label, room=room)
    return said[-1]


async def test_one_tap_is_enough(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        shown = await taps(stage, "就这样，挺好")
        assert shown.splitlines() == [
            "安顿好了。",
            "打卡：打卡（全天），北京时间",
            "",
            "各位同学：说一声「打卡」，或者选下面的「打卡」，就记上了。",
        ]
        assert list(stage.last.buttons) == ["打卡", "改一改"]
        assert "记上" in (await stage.says("小林", "打卡"))[0] or stage.last.action is not None


async def test_a_chosen_language_is_spoken_at_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        assert (await taps(stage, "一步步来", "English")).startswith("2/4 By whose clock do the days run?")
        assert "London" in stage.last.buttons
        assert (await taps(stage, "‹ Back", "繁體中文")).startswith("2/4 日子按哪裡的時間算？")


async def test_a_first_room_takes_six_taps_with_everything_chosen(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        shown = await taps(stage, "一步步来", "简体中文", "新加坡", "05:00–09:00", "晚间小结", "好了")
        assert shown.splitlines()[:3] == [
            "安顿好了。",
            "打卡：打卡（05:00–09:00），新加坡时间",
            "另外开着：晚间小结",
        ]
        assert {type(sent.action).__name__ for sent in stage.platform.sent[1:]} == {"Answer", "Edit"}
        assert [row["act"] for row in await acts(stage)] == ["time_rule", "task", "setting"]


async def test_each_step_may_be_taken_back_and_the_name_comes_from_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        await taps(stage, "一步步来", "简体中文 ✓", "北京 ✓")
        assert "「晨读」" in next(label for label in stage.last.buttons if "叫它" in label)
        assert "叫「晨读」，全天" in await taps(stage, "叫它「晨读」")
        assert "哪里的时间" in await taps(stage, "返回")
        assert "哪种语言" in await taps(stage, "返回")
        shown = await taps(stage, "简体中文", "北京", "全天", "提醒", "提醒", "好了")
        assert "打卡：晨读（全天）" in shown
        assert "另外开着" not in shown


async def test_it_goes_on_where_it_was_for_another_admin_and_after_a_restart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        await stage.joins("副班主任", "admin")
        await taps(stage, "一步步来", "简体中文")
    async with a_stage(tmp_path, now="2026-05-05 09:00") as stage:
        stage.skip(1_000)
        [said] = await stage.says("副班主任", "/setup")
        assert "哪里的时间" in said
        assert "安顿好了" in await taps(stage, "北京", "全天", "好了", who="副班主任")
        [said] = await stage.says("班主任", "安顿")
        assert "社群：晨读班（1 个群）" in said


async def test_of_two_admins_at_once_one_turns_the_page(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        await stage.joins("副班主任", "admin")
        await taps(stage, "一步步来")
        await stage.presses_data("班主任", "setup:language:zh-Hant")
        said = await stage.presses_data("副班主任", "setup:language:en")
        assert said[0] == "這一步已經選好了，從這裡接著來"
        assert "2/4" in said[1]
        assert (await room_row(stage)).language == "zh-Hant"
        await stage.presses_data("班主任", "setup:fine")
        assert "2/4" in stage.last.text


async def test_switching_twice_at_once_switches_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        await stage.joins("副班主任", "admin")
        await taps(stage, "一步步来", "简体中文", "北京", "全天")
        data = next(button.data for label, button in stage.last.buttons.items() if "晚间小结" in label)
        await stage.presses_data("班主任", data)
        await stage.presses_data("副班主任", data)
        assert "✓ 晚间小结" in stage.last.buttons
        assert "另外开着：晚间小结" in await taps(stage, "好了")


@pytest.mark.parametrize(
    ("app", "first", "fine"),
    [
        ("zh-hans", "大家好", "就这样"),
        ("zh-TW", "或者選「打卡」", "這樣就好"),
        ("en-GB", "Hello everyone", "Fine"),
    ],
)
async def test_it_speaks_as_the_app_of_who_brought_it(
    tmp_path: Path, app: str, first: str, fine: str
) -> None:
    async with a_stage(tmp_path) as stage:
        by = Sender("班主任", "班主任", language=app)
        [said] = await stage.happens(stage.bot_changed("admin", room="Group 7", rights=ALL_RIGHTS, by=by))
        assert first in said
        await stage.joins("班主任", "owner", "Group 7")
        await stage.presses("班主任", fine, room="Group 7")
        [community] = await all_communities(stage)
        assert community.language == locale_of(app)


@pytest.mark.parametrize(
    ("title", "app", "usual", "spoken"),
    [
        ("晨读班", "en", "zh-Hans", "zh-Hans"),
        ("晨读班", "zh-Hant", "zh-Hans", "zh-Hant"),
        ("晨读班", "en", "en", "zh-Hans"),
        ("晨讀班", "en", "en", "zh-Hant"),
        ("Readers", "en", "zh-Hans", "en"),
        ("Readers", "zh-Hans", "en", "zh-Hans"),
    ],
)
def test_a_title_tells_the_language_too(title: str, app: str, usual: str, spoken: str) -> None:
    assert spoken_in(title, app, usual) == spoken


async def test_rights_given_meanwhile_are_seen_at_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens(rights=())
        shown = stage.last.native
        said = await stage.opens(rights=ALL_RIGHTS)
        assert "听不见" not in said[0]
        edit = stage.platform.sent[-2].action
        assert isinstance(edit, Edit)
        assert edit.message == shown


async def test_a_member_is_told_kindly_that_the_buttons_are_for_admins(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        for label in ("就这样", "一步步来"):
            assert await stage.presses("小林", label) == ["这件事要请管理员来做。"]
        assert type(stage.last.action) is Answer
        assert await acts(stage) == []


async def test_who_was_an_admin_a_minute_ago_is_none_now(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        await taps(stage, "就这样", "改一改", "层级")
        await stage.joins("班主任", "member")
        assert "管理员" in (await stage.presses("班主任", "3 层"))[0]
        assert (await room_row(stage)).tier == 1


async def test_a_tier_is_chosen_and_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        assert "1 是最高的一层" in await taps(stage, "就这样", "改一改", "层级")
        [toast, menu] = await stage.presses("班主任", "3 层")
        assert toast == "改好了"
        assert "第 3 层" in menu
        assert (await room_row(stage)).tier == 3
        row = (await acts(stage))[-1]
        await stage.engine.pipeline.work(lambda desk: undo(as_admin(desk), row["id"]))
        assert (await room_row(stage)).tier == 1


def as_admin(desk: Desk) -> Context:
    room = desk.room_by_id(1)
    return Context(desk, at=desk.now, room=room, account=desk.account(BOT, Sender("班主任", "班主任")))


async def acts(stage: Stage) -> list[Row]:
    return await stage.engine.database.read(lambda tx: tx.all("SELECT * FROM audit ORDER BY id"))


async def test_the_menu_leads_to_every_page_and_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        await taps(stage, "就这样", "改一改")
        for label in ("层级", "时区", "语言", "打什么卡", "还开什么"):
            await taps(stage, label)
            assert "社群：晨读班" in await taps(stage, "返回")
        await taps(stage, "还开什么")
        assert "○ 提醒" in (await taps(stage, "✓ 提醒") and list(stage.last.buttons))
        assert "社群：晨读班" in await taps(stage, "返回", "时区", "新加坡")
        await taps(stage, "时区", "别的地方", "东京")
        assert "时区：东京" in await taps(stage, "返回")
        assert "安顿好了" in await taps(stage, "好了")


async def test_the_menu_is_resumed_by_setup(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        await taps(stage, "就这样")
        [said] = await stage.says("班主任", "安顿")
        assert "社群：晨读班（1 个群）" in said
        assert await stage.says("小林", "安顿") == []
        assert await stage.says("小林", "/setup") == ["这件事要请管理员来做。"]
        assert await stage.says("", "/setup", sender=None, as_admin=True) == [said]


async def test_a_room_joins_a_community_of_the_same_admin(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "晨读班")
        await stage.joins("班主任", "admin", "夜读班")
        night = await room_row(stage, "夜读班")
        assert night.community is not None
        left = night.community
        await stage.engine.database.write(
            lambda tx: settings.set_value(tx, left, night.id, "talk.lines_a_day", 2)
        )
        await stage.presses("班主任", "加入已有社群", room="夜读班")
        [toast, details] = await stage.presses("班主任", "晨读班", room="夜读班")
        assert toast == "好，现在和「晨读班」是一家了。"
        assert "「夜读班」在「晨读班」里" in details
        assert "「晨读班」第 1 层，共 2 个群" in await taps(stage, "好了", room="夜读班")
        joined = (await room_row(stage, "夜读班")).community
        assert joined == (await room_row(stage, "晨读班")).community
        assert joined is not None
        kept = await stage.engine.database.read(lambda tx: settings.of_room(tx, joined, night.id))
        assert kept == {"talk.lines_a_day": 2}
        await taps(stage, "改一改", room="夜读班")
        assert "只有这一个" in (await stage.presses("班主任", "加入已有社群", room="夜读班"))[0]


async def test_a_second_room_takes_three_taps_with_its_tier_and_the_settings_of_the_first(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await a_room(stage)
        await taps(stage, "一步步来", "简体中文", "北京", "全天", "晚间小结", "好了")
        by = Sender("班主任", "班主任")
        await stage.happens(stage.bot_changed("admin", room="夜读班", rights=ALL_RIGHTS, by=by))
        await stage.joins("班主任", "owner", "夜读班")
        assert list(stage.last.buttons) == [
            "打卡",
            "就这样，挺好",
            "一步步来",
            "属于「晨读班」",
            "这是管理群",
        ]
        await taps(stage, "属于「晨读班」", room="夜读班")
        assert list(stage.last.buttons) == [
            "1 层 ✓",
            "2 层",
            "3 层",
            "4 层",
            "5 层",
            "照「晨读班」的设置，好了",
            "好了",
        ]
        shown = await taps(stage, "2", "照「晨读班」的设置", room="夜读班")
        assert "「晨读班」第 2 层，共 2 个群" in shown
        assert "另外开着：晚间小结" in shown


async def test_a_language_is_asked_for_only_where_it_differs(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_room(stage)
        by = Sender("班主任", "班主任", language="en")
        await stage.happens(stage.bot_changed("admin", room="Night", rights=ALL_RIGHTS, by=by))
        await stage.joins("班主任", "owner", "Night")
        press = ButtonPressed(
            bot=BOT,
            key="join",
            at=stage.clock.now(),
            place=stage.place("班主任", "Night"),
            sender=by,
            message=stage.last.native,
            data="setup:join:1",
            press="join",
        )
        await stage.happens(press)
        assert {"简体中文 ✓", "English"} <= set(stage.last.buttons)
        await taps(stage, "English", room="Night")
        assert "“Night” is part of “晨读班”" in stage.last.text


@pytest.mark.parametrize(
    ("language", "own", "join"),
    [
        ("zh-Hans", ["打卡", "1 层 ✓", "2 层", "3 层", "4 层", "5 层", "好了"], "加入已有社群"),
        ("zh-Hant", ["打卡", "1 層 ✓", "2 層", "3 層", "4 層", "5 層", "好了"], "加入現有社群"),
        ("en", ["Check in", "Tier 1 ✓", "Tier 2", "Tier 3", "Tier 4", "Tier 5", "Done"], "Join a community"),
    ],
)
async def test_a_second_room_is_offered_only_what_differs(
    tmp_path: Path, language: str, own: list[str], join: str
) -> None:
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"') as stage:
        await stage.opens("晨读班")

        def expect(tx: Transaction) -> None:
            room = rooms.add(tx, BOT, "夜读班", "group", "夜读班", stage.clock.now())
            home = rooms.by_native(tx, BOT, "晨读班")
            assert home is not None
            rooms.save(tx, msgspec.structs.replace(room, community=home.community, standing="expected"))

        await stage.engine.database.write(expect)
        await stage.opens("夜读班")
        assert list(stage.last.buttons) == own
        await stage.joins("班主任", "admin", "夜读班")
        await taps(stage, own[-1], room="夜读班")
        await stage.says("班主任", "/setup", room="夜读班")
        assert join in stage.last.buttons


async def test_nobody_moves_a_room_into_a_community_of_others(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("别人的班")
        await stage.joins("班主任", "admin", "晨读班")
        theirs = (await room_row(stage, "别人的班")).community
        assert "只有这一个" in (await stage.presses_data("班主任", "setup:join"))[0]
        assert await stage.presses_data("班主任", f"setup:join:{theirs}") == [GONE]
        assert (await room_row(stage, "晨读班")).community != theirs


async def test_an_admin_of_the_whole_house_may_join_any(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["stage:999"]\n'
    async with a_stage(tmp_path, config=config) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")
        await stage.presses("999", "加入已有社群", room="夜读班")
        assert "一家了" in (await stage.presses("999", "晨读班", room="夜读班"))[0]


async def test_old_and_invented_buttons_harm_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await a_room(stage, "夜读班")
        for data in (
            "setup:",
            "setup:tier:0",
            "setup:tier:x",
            "setup:x:1",
            "setup:join:x",
            "setup:zone:Mars",
            "setup:task:1-2",
            "setup:extra:checkin:off",
            "setup:extra:recap:suggest",
            "setup:page:x",
            "setup:back:x",
            "setup:like:7",
            "setup:language:tlh",
        ):
            assert await stage.presses_data("班主任", data) == [GONE]
        assert await stage.presses_data("班主任", "setup:tier", room=None) == ["这件事要在群里说。"]
        assert await stage.presses_data("路人", "setup:tier", room="没去过的群") == [
            "还没在哪个班里见过你。先在群里说句话，再来找我。"
        ]


async def test_hearing_the_room_is_worth_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens(rights=())
        await a_room(stage)
        await taps(stage, "就这样")
        await stage.opens(rights=())
        await stage.until("2026-05-04 10:00")
        assert await stage.opens(rights=("react",)) == []
        assert await stage.opens(rights=ALL_RIGHTS) == ["现在听得见大家说话了，直接说「打卡」就能记上。"]
        assert await stage.opens(rights=ALL_RIGHTS) == []


async def test_lost_rights_are_told_to_who_took_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("班主任", "/start", room=None)
        await stage.opens(rights=ALL_RIGHTS)
        changed = stage.bot_changed("member", rights=("read", "react"), by=stage.sender("班主任"))
        [_, said] = await stage.happens(changed)
        assert stage.last.place == "班主任"
        assert "「晨读班」里我少了权限" in said
        assert "删除消息" in said


async def test_a_bot_that_hears_nothing_any_more_says_how_to_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens(rights=ALL_RIGHTS)
        changed = stage.bot_changed("member", rights=(), by=stage.sender("小林"))
        assert (await stage.happens(changed))[1:] == ["大家平常说的话我暂时听不见了，打卡请发 /checkin。"]
