"""Changes in plain words, in the reader's language, also old ones and those of which a part is gone."""

from pathlib import Path

import msgspec
import pytest

from bot.core.actions import words
from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.retelling import acts_of, told
from handlers import FEATURES
from storage import audits
from tests.stage import a_stage

ACTS: dict[str, tuple[str, ...]] = {}


def tell(ctx: Context, arguments: str) -> None:
    """`/tell act|subject|before|after|why`, the values as they stand in the audit, also those of old."""
    act, subject, before, after, why = arguments.split("|")
    kept = msgspec.Raw(before.encode()), msgspec.Raw(after.encode())
    change = audits.by_id(ctx.tx, ctx.community.id, ctx.audit(act, subject, *kept, why=why))
    assert change is not None
    ACTS.update({name: acts_of(ctx, name) for name in ("roles", "setting", "home")})
    ctx.say(words("core.change", **told(ctx, change)))


FEATURED = (*FEATURES, Feature(name="telling", commands=(Command("tell", tell, takes=True),)))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("setting|talk.lines_a_day|4|3|", "设置「一天主动说几句」：4 → 3"),
        ('setting|features.recap|"on"|"off"|', "设置「晚间小结」：开 → 关"),
        ("setting|gone.key|true|false|", "设置 gone.key：开 → 关"),
        ('setting|talk.x|["a","b"]|null|', "设置 talk.x：a、b → 没有设"),
        ("language|room:1|zh-Hans|en|", "群里的语言：简体中文 → English"),
        ("time_rule||Asia/Shanghai 04:00|UTC 00:00|", "时区和换日时间：北京 04:00 → UTC 00:00"),
        ("role|person:1 leader||held|", "请 小林 当组长"),
        ("role|person:1 助教|held||", "收回 小林 的助教"),
        ('role_kind|leader||["mend"]|', "职务「组长」：没有设 → 记录"),
        ("task|task:1||used|", "加了任务「打卡」"),
        ('task|task:1|{"late":false}|{"late":true}|', "任务「打卡」：过点 不算 → 也算"),
        ("task|晨读||added|", "加了任务「晨读」"),
        ('pause|2026-05-01|null|"2026-05-03"|五一', "从5月1日起全班休息：没有 → 到5月3日（五一）"),
        ("rest||[]|[5,6]|", "每周休息日：没有 → 周末"),
        ('mend|account:1 task:1 2026-05-04||{"standing":"counted"}|', "小林 5月4日「打卡」的打卡：算上了"),
        (
            'mend|account:1 task:1 2026-05-04|{"comment":""}|{"comment":"好"}|',
            "小林 5月4日「打卡」的打卡：点评「好」",
        ),
        ("relay|读书会||20|", "开了报名「读书会」，20 个名额"),
        ("of_old|person 5|a|b|", "person 5：a → b"),
        ("of_old|x|<b>|{{ x }}|", "x：<b> → {{ x }}"),
        ("role|person:99 leader||held|", "请  当组长"),
    ],
)
async def test_every_change_is_said_in_its_feature_s_words(tmp_path: Path, act: str, expected: str) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        [said] = await stage.says("小林", f"/tell {act}")
        assert said == f"#1 5月4日 09:00 小林：{expected}"


async def test_long_texts_are_cut_so_that_a_page_fits_into_a_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        [said] = await stage.says("小林", f"/tell of_old|x|{'长' * 900}|短|")
        assert len(said) < 120
        assert "…" in said


async def test_a_feature_s_acts_are_those_it_names(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "/tell of_old|x|||")
        assert ACTS == {"roles": ("role", "role_kind"), "setting": ("setting",), "home": ()}
