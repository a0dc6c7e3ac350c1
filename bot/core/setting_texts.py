"""How settings and their values are said: what fills the texts of `templates/<locale>/setting.html`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.config.chat import entries
from bot.core.actions import words
from bot.core.locale import LOCALES
from bot.core.modes import SECTION
from bot.core.render import Render
from rules.arguments import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.config.chat import Entry
    from bot.core.desk import Desk

CATALOGUE = ("catalogue",)
MOST_ITEMS, LONGEST_ITEM = 12, 16
"""How much of a list is shown."""


def catalogue(desk: Desk) -> Mapping[str, Entry]:
    """Every setting that may be changed from the chat, by full name: features on or off, then by section."""
    return desk.remember(CATALOGUE, lambda: _catalogue(desk))


def _catalogue(desk: Desk) -> dict[str, Entry]:
    sections = sorted(desk.house.sections.items(), key=lambda one: one[1] != SECTION)
    return {entry.name: entry for kind, section in sections for entry in entries(section, kind)}


def name_of(entry: Entry) -> str:
    """The text that is a setting's name."""
    return f"setting.name_{entry.section}_{entry.key}"


def hint_of(entry: Entry) -> str:
    """The text that explains a setting in a line."""
    return f"setting.hint_{entry.section}_{entry.key}"


def section_name(section: str) -> str:
    """The text that is the name of a section."""
    return f"setting.section_{section}"


def called(desk: Desk, said: str) -> Entry | None:
    """The setting that its page calls so, in any language; None when none is."""
    name = plain(said).rstrip(":= ")
    return next((entry for entry in catalogue(desk).values() if name in spoken(name_of(entry))), None)


def meant(entry: Entry, said: str) -> str:
    """A choice that its page calls so, in any language, as config.toml says it; all else as it was said."""
    name = plain(said)
    named = (one for one in entry.choices if name in spoken(str(shown(entry, one)["value"])))
    return next(named, said)


@cache
def spoken(text: str) -> frozenset[str]:
    """How a text without values is said in each language, in plain form."""
    return frozenset(plain(_built_in().text(words(text), locale)) for locale in LOCALES)


@cache
def _built_in() -> Render:
    return Render()


def shown(entry: Entry, value: object) -> dict[str, object]:
    """A value, as code holds it or as config.toml says it, as what fills the text `setting.value`."""
    if entry.shape == "choice" and value in entry.choices:
        group = "mode" if entry.section == SECTION else f"is_{entry.section}_{entry.key}"
        return {"shape": "choice", "value": f"setting.{group}_{value}"}
    if entry.shape == "time":
        return {"shape": "time", "value": entry.written(value)}
    if entry.shape == "list" and isinstance(value, list | tuple):
        items = [str(item)[:LONGEST_ITEM] for item in value[:MOST_ITEMS]]
        return {"shape": "list", "value": items, "more": len(value) - len(items)}
    if entry.shape == "number" and isinstance(value, float) and value.is_integer():
        value = int(value)
    return {"shape": "text" if entry.shape == "choice" else entry.shape, "value": value}


def changed(desk: Desk, name: str, before: object, after: object) -> dict[str, object]:
    """A change of a setting by full name, as what fills `core.did_setting`: `label`, `was`, `becomes`.

    `before` and `after` are as config.toml says them, empty text where nothing was set. No label: there is no
    such setting any more.
    """
    entry = catalogue(desk).get(name)
    if entry is None:
        return {"label": "", "was": None, "becomes": None}
    was, becomes = (None if value == "" else shown(entry, value) for value in (before, after))
    return {"label": name_of(entry), "was": was, "becomes": becomes}
