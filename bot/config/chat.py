"""Single settings as the chat shows and changes them, read from the types of config.toml."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.config.values import FROM_FILE, Kind, Settings, TimeOfDay, show_time
from rules.argument_times import read_time
from rules.arguments import ArgumentError, plain
from rules.calendar import MINUTES_A_DAY

Shape = Literal["switch", "choice", "time", "number", "list", "text"]
"""How a value is written and changed: on or off, one of a few, a time of day, a number, a list, free text."""

LONGEST_READ = 1000
"""Characters of a value that are read at all."""

ON = frozenset({"on", "true", "yes", "1", "开", "開", "是", "打开", "打開", "要"})
OFF = frozenset({"off", "false", "no", "0", "关", "關", "否", "关闭", "關閉", "不要"})
SUGGEST = frozenset({"suggest", "建议", "建議"})
BETWEEN_ITEMS = str.maketrans(dict.fromkeys("，、;；\n", ","))


class Refused(Exception):
    """A value that a setting does not take; `entry` says which ones it does."""

    def __init__(self, entry: "Entry") -> None:
        super().__init__(entry.name)
        self.entry = entry


@dataclass(frozen=True)
class Entry:
    """One setting: where it stands, what it takes, and whether a room may have a value of its own."""

    section: str
    key: str
    kind: type[BaseModel]
    shape: Shape
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    whole: bool = False
    per_room: bool = False

    @property
    def name(self) -> str:
        """Its full name, as in config.toml: `recap.evening_at`."""
        return f"{self.section}.{self.key}"

    @property
    def default(self) -> object:
        """Its default, as code holds it."""
        return self.kind.model_fields[self.key].get_default(call_default_factory=True)

    def written(self, value: object) -> object:
        """A value as config.toml would say it: times as "21:30", lists as lists."""
        if self.shape == "time" and isinstance(value, int):
            return show_time(value)
        return list(value) if isinstance(value, tuple) else value

    def checked(self, settings: BaseModel, value: object) -> object:
        """A value as config.toml would say it, once its type took it; Refused when it does not.

        `settings` are those that it would stand among.
        """
        try:
            taken = self.kind.model_validate(settings.model_dump() | {self.key: value}, context=FROM_FILE)
        except ValidationError as error:
            raise Refused(self) from error
        return self.written(getattr(taken, self.key))

    def read(self, settings: BaseModel, text: str) -> object:
        """What somebody wrote, as config.toml would say it; Refused when it is none of its values."""
        if len(text) > LONGEST_READ:
            raise Refused(self)
        return self.checked(settings, _READERS[self.shape](self, text))

    def next_after(self, value: object) -> object:
        """The value that a tap leads to, for a switch or a choice."""
        if self.shape == "switch":
            return not value
        return self.choices[(self.choices.index(str(value)) + 1) % len(self.choices)]

    def stepped(self, value: object, up: bool) -> object:  # noqa: FBT001 - up or down
        """A number or a time one step further, as config.toml would say it, within its bounds."""
        assert isinstance(value, int | float)
        step = self.step if up else -self.step
        if self.shape == "time":
            return show_time(int(value + step) % MINUTES_A_DAY)
        return self._bounded(value + step)

    @property
    def step(self) -> float:
        """How far a tap on plus or minus goes: half an hour, or about a tenth of a usual value."""
        if self.shape == "time":
            return 30
        usual = self.default if isinstance(self.default, int | float) else 0
        if usual >= 20:
            return 5
        return 1 if self.whole or usual >= 5 else 0.5 if usual >= 1 else 0.1

    def presets(self) -> list[object]:
        """A few values worth a tap, as config.toml would say them, in order."""
        usual = self.default
        if self.shape not in ("time", "number") or not isinstance(usual, int | float):
            return []
        if self.shape == "time":
            return [show_time(int(usual + hours * 60) % MINUTES_A_DAY) for hours in (-2, -1, 0, 1, 2)]
        least = [] if self.least is None else [self.least]
        return [*sorted({self._bounded(value) for value in (*least, usual / 2, usual, usual * 2)})]

    def _bounded(self, value: float) -> int | float:
        value = value if self.least is None else max(self.least, value)
        value = value if self.most is None else min(self.most, value)
        return round(value) if self.whole else round(float(value), 3)


def entries(section: str, kind: type[BaseModel]) -> Iterator[Entry]:
    """The settings of a section that may be changed from the chat: neither secrets, folders nor tables."""
    if not issubclass(kind, Settings) or not kind.in_chat:
        return
    per_room = kind.per_room
    for key, field in kind.model_fields.items():
        found = _shape(field)
        if found is not None:
            yield Entry(section, key, kind, per_room=key in per_room, **found)


def _shape(field: FieldInfo) -> dict[str, Any] | None:
    annotation = _without_none(field.annotation)
    if get_origin(annotation) is Annotated:
        annotation, *marks = get_args(annotation)
        metadata = [*marks, *field.metadata]
    else:
        metadata = field.metadata
    if _MARK_OF_TIME in metadata:
        return {"shape": "time"}
    if get_origin(annotation) is Literal:
        return {"shape": "choice", "choices": get_args(annotation)}
    if get_origin(annotation) in (list, tuple) and _is_text(get_args(annotation)[0]):
        return {"shape": "list", **_bounds(metadata)}
    return _PLAIN[annotation] | _bounds(metadata) if annotation in _PLAIN else None


_MARK_OF_TIME = next(mark for mark in get_args(TimeOfDay) if isinstance(mark, Kind))
_PLAIN: Mapping[Any, dict[str, Any]] = {
    bool: {"shape": "switch"},
    int: {"shape": "number", "whole": True},
    float: {"shape": "number"},
    str: {"shape": "text"},
}


def _is_text(annotation: Any) -> bool:  # noqa: ANN401 - an annotation is any object
    return (get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation) is str


def _without_none(annotation: Any) -> Any:  # noqa: ANN401 - an annotation is any object
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return parts[0] if len(parts) == 1 else None
    return annotation


def _bounds(metadata: list[Any]) -> dict[str, Any]:
    marks = [mark for item in metadata for mark in (getattr(item, "metadata", None) or [item])]
    return {
        "least": next((getattr(mark, _LEAST[type(mark)]) for mark in marks if type(mark) in _LEAST), None),
        "most": next((getattr(mark, _MOST[type(mark)]) for mark in marks if type(mark) in _MOST), None),
    }


_LEAST = {Ge: "ge", Gt: "gt", MinLen: "min_length"}
_MOST = {Le: "le", Lt: "lt", MaxLen: "max_length"}


def _read_switch(entry: Entry, text: str) -> object:
    word = plain(text)
    if word not in ON | OFF:
        raise Refused(entry)
    return word in ON


def _read_choice(entry: Entry, text: str) -> object:
    word = plain(text)
    meant = {"on": ON, "off": OFF, "suggest": SUGGEST}
    for choice in entry.choices:
        if word == choice.casefold() or word in meant.get(choice, ()):
            return choice
    raise Refused(entry)


def _read_time(entry: Entry, text: str) -> object:
    try:
        return show_time(read_time(text))
    except ArgumentError as error:
        raise Refused(entry) from error


def _read_number(entry: Entry, text: str) -> object:
    word = plain(text).replace(",", "")
    try:
        return int(word) if entry.whole else float(word)
    except ValueError as error:
        raise Refused(entry) from error


def _read_list(_entry: Entry, text: str) -> object:
    """Items between commas, once each; brackets and quotes around them, as in the file, are no matter."""
    parts = text.strip().removeprefix("[").removesuffix("]").translate(BETWEEN_ITEMS).split(",")
    items = (_clean(part).strip("\"'“”「」") for part in parts)
    return list(dict.fromkeys(item for item in items if item))


def _read_text(_entry: Entry, text: str) -> object:
    return _clean(text)


def _clean(text: str) -> str:
    """The text without signs that steer a terminal, and without spaces around it."""
    return "".join(sign for sign in text if sign >= " ").strip()


_READERS = {
    "switch": _read_switch,
    "choice": _read_choice,
    "time": _read_time,
    "number": _read_number,
    "list": _read_list,
    "text": _read_text,
}
