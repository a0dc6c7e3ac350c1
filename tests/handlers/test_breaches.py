"""What somebody tries to get who may not: rights, rooms and words that are others'."""

from pathlib import Path

from bot.core import manners
from bot.core.actions import words
from bot.core.context import Context
from bot.core.desk import Desk
from storage import people, roles
from storage.db import Row, Transaction
from tests.stage import Stage, a_stage


async def two_communities(stage: Stage) -> None:
    """A class of 班主任 with 小林 in it, and a class of strangers that is another community's."""
    await stage.opens("晨读班")
    await stage.opens("别家")
    await stage.joins("班主任", "owner", "晨读班")
    await stage.joins("外人", "owner", "别家")
    await stage.joins("小林", "member", "晨读班")
    for who in ("班主任", "外人", "小林"):
        await stage.says(who, "/start", room=None)


async def give(stage: Stage, who: str, *names: str, kinds: dict[str, str] | None = None) -> None:
    """Somebody of the first community has these roles; `kinds`: what roles may do there."""

    def write(tx: Transaction) -> None:
        for name, rights in (kinds or {}).items():
            roles.set_kind(tx, 1, name, rights)
        for name in names:
            people.give_role(tx, 1, person_of(tx, who), name, 0, None)

    await stage.engine.database.write(write)
    stage.engine.pipeline.memory.clear()


def person_of(tx: Transaction, who: str) -> int:
    account = people.by_native(tx, "stage", who)
    assert account is not None
    return account.person


async def rows(stage: Stage, query: str) -> list[Row]:
    return await stage.engine.database.read(lambda tx: tx.all(query))


async def test_who_may_give_roles_gets_no_right_by_making_one_what_it_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        await give(stage, "小林", "助教", kinds={"助教": "mend roles", "study": "mend"})
        await stage.says("小林", "/role 小林 学习委员", room=None)
        [said] = await stage.says("小林", "/role 学习委员 = 默认", room=None)
        assert "名单、任务" in said
        [refused] = await stage.says("小林", "/pause 明天", room=None)
        assert "这件事要请" in refused


async def test_a_role_that_is_gone_is_not_given_by_undo(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        for said in ("新 助教 = 记录", "小林 助教", "小林 - 助教", "删 助教"):
            await stage.says("班主任", f"/role {said}", room=None)
        [taken] = await rows(stage, "SELECT id FROM audit WHERE act = 'role' AND after = ''")
        [said] = await stage.presses_data("班主任", f"undo:{taken['id']}:do@1", room=None)
        assert "没有「助教」这个职务" in said
        assert await rows(stage, "SELECT * FROM role") == []


async def test_no_title_and_no_button_names_somebody_of_another_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        stranger = await stage.engine.database.read(lambda tx: person_of(tx, "外人"))
        await stage.says("班主任", f"/signup person:{stranger} 3")
        told = await stage.says("班主任", "/audit", room=None)
        told += await stage.presses_data("班主任", f"audit:0:p{stranger}@1", room=None)
        assert f"person：{stranger}" in told[0]
        assert "外人" not in "".join(told)


async def test_a_button_of_a_community_that_one_left_does_nothing_in_another(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        await stage.joins("小林", "member", "别家")
        await stage.joins("班主任", "owner", "别家")
        await stage.says("班主任", "/role 小林", room=None)
        await stage.joins("班主任", "left", "晨读班")
        [refused] = await stage.presses("班主任", "组长", room=None)
        assert "另一个社群的" in refused
        assert await rows(stage, "SELECT * FROM role") == []


# What waits in the queue while the staff room, or who has rights, changes.


ALERT = words("rooms.right", right="read")
OWN = words("language.mine_done", code="en")
MORNING = 8 * 3_600_000


async def queue_at_night(stage: Stage, *communities: int) -> None:
    """Alerts for the staff of these communities, and a private word for 班主任, wait till morning."""

    def queue(desk: Desk) -> None:
        for community in communities:
            Context(desk, at=desk.now, community=community).report(ALERT)
        account = people.by_native(desk.tx, "stage", "班主任")
        assert account is not None
        context = Context(desk, at=desk.now, community=1)
        manners.tell(context, account, OWN, not_before=desk.now + MORNING)

    await stage.engine.pipeline.work(queue)


async def morning(stage: Stage) -> list[tuple[str, str]]:
    """Where what waited was said in the morning."""
    since = len(stage.platform.sent)
    await stage.until("2026-05-05 09:00")
    return [(sent.place, sent.text) for sent in stage.platform.sent[since:]]


async def test_only_the_alerts_of_a_community_move_with_its_staff_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:30") as stage:
        await two_communities(stage)
        await stage.joins("班主任", "owner", "别家")
        for community in (1, 2):
            await stage.presses_data("班主任", f"staffroom:{community}@{community}", room=None)
        await queue_at_night(stage, 1, 2)
        await stage.opens("管理小群")
        await stage.joins("班主任", "owner", "管理小群")
        await stage.presses_data("班主任", "staffroom:1", room="管理小群")
        said = await morning(stage)
        assert [place for place, text in said if "English" in text] == ["班主任"]
        assert sorted(place for place, text in said if "English" not in text) == ["班主任", "管理小群"]
        [doctor] = await stage.says("班主任", "/doctor", room="管理小群")
        assert "没送到" not in doctor


async def test_who_has_no_right_any_more_is_told_nothing_that_waited(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:30") as stage:
        await two_communities(stage)
        await stage.says("班主任", "/staffroom", room=None)
        await queue_at_night(stage, 1)
        await stage.joins("班主任", "member", "晨读班")
        said = await morning(stage)
        assert [text for place, text in said if place == "班主任"] == ["好，以后私下跟你说 English。"]
        assert [
            row["outcome"] for row in await rows(stage, "SELECT * FROM outbox WHERE state = 'expired'")
        ] == ["for_staff"]


async def test_a_change_of_the_staff_room_is_taken_back_into_no_room_of_others(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        await stage.joins("班主任", "owner", "管理小群")
        await stage.opens("管理小群")
        await stage.joins("副手", "admin", "晨读班")
        await stage.says("副手", "/start", room=None)
        await stage.says("班主任", "/staffroom", room="管理小群")
        await stage.says("班主任", "/staffroom off", room=None)
        [_, off] = await rows(stage, "SELECT id FROM audit WHERE act = 'staff_room' ORDER BY id")
        [said] = await stage.presses_data("副手", f"undo:{off['id']}:do@1", room=None)
        assert "有别的用处" in said
        assert [row["staff_room"] for row in await rows(stage, "SELECT * FROM community")] == [None] * 3


async def test_a_class_becomes_no_staff_room_by_undo(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_communities(stage)
        await stage.joins("班主任", "owner", "夜读班")
        await stage.opens("夜读班")
        await stage.presses_data("班主任", "staffroom:1", room="夜读班")
        await stage.says("班主任", "/staffroom off", room=None)
        await stage.says("小林", "打卡 读了三页", room="夜读班")
        [_, off] = await rows(stage, "SELECT id FROM audit WHERE act = 'staff_room' ORDER BY id")
        [said] = await stage.presses_data("班主任", f"undo:{off['id']}:do@1", room=None)
        assert "有别的用处" in said


# Becoming an owner by owning a group of one's own.


async def a_helper_with_settings(stage: Stage, *groups: str) -> None:
    """小林 may change settings in the class, and owns some groups alone."""
    await two_communities(stage)
    await give(stage, "小林", "技术", kinds={"技术": "settings"})
    for group in groups:
        await stage.joins("小林", "owner", group)
        await stage.opens(group)


async def roles_in_the_class(stage: Stage) -> list[str]:
    """The roles that are held in the first community; in a group of one's own one may have any."""
    return [row["name"] for row in await rows(stage, "SELECT name FROM role WHERE community = 1")]


async def test_a_group_of_one_s_own_joins_only_by_who_may_give_roles(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_helper_with_settings(stage, "小林的群")
        [said] = await stage.presses_data("小林", "setup:join:1", room="小林的群")
        assert "这个选项放太久了" in said
        await stage.says("小林", "/role 小林 管理员", room=None)
        assert await roles_in_the_class(stage) == ["技术"]


async def test_a_staff_room_of_others_never_stays_as_a_class(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_helper_with_settings(stage, "群甲", "群乙")
        await stage.presses_data("小林", "setup:join:3", room="群乙")
        await stage.presses_data("小林", "staffroom:1:yes", room="群乙")
        await stage.says("小林", "/staffroom off", room=None)
        homes = await rows(stage, "SELECT title, community FROM room WHERE community IS NOT NULL ORDER BY id")
        assert [row["community"] for row in homes] == [1, 2, 3, 3]
        await stage.says("小林", "/role 小林 管理员", room=None)
        assert await roles_in_the_class(stage) == ["技术"]
