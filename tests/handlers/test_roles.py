"""Roles: given by reply, by name or by button, and taken without a word in the room."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.roles.asking import Change, Kind, UnknownRole, read
from rules.roles import ROLES
from storage import people, roles
from storage.db import Transaction
from tests.stage import Stage, a_stage

LIN = {"native": "小林", "name": "小林"}


async def a_class(stage: Stage, admin: str = "owner") -> None:
    await stage.opens()
    await stage.joins("班主任", admin)
    await stage.says("班主任", "/start", room=None)
    await stage.joins("小林")
    await stage.says("小林", "/start", room=None)


async def roles_of(stage: Stage, who: str) -> set[str]:
    def look(tx: Transaction) -> set[str]:
        account = people.by_native(tx, "stage", who)
        return set() if account is None else people.roles(tx, 1, account.person)

    return await stage.engine.database.read(look)


def places(stage: Stage, since: int) -> list[tuple[str, str]]:
    return [(sent.place, sent.text) for sent in stage.platform.sent[since:]]


async def test_a_reply_gives_a_role_warmly_and_takes_it_without_a_line_in_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        since = len(stage.platform.sent)
        await stage.says("班主任", "组长", reply_sender=LIN)
        assert sorted(places(stage, since)) == [
            ("小林", "小林，你现在是「晨读班」的组长了，谢谢你愿意照看大家。能做什么，发 /help 就知道。"),
            ("晨读班", "小林 从今天起是组长，多多关照。"),
        ]
        since = len(stage.platform.sent)
        await stage.says("班主任", "/leader", reply_sender=LIN)
        told = dict(places(stage, since))
        assert set(told) == {"小林", "班主任"}
        assert "辛苦" in told["小林"]
        assert await roles_of(stage, "小林") == set()


async def test_every_role_is_given_by_name_or_by_reply(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 学习委员", room=None)
        await stage.says("班主任", "职务 值日生", reply_sender=LIN)
        await stage.says("班主任", "角色 小林 leader")
        assert await roles_of(stage, "小林") == {"study", "duty", "leader"}
        assert "已经是值日生" in (await stage.says("班主任", "/role 小林 值日生", room=None))[0]
        await stage.says("班主任", "/role 小林 不再 值日生", room=None)
        assert await roles_of(stage, "小林") == {"study", "leader"}
        said = await stage.says("班主任", "/role 小林 -", room=None)
        assert any(
            "小林 不再当组长、学习委员了" in text or "小林 不再当学习委员、组长了" in text for text in said
        )
        assert await roles_of(stage, "小林") == set()
        assert await stage.says("班主任", "/role 小林 -", room=None) == ["没有可以收回的职务。"]


async def test_a_name_may_have_spaces_and_several_of_one_name_are_asked_about(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("Anna Maria", "早")
        await stage.says("班主任", "/role Anna Maria 学委", room=None)
        assert await roles_of(stage, "Anna Maria") == {"study"}
        for native, username in (("50011234", None), ("5002", "rain")):
            await stage.says(native, "早", sender={"native": native, "name": "小雨", "username": username})
        await stage.says("班主任", "/role 小雨 组长")
        assert stage.last.place == "班主任"
        assert list(stage.last.buttons) == ["小雨 …1234", "小雨 @rain"]
        await stage.presses("班主任", "@rain", room=None)
        assert await roles_of(stage, "5002") == {"leader"}
        assert await roles_of(stage, "50011234") == set()
        await stage.says("班主任", "/role @rain -", room=None)
        assert await roles_of(stage, "5002") == set()


async def test_a_role_is_chosen_with_one_thumb(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林", room=None)
        assert list(stage.last.buttons) == ["群主", "管理员", "学习委员", "组长", "值日生"]
        await stage.presses("班主任", "值日生", room=None)
        assert await roles_of(stage, "小林") == {"duty"}
        assert "✅ 值日生" in stage.last.buttons
        await stage.presses("班主任", "✅ 值日生", room=None)
        assert await roles_of(stage, "小林") == set()


async def test_the_list_is_for_those_who_may_see_it_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "admin")
        await stage.says("班主任", "/role 小林 学习委员", room=None)
        await stage.says("小林", "职务名单")
        assert stage.last.place == "小林"
        assert "管理员（记录、名单、任务、设置、职务）：班主任" in stage.last.text
        assert "学习委员（记录、名单、任务）：小林" in stage.last.text
        await stage.says("阿哲", "早")
        assert await stage.says("阿哲", "组长名单") == []
        await stage.joins("小林", "left")
        [said] = await stage.says("班主任", "/roles", room=None)
        assert "小林 ·" in said
        assert "现在不在班里的群里" in said


async def test_who_left_every_room_has_no_rights_until_they_are_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 admin", room=None)
        assert "改动记录" in (await stage.says("小林", "/audit", room=None))[0]
        await stage.joins("小林", "left")
        assert "改动记录" not in "".join(await stage.says("小林", "/audit", room=None))
        assert "没找到" in (await stage.says("班主任", "/role 小林 组长", room=None))[0]
        assert "进群以后" in (await stage.says("班主任", "/role 组长", reply_sender=LIN))[0]
        await stage.joins("小林")
        assert "改动记录" in (await stage.says("小林", "/audit", room=None))[0]


async def test_nobody_gives_more_than_they_have(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("阿哲", "早")
        await stage.says("班主任", "/role 新 人事 = 职务 记录", room=None)
        await stage.says("班主任", "/role 小林 人事", room=None)
        await stage.says("小林", "/role 阿哲 值日生", room=None)
        assert await roles_of(stage, "阿哲") == {"duty"}
        for role in ("组长", "学习委员", "管理员", "群主"):
            assert "要请群主来给" in (await stage.says("小林", f"/role 阿哲 {role}", room=None))[0]
        assert "要请群主来给" in (await stage.says("小林", "/role 新 助理 = 任务", room=None))[0]
        assert "要请群主来给" in (await stage.says("小林", "/role 组长 = 记录", room=None))[0]
        await stage.says("小林", "/role 阿哲", room=None)
        assert list(stage.last.buttons) == ["✅ 值日生", "人事"]
        account = 3
        said = await stage.presses_data("小林", f"role:{account}:+:admin", room=None)
        assert "要请群主来给" in said[0]


async def test_admins_make_no_admins(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "admin")
        assert "要请群主来给" in (await stage.says("班主任", "/role 小林 管理员", room=None))[0]
        await stage.says("", "/role 学委", sender=None, as_admin=True, reply_sender=LIN)
        assert await roles_of(stage, "小林") == {"study"}


async def test_the_last_owner_stays(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 群主", room=None)
        await stage.joins("班主任", "member")
        assert "只剩这一位" in (await stage.says("小林", "/role 小林 - 群主", room=None))[0]
        await stage.says("小林", "/role 班主任 群主", room=None)
        await stage.says("小林", "/role 小林 - 群主", room=None)
        assert await roles_of(stage, "小林") == set()


async def test_a_community_has_roles_of_its_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = await stage.says("班主任", "/role 新 助教 = 记录 任务", room=None)
        assert said == ["好，助教现在能做：记录、任务。"]
        await stage.says("班主任", "/role 小林 助教", room=None)
        assert "06:00" in (await stage.says("小林", "/task 打卡 时间 06:00-08:30", room=None))[0]
        await stage.says("班主任", "/role 改 助教 = 记录", room=None)
        assert "学习委员或管理员" in (await stage.says("小林", "/task", room=None))[0]
        await stage.says("班主任", "/role 删 助教", room=None)
        assert await roles_of(stage, "小林") == set()
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        assert await roles_of(stage, "小林") == {"助教"}
        assert "没有「班长」" in (await stage.says("班主任", "/role 小林 不再 班长", room=None))[0]


async def test_built_in_roles_can_have_other_rights_but_not_those_of_platforms(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 值日生", room=None)
        await stage.says("班主任", "/role 值日生 = 记录 任务", room=None)
        assert "班里的任务" in (await stage.says("小林", "/task", room=None))[0]
        assert "原来的样子" in (await stage.says("班主任", "/role 值日生 = 默认", room=None))[0]
        assert "学习委员或管理员" in (await stage.says("小林", "/task", room=None))[0]
        assert "改不了" in (await stage.says("班主任", "/role 管理员 = 记录", room=None))[0]
        assert "没看懂「吃饭」" in (await stage.says("班主任", "/role 组长 = 记录 吃饭", room=None))[0]


@pytest.mark.parametrize("name", ["a" * 13, "学" * 9, "a:b", "a@5", "-", "组长1 2", "<b>"])
async def test_names_of_roles_are_short_and_plain(tmp_path: Path, name: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", f"/role 新 {name} = 记录", room=None)
        assert await stage.engine.database.read(lambda tx: roles.kinds(tx, 1)) == {}


async def test_there_are_twenty_roles_of_ones_own_at_most(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for number in range(20):
            await stage.says("班主任", f"/role 新 助教{number} = 记录", room=None)
        assert "最多 20 个" in (await stage.says("班主任", "/role 新 助教20 = 记录", room=None))[0]


async def test_giving_is_kept_taken_back_and_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 学习委员", room=None)
        [said] = await stage.says("班主任", "/undo", room=None)
        assert "请 小林 当学习委员" in said
        assert "撤回后：收回 小林 的学习委员" in said
        await stage.presses("班主任", "撤回这一步", room=None)
        assert await roles_of(stage, "小林") == set()
        await stage.presses("班主任", "还是按改的来", room=None)
        assert await roles_of(stage, "小林") == {"study"}


async def test_taking_back_asks_for_the_right_to_give_of_that_moment(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.joins("副班", "admin")
        await stage.says("班主任", "/role 小林 管理员", room=None)
        said = await stage.presses_data("副班", "undo:1:do:", room=None)
        assert "要请群主来给" in said[0]
        assert await roles_of(stage, "小林") == {"admin"}


async def test_words_that_mean_nothing_here_are_talk(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for text in ("组长", "职务", "角色 扮演真有意思", "角色 小明 很有意思 - 真的"):
            assert await stage.says("班主任", text) == [], text
        assert await stage.says("小林", "组长", reply_sender=LIN) == []
        assert "回复" in (await stage.says("班主任", "/leader"))[0]
        robot = {"native": "bot", "name": "bot", "is_bot": True}
        assert "回复" in (await stage.says("班主任", "/leader", reply_sender=robot))[0]
        assert "没有「班长」" in (await stage.says("班主任", "/role 小林 班长"))[0]
        assert "没找到「没有人」" in (await stage.says("班主任", "/role 没有人 组长"))[0]


@pytest.mark.parametrize(
    "data", ["", "1", "1:+", "x:+:leader", "9999:+:leader", "1:*:leader", "1:+:none", "1:-:"]
)
async def test_hostile_data_gives_nothing(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.presses_data("班主任", f"role:{data}", room=None)
        assert await stage.engine.database.read(lambda tx: roles.holders(tx, 1)) == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("小林 学习委员", Change("小林", "study")),
        ("Anna Maria 組長", Change("Anna Maria", "leader")),
        ("学委", Change("", "study")),
        ("小林", Change("小林", None)),
        ("", Change("", None)),
        ("小林 -", Change("小林", None, take=True)),
        ("小林 - 值日生", Change("小林", "duty", take=True)),
        ("小林 不再当 助教", Change("小林", "助教", take=True)),
        ("不再 组长", Change("", "leader", take=True)),
        ("-", Change("", None, take=True)),
        ("新 助教 = 记录 任务", Kind("助教", "记录 任务")),
        ("助教=记录", Kind("助教", "记录")),
        ("组长 ＝ 默认", Kind("组长", "")),
        ("删 助教", Kind("助教", "")),
        ("delete helper", Kind("helper", "")),
    ],
)
def test_what_is_said_is_understood(said: str, asked: object) -> None:
    assert read(said, ["助教"], replied=False) == asked


def test_a_role_that_is_none_is_no_name_in_a_reply() -> None:
    with pytest.raises(UnknownRole):
        read("班长", [], replied=True)
    with pytest.raises(UnknownRole):
        read("小林 - 班长", [], replied=False)


@given(
    st.text(alphabet=st.sampled_from("小林 组长不再新删=-＝@a1\n\u202e"), max_size=40) | st.text(),
    st.booleans(),
)
def test_whatever_is_said_is_understood_or_refused(said: str, replied: bool) -> None:
    try:
        asked = read(said, ["助教"], replied=replied)
    except UnknownRole:
        return
    if isinstance(asked, Change) and asked.role is not None:
        assert asked.role in {*ROLES, "助教"}
