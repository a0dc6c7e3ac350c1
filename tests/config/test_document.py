"""The example file and the page of settings: true to the types, and up to date."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, SecretStr

from bot import app
from bot.__main__ import HOUSE
from bot.config import ENVIRONMENT, Settings, TimeOfDay, all_sections, load
from bot.config.document import example, page
from bot.config.problems import Sections


class Task(Settings):
    """A task."""

    name: str = Field(description="Its name.", min_length=1, max_length=20, examples=["晨读"])
    opens: TimeOfDay = Field(330, description="From when on.")


class Checkin(Settings):
    """Check-in by word."""

    per_room = frozenset({"share"})

    tasks: tuple[Task, ...] = Field((), description="What there is to do.")
    share: Annotated[float, Field(gt=0, le=1)] = Field(0.5, description="This | or that.")
    days: tuple[int, ...] = Field((1, 2), description="On which days.")
    weights: dict[str, float] = Field({"a b": 1.5, "reply": 2}, description="Weights.")
    quiet: TimeOfDay | None = Field(None, description="A pause.", examples=["12:00"])
    least: int = Field(3, ge=1, description="At least so many.")
    most: int = Field(3, le=9, lt=10, description="At most so many.")
    secret: SecretStr | None = Field(None, description="A word.", examples=["word"])


SOME: Sections = all_sections({"checkin": Checkin})


@pytest.mark.parametrize(
    "part",
    [
        "# Check-in by word.\n[checkin]\n",
        "# This | or that. (a number, at most 1, more than 0)\n# share = 0.5\n",
        "# On which days. (a list of: a whole number)\n# days = [1, 2]\n",
        '# Weights. (a table of: a number)\n# weights = {"a b" = 1.5, reply = 2.0}\n',
        '# A pause. (a time of day, "00:00" to "23:59")\n# quiet = "12:00"\n',
        "# At least so many. (a whole number, at least 1)\n# least = 3\n",
        "# At most so many. (a whole number, at most 9, less than 10)\n# most = 3\n",
        '# A word. (text, kept secret)\n# secret = "word"\n\n# What there is to do.\n# [[checkin.tasks]]\n',
        '# Its name. (text, at least 1 long, at most 20 long, needed)\n# name = "晨读"\n',
        '# From when on. (a time of day, "00:00" to "23:59")\n# opens = "05:30"\n',
    ],
)
def test_the_example_tells_all_about_a_setting(part: str) -> None:
    assert part in example(SOME)


@pytest.mark.parametrize(
    "row",
    [
        "| `share` | This \\| or that. | `0.5` | a number, at most 1, more than 0 | room |",
        '| `quiet` | A pause. | none | a time of day, "00:00" to "23:59" | community |',
        "| `tasks` | What there is to do. | none | a list of: a table |  |",
        "Each `[[checkin.tasks]]`:",
        "| `name` | Its name. | none | text, at least 1 long, at most 20 long, needed |  |",
    ],
)
def test_the_page_tells_all_about_a_setting(row: str) -> None:
    assert row in page(SOME).splitlines()


def test_an_example_as_it_is_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(example(SOME))
    assert load(path, {"checkin": Checkin}, {}) == load(tmp_path / "none.toml", {"checkin": Checkin}, {})


def uncommented(text: str) -> str:
    """The example with every setting taken out of its comment."""
    return re.sub(r"(?m)^# (\w+ = |\[\[)", r"\1", text)


@pytest.mark.parametrize("sections", [SOME, all_sections(app.feature_settings())], ids=["some", "real"])
def test_an_example_with_every_setting_in_force_holds(tmp_path: Path, sections: Sections) -> None:
    path = tmp_path / "config.toml"
    source = uncommented(example(sections)).replace("123456789:ABC-…", "123456789:ABC-defghijklmnopqrstuvw")
    written = tomllib.loads(source)
    assert all(written[name].keys() == kind.model_fields.keys() for name, kind in sections.items())
    path.write_text(source)
    own = {name: kind for name, kind in sections.items() if name not in all_sections({})}
    assert load(path, own, {}).home == tmp_path


def test_every_setting_has_a_description_and_is_named_once() -> None:
    for name, kind in all_sections(app.feature_settings()).items():
        assert kind.__doc__, name
        assert [key for key, field in kind.model_fields.items() if not field.description] == [], name


def test_variables_stand_for_settings_that_exist() -> None:
    for variable, (section, name) in ENVIRONMENT.items():
        field = all_sections({})[section].model_fields[name]
        assert variable in (field.description or "")


@pytest.mark.parametrize(
    ("file", "write", "option"),
    [("config.example.toml", example, "--example"), ("docs/settings.md", page, "--page")],
    ids=["example", "page"],
)
def test_the_written_files_are_up_to_date(file: str, write: object, option: str) -> None:
    assert callable(write)
    fresh = write(all_sections(app.feature_settings()))
    assert (HOUSE / file).read_text() == fresh, f"write it anew: ./run settings {option} > {file}"
