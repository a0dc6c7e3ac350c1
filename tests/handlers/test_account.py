"""The life of the bot's own account: away, waiting to be logged in, and back; members hear nothing of it."""

from pathlib import Path

import msgspec
import pytest

from bot.core.actions import Delete, Say
from bot.core.errors import RetryLater
from bot.core.platforms import Condition
from storage import bot_accounts
from storage.db import Transaction
from tests.handlers.two_platforms import CLASS, CODE, FAR_CLASS, STAFF, Second, told, two_platforms
from tests.stage import Stage, a_stage

PNG = b"\x89PNG"


def alerts(stage: Stage, place: str = STAFF) -> list[str]:
    """What a place was told unasked of the account."""
    return [one.text for one in told(stage.platform, place) if "❗" in one.text or "✓" in one.text]


async def looks(stage: Stage, until: str) -> None:
    """Let time pass as in a running house, by looks every five minutes."""
    await stage.looks(until)
    stage.heard()


async def test_who_is_logged_out_is_told_elsewhere_once_and_when_it_is_back(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("online")
        await second.account("offline", why="logged out on the phone")
        await looks(stage, "2026-05-04 09:01")
        assert alerts(stage) == [], "most are back by then"
        await looks(stage, "2026-05-04 09:03")
        [said] = alerts(stage)
        assert "微信的号下线 2 分钟了（logged out on the phone），" in said
        assert "/login" in said
        assert "给我登录码" in stage.last.buttons
        await looks(stage, "2026-05-04 21:00")
        assert len(alerts(stage)) == 1, "once for as long as it lasts"
        await second.account("waiting", code=CODE)
        await looks(stage, "2026-05-04 21:10")
        assert len(alerts(stage)) == 1
        await second.account("online")
        await stage.happens()
        assert alerts(stage)[1:] == [
            (
                "✓ 微信的号又登上了，中间隔了 12 小时。我没听见的，不会算成谁没来；"
                "这段时间打过卡的，再说一声我就记上。\n现在都好。"
            )
        ]
        assert second.sent == [], "nothing is said by the account that was away"


async def test_one_that_comes_and_goes_is_told_once_in_two_hours(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        for ten in range(1, 6):
            await second.account("offline")
            await looks(stage, f"2026-05-04 09:{ten}0")
            await second.account("online")
            await looks(stage, f"2026-05-04 09:{ten}5")
        assert ["❗" in one for one in alerts(stage)] == [True, False]
        await second.account("offline")
        await looks(stage, "2026-05-04 11:20")
        assert ["❗" in one for one in alerts(stage)] == [True, False, True], "still away two hours later"


async def test_a_restart_of_the_gateway_is_no_news(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        for _ in range(5):
            await second.account("offline")
            stage.clock.move_to(stage.clock.now() + 60_000)
            await second.account("online")
            await looks(stage, "2026-05-04 09:30")
        assert alerts(stage) == []


async def test_in_quiet_hours_nothing_is_said_until_they_end(tmp_path: Path) -> None:
    async with two_platforms(tmp_path, now="2026-05-04 22:20") as (stage, second):
        await looks(stage, "2026-05-04 22:40")
        await second.account("waiting", code=CODE)
        await looks(stage, "2026-05-05 07:20")
        assert alerts(stage) == []
        await looks(stage, "2026-05-05 07:40")
        [said] = alerts(stage)
        assert "微信的号等着扫码登录" in said


async def test_without_a_staff_room_elsewhere_those_with_rights_are_told_there_in_private(
    tmp_path: Path,
) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await stage.engine.database.write(
            lambda tx: tx.run(
                "UPDATE community SET staff_room = (SELECT id FROM room WHERE native = :native)",
                {"native": FAR_CLASS},
            )
        )
        stage.engine.pipeline.memory.clear()
        await second.account("offline")
        await looks(stage, "2026-05-04 09:10")
        assert alerts(stage) == []
        assert len(alerts(stage, "班主任")) == 1
        await second.account("online")
        await stage.happens()
        assert [one.text for one in second.sent if "又登上了" in one.text], "its own staff room hears again"


async def test_where_nobody_can_be_told_elsewhere_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.says("班主任", "早")
        await stage.engine.database.write(
            lambda tx: tx.run("UPDATE account SET direct = 'closed' WHERE platform = 'stage'")
        )
        await stage.engine.database.write(lambda tx: tx.run("UPDATE community SET staff_room = NULL"))
        stage.engine.pipeline.memory.clear()
        await second.account("offline")
        await looks(stage, "2026-05-04 09:10")
        assert alerts(stage) == alerts(stage, "班主任") == []
        assert second.sent == []
        assert "nobody who looks after community 1 can be told" in caplog.text


async def test_who_runs_the_house_is_told_where_the_staff_cannot_be(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["stage:999"]'
    async with two_platforms(tmp_path, config=config) as (stage, second):
        await stage.says("999", "/start", room=None)
        await stage.engine.database.write(lambda tx: tx.run("UPDATE community SET staff_room = NULL"))
        await stage.engine.database.write(
            lambda tx: tx.run("UPDATE account SET direct = 'closed' WHERE native = '班主任'")
        )
        stage.engine.pipeline.memory.clear()
        await second.account("offline")
        await looks(stage, "2026-05-04 09:10")
        assert len(alerts(stage, "999")) == 1


async def test_an_account_of_no_community_yet_concerns_who_runs_the_house(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["stage:999"]'
    async with two_platforms(tmp_path, config=config, joined=False) as (stage, second):
        await stage.opens("别人的班")
        await stage.joins("别人", "admin", "别人的班")
        await stage.says("别人", "/start", room=None)
        await stage.says("999", "/start", room=None)
        await second.account("waiting", code=CODE)
        await looks(stage, "2026-05-04 09:10")
        assert alerts(stage) == alerts(stage, "别人") == []
        assert len(alerts(stage, "999")) == 1
        await stage.says("别人", "/login", room=None)
        assert stage.last.text == "这里没有要扫码登录的号。"


async def test_doctor_names_it_at_once(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("offline", why="frozen")
        await stage.says("班主任", "/doctor", room=None)
        assert "❗ 微信的号刚下线（frozen）" in stage.last.text
        await second.account("online")
        await stage.says("班主任", "/doctor", room=None)
        assert "都好" in stage.last.text


@pytest.mark.parametrize(
    ("trouble", "says"),
    [("reach", "微信网关暂时连不上"), ("token", "微信网关不认我的 token。"), ("taken", "被另一个程序占着")],
)
async def test_a_gateway_that_is_amiss_is_told_elsewhere_in_its_own_words(
    tmp_path: Path, trouble: str, says: str
) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("online")
        second.side = Condition(trouble=trouble)
        await stage.engine.ask(second)
        await looks(stage, "2026-05-04 09:10")
        [said] = alerts(stage)
        assert says in said
        assert "BotFather" not in said
        assert second.sent == []
        second.side = Condition(trouble="offline")
        await stage.engine.ask(second)
        await looks(stage, "2026-05-04 09:20")
        assert len(alerts(stage)) == 2, "that it is logged out the account itself would say"


async def test_no_right_is_asked_for_that_the_platform_cannot_give(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, _second):
        await stage.says("班主任", "/doctor", room=None)
        assert "晨读班：都好" in stage.last.text
        assert "少几样权限" not in stage.last.text


# The code.


async def test_staff_gets_the_code_as_a_picture_that_goes_after_a_minute(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        for room in (None, STAFF):
            for word in ("/login", "登录"):
                await stage.says("班主任", word, room=room)
                shown = stage.last
                assert shown.place == (room or "班主任")
                assert shown.picture is not None
                assert shown.picture.startswith(PNG)
                assert "扫这张码" in shown.text
                await stage.until(stage.clock.now() + 61_000)
                assert isinstance(stage.last.action, Delete)
                assert stage.last.action.message == shown.native


async def test_the_button_below_the_news_brings_the_newest_code(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        await looks(stage, "2026-05-04 09:10")
        await second.account("waiting", code=f"{CODE}/newer")
        said = await stage.presses("班主任", "给我登录码", room=STAFF)
        assert [one for one in said if "扫这张码" in one]
        assert stage.platform.sent[-1].picture or stage.platform.sent[-2].picture


async def test_a_code_that_changes_on_the_way_is_sent_as_it_is_then(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        await stage.says("班主任", "/login", room=None)
        first = stage.last.picture
        stage.platform.faults.append(RetryLater("pause", 30))
        await stage.says("班主任", "/login", room=None)
        await second.account("waiting", code=f"{CODE}/newer")
        await stage.until(stage.clock.now() + 40_000)
        pictures = [one.picture for one in stage.platform.sent if one.picture]
        assert pictures[0] == first
        assert pictures[-1] != first


async def test_without_a_code_it_says_how_the_account_stands(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await stage.says("班主任", "/login", room=None)
        assert stage.last.text == "这里没有要扫码登录的号。"
        await second.account("online")
        await stage.until("2026-05-04 12:00")
        await stage.says("班主任", "/login", room=None)
        assert stage.last.text == "微信：在线 3 小时了，不用再登。"
        await second.account("offline", why="frozen")
        await stage.says("班主任", "/login", room=None)
        assert stage.last.text.startswith("微信：不在线，刚下的（frozen）。")
        await second.account("waiting", code=CODE)
        await stage.until("2026-05-04 12:11")
        await stage.says("班主任", "/login", room=None)
        assert stage.last.text == "微信：等着登录，新的码还没到手。过一会儿再发 /login。"
        assert stage.last.picture is None


async def test_no_member_gets_it_and_no_room_of_members(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        before = len(stage.platform.sent)
        elsewhere = "登录码不在大家面前给。私聊我，或者到管理群里发 /login。"
        refused = "这件事要请管理员来做。"
        assert (await stage.says("小林", "/login"))[-1] == refused
        assert (await stage.says("小林", "/login", room=None))[-1] == refused
        assert await stage.says("小林", "登录") == []
        assert (await stage.says("班主任", "/login"))[-1] == elsewhere
        assert (await stage.says("班主任", "登录"))[-1] == elsewhere
        assert (await stage.presses_data("班主任", "login"))[-1] == elsewhere
        assert (await stage.presses_data("小林", "login"))[-1] == refused
        assert (await stage.presses_data("小林", "login", room=STAFF))[-1] == refused
        assert (await stage.presses_data("小林", "login@1", room=None))[-1] == refused
        assert [one for one in stage.platform.sent[before:] if one.picture] == []
        assert second.sent == []


async def test_who_looks_after_another_community_does_not_get_it(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await stage.opens("别人的班")
        await stage.joins("别人", "owner", "别人的班")
        await second.account("waiting", code=CODE)
        await stage.says("别人", "/login", room=None)
        assert stage.last.text == "这里没有要扫码登录的号。"
        assert stage.last.picture is None
        await looks(stage, "2026-05-04 09:10")
        assert alerts(stage, "别人") == []


async def test_a_staff_room_that_members_may_read_by_then_does_not_get_it(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        stage.platform.faults.append(RetryLater("pause", 30))
        await stage.says("班主任", "/login", room=STAFF)
        await stage.engine.database.write(lambda tx: tx.run("UPDATE community SET staff_room = NULL"))
        stage.engine.pipeline.memory.clear()
        await stage.until(stage.clock.now() + 60_000)
        assert [one for one in stage.platform.sent if one.picture] == []


async def everything_kept(stage: Stage) -> str:
    """All rows of the house, as text."""

    def read(tx: Transaction) -> str:
        tables = [row["name"] for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'", {})]
        return repr([tuple(row) for table in tables for row in tx.all(f"SELECT * FROM {table}", {})])  # noqa: S608

    return await stage.engine.database.read(read)


@pytest.mark.parametrize("then", ["online", "offline", ""])
async def test_the_code_is_forgotten_when_it_is_of_no_use(
    tmp_path: Path, then: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=CODE)
        assert CODE in await everything_kept(stage)
        await stage.says("班主任", "/login", room=None)
        assert stage.last.picture is not None
        if then:
            await second.account(then)
        else:
            await stage.until("2026-05-04 09:11")
        assert CODE not in await everything_kept(stage)
        assert CODE not in caplog.text
        assert CODE not in repr(await stage.engine.database.read(bot_accounts.all_of_them))


async def test_a_bug_keeps_no_code_in_its_dead_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    async with two_platforms(tmp_path) as (stage, second):
        monkeypatch.setattr(bot_accounts, "keep", break_down)
        await second.account("waiting", code=CODE)
        kept = await everything_kept(stage)
        assert "ZeroDivisionError" in kept
        assert CODE not in kept
        assert CODE not in caplog.text


@pytest.mark.parametrize(
    "code", ["x" * 5_000, "{{ 7 * 7 }}", "<script>alert(1)</script>", "'; DROP TABLE room;--", "\x1b[2J"]
)
async def test_a_strange_code_harms_nothing(tmp_path: Path, code: str) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("waiting", code=code, why=code)
        await looks(stage, "2026-05-04 09:05")
        [said] = alerts(stage)
        assert len(said) < 400
        assert "\x1b" not in said
        await stage.says("班主任", "/login", room=None)
        assert (stage.last.picture is None) == (len(code) > 1_000)


async def test_what_happens_while_it_is_away_waits_and_jobs_go_on(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("offline")
        began = stage.clock.now()
        for minutes, waits in ((4, True), (6, False)):
            stage.clock.move_to(began + minutes * 60_000)
            await stage.happens()
            known = await stage.engine.pipeline.work(lambda desk: stage.engine.jobs._known_until(desk, 1))
            assert (known < stage.clock.now()) == waits, "what it missed is never told: no job waits for it"
        second.faults += [RetryLater("away", 60)] * 3
        await second.says("小林", "帮助", room=None)
        assert second.sent == []
        await stage.until(stage.clock.now() + 10 * 60_000)
        assert len(second.sent) == 1


async def test_what_waits_for_it_is_no_trouble_of_its_own(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.account("offline")
        second.faults += [RetryLater("away", 3_600)]
        await second.says("小林", "帮助", room=None)
        await looks(stage, "2026-05-04 09:40")
        [said] = alerts(stage)
        assert "发不出去" not in said


async def test_on_one_platform_alone_nothing_of_this_is_seen(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/login", room=None)
        assert stage.last.text == "这里没有要扫码登录的号。"
        assert isinstance(stage.last.action, Say)
        assert msgspec.to_builtins(stage.last.action)["picture"] is None


async def test_members_hear_nothing_of_it(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        before = len(told(stage.platform, CLASS))
        await second.account("offline", why="frozen")
        await looks(stage, "2026-05-04 12:00")
        await second.account("waiting", code=CODE)
        await second.account("online")
        await looks(stage, "2026-05-04 13:00")
        assert len(told(stage.platform, CLASS)) == before
        assert isinstance(second, Second)
        assert told(second, FAR_CLASS) == []
