"""How settings, their values and their changes are said."""

from pathlib import Path

from bot.core.setting_texts import catalogue, changed, hint_of, name_of, shown
from tests.stage import a_stage


async def test_features_come_first_and_secrets_never(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        found = await stage.engine.pipeline.work(catalogue)
        assert next(iter(found)).startswith("features.")
        assert {name.partition(".")[0] for name in found}.isdisjoint(
            {"bot", "community", "web", "room", "templates", "telegram"}
        )
        entry = found["recap.evening"]
        assert name_of(entry) == "setting.name_recap_evening"
        assert hint_of(entry) == "setting.hint_recap_evening"


async def test_values_are_said_as_people_write_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        found = await stage.engine.pipeline.work(catalogue)
    assert shown(found["recap.evening_at"], 1290) == {"shape": "time", "value": "21:30"}
    assert shown(found["recap.evening_at"], "21:30") == {"shape": "time", "value": "21:30"}
    assert shown(found["scoring.half_life"], 14.0) == {"shape": "number", "value": 14}
    assert shown(found["features.recap"], "on") == {"shape": "choice", "value": "setting.mode_on"}
    assert shown(found["recap.evening"], "of old") == {"shape": "text", "value": "of old"}
    assert shown(found["checkin.words"], ["字" * 40] * 20) == {
        "shape": "list",
        "value": ["字" * 16] * 12,
        "more": 8,
    }


async def test_a_change_of_what_there_is_no_more_has_no_name(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        known = await stage.engine.pipeline.work(lambda desk: changed(desk, "recap.digest", "", False))
        gone = await stage.engine.pipeline.work(lambda desk: changed(desk, "recap.gone", 1, 2))
    assert known == {
        "label": "setting.name_recap_digest",
        "was": None,
        "becomes": {"shape": "switch", "value": False},
    }
    assert gone == {"label": "", "was": None, "becomes": None}
