"""How settings, their values and their changes are said."""

from pathlib import Path

from bot.core.locale import LOCALES
from bot.core.render import Render
from bot.core.setting_texts import catalogue, changed, hint_of, name_of, shown
from handlers.settings.pages import written
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


async def test_every_setting_has_a_name_and_a_line_in_every_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        found = list((await stage.engine.pipeline.work(catalogue)).values())
    assert len(found) > 40
    for locale in LOCALES:
        blocks = {f"{file}.{block}" for file, names in Render().blocks(locale).items() for block in names}
        for entry in found:
            assert name_of(entry) in blocks
            assert hint_of(entry) in blocks
            assert f"setting.section_{entry.section}" in blocks
            for choice in entry.choices:
                assert shown(entry, choice)["value"] in blocks


async def test_no_name_is_left_of_a_setting_that_there_is_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        found = list((await stage.engine.pipeline.work(catalogue)).values())
    used = {text for entry in found for text in (name_of(entry), hint_of(entry))}
    used |= {f"setting.section_{entry.section}" for entry in found}
    used |= {str(shown(entry, choice)["value"]) for entry in found for choice in entry.choices}
    used |= {f"setting.mode_{mode}" for mode in ("on", "off", "suggest")} | {"setting.value"}
    assert {f"setting.{block}" for block in Render().blocks("zh-Hans")["setting"]} <= used


async def test_the_data_of_every_button_fits(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for entry in list((await stage.engine.pipeline.work(catalogue)).values()):
            values = entry.choices or entry.presets() or ["off"]
            for value in values:
                assert len(f"set:as:999999:{entry.name}:{written(entry, value)}@999999".encode()) <= 64
