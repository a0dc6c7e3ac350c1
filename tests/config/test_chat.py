"""Settings one by one, as the chat reads, checks, steps and toggles them."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

from bot.app import feature_settings
from bot.config import Settings, TalkSettings, TimeOfDay
from bot.config.chat import Entry, Refused, entries
from bot.config.values import FROM_FILE

SECTIONS: dict[str, type[BaseModel]] = {"talk": TalkSettings, **feature_settings()}
ENTRIES = [entry for section, kind in SECTIONS.items() for entry in entries(section, kind)]


class Item(Settings):
    """A table."""

    name: str = Field("", description="Its name.")


class Odd(Settings):
    """Values of every sort."""

    per_room = frozenset({"share"})

    share: Annotated[float, Field(gt=0, lt=1)] = Field(0.5, description="Between the bounds.")
    at: TimeOfDay | None = Field(None, description="A time or none.")
    note: str = Field("", max_length=5, description="Text.")
    days: tuple[int, ...] = Field((), description="Numbers.")
    items: tuple[Item, ...] = Field((), description="Tables.")
    secret: SecretStr | None = Field(None, description="A secret.")
    folder: Path | None = Field(None, description="A folder.")
    mode: Literal["on", "suggest", "off"] = Field("on", description="A mode.")
    pair: int = Field(1, description="Must be odd.")

    @field_validator("pair")
    @classmethod
    def _odd(cls, value: int, info: ValidationInfo) -> int:
        if value % 2 == 0 and "share" in info.data:
            raise ValueError("must be odd")
        return value


ODD = {entry.key: entry for entry in entries("odd", Odd)}


def test_secrets_folders_and_tables_are_not_for_the_chat() -> None:
    assert set(ODD) == {"share", "at", "note", "mode", "pair"}
    assert [key for key, entry in ODD.items() if entry.per_room] == ["share"]


def test_a_value_is_checked_among_those_it_stands_with() -> None:
    with pytest.raises(Refused):
        ODD["pair"].read(Odd(), "4")
    assert ODD["pair"].read(Odd(), "５") == 5
    with pytest.raises(Refused):
        ODD["note"].read(Odd(), "sechs!")
    assert ODD["note"].read(Odd(), "a\x07b") == "ab"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("recap.evening_at", "21:00", "21:00"),
        ("recap.evening_at", "晚上九点半", "21:30"),
        ("recap.evening_at", "9pm", "21:00"),
        ("recap.evening", "LIST", "list"),
        ("recap.milestones", "关", False),
        ("recap.milestones", "on", True),
        ("features.recap", "开", "on"),
        ("features.recap", "關閉", "off"),
        ("talk.lines_a_day", "８", 8),
        ("scoring.half_life", "7.5", 7.5),
        ("checkin.words", "打卡，今天 到 了、done;打卡", ["打卡", "今天 到 了", "done"]),
        ("checkin.words", '["打卡", "到"]', ["打卡", "到"]),
    ],
)
def test_people_write_values_as_they_like(key: str, text: str, value: object) -> None:
    entry = named(key)
    assert entry.read(entry.kind(), text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("recap.evening_at", "25:00"),
        ("recap.evening_at", "1290"),
        ("recap.evening", "weekly"),
        ("recap.milestones", "maybe"),
        ("features.checkin", "suggest"),
        ("talk.lines_a_day", "49"),
        ("talk.lines_a_day", "4.5"),
        ("talk.lines_a_day", "9" * 900),
        ("scoring.half_life", "nan"),
        ("scoring.half_life", "1e999"),
        ("checkin.words", ",,,"),
        ("checkin.words", ",".join(map(str, range(51)))),
        ("checkin.words", "字" * 1001),
    ],
)
def test_what_a_setting_does_not_take_is_refused(key: str, text: str) -> None:
    entry = named(key)
    with pytest.raises(Refused):
        entry.read(entry.kind(), text)


def test_minutes_and_hours_are_times_and_wrap_at_midnight() -> None:
    entry = named("talk.quiet_from")
    assert entry.stepped(1_435, up=True) == "00:25"
    assert entry.stepped(5, up=False) == "23:35"
    assert entry.written(1_350) == "22:30"
    assert entry.presets() == ["20:30", "21:30", "22:30", "23:30", "00:30"]


def test_a_step_stays_within_the_bounds() -> None:
    assert named("talk.lines_a_day").stepped(48, up=True) == 48
    assert named("talk.lines_a_day").stepped(0, up=False) == 0
    assert named("scoring.points_reaction_given").stepped(0.3, up=True) == 0.4


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_toggles_steps_and_presets_are_always_taken(entry: Entry) -> None:
    value: object = entry.default
    seen = []
    for tap in range(8):
        if entry.shape in ("switch", "choice"):
            value = entry.next_after(value)
        elif entry.shape in ("time", "number"):
            value = entry.stepped(taken(entry, entry.written(value)), up=tap % 3 > 0)
        seen.append(entry.checked(entry.kind(), entry.written(value)))
    for preset in entry.presets():
        assert entry.checked(entry.kind(), preset) == preset
    if entry.shape == "choice":
        assert set(seen) == set(entry.choices)


def taken(entry: Entry, value: object) -> object:
    settings: BaseModel = entry.kind.model_validate({entry.key: value}, context=FROM_FILE)
    found: object = getattr(settings, entry.key)
    return found


def named(name: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.name == name)


@given(entry=st.sampled_from([*ENTRIES, *ODD.values()]), text=st.text(max_size=60))
def test_whatever_is_written_is_taken_by_the_type_or_refused(entry: Entry, text: str) -> None:
    try:
        value = entry.read(entry.kind(), text)
    except Refused:
        return
    assert entry.written(taken(entry, value)) == value
    assert entry.checked(entry.kind(), value) == value
