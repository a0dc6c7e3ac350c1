"""config.example.toml and docs/settings.md, written from the types of the settings."""

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.config.chat import entries
from bot.config.problems import Sections
from bot.config.values import Kind

_EXAMPLE_HEAD = """\
# Every setting of Banzhang, with its default. Nothing here is needed: copy it to config.toml, and take the
# "#" from what you want otherwise. Written from the program's own types by: ./run settings --example
"""

_PAGE_HEAD = """\
# Settings

Banzhang runs without any settings. What you want otherwise goes into `config.toml`: `./run init` asks for
the most needed ones, and [`config.example.toml`](../config.example.toml) holds them all. A community's admins
change most of it for their own rooms from the chat. `./run settings` reads the file and names every mistake
in it at once.

## In the chat

Who has the right `settings` changes whatever the last column of the tables names, by the buttons of
`/settings` or in one line such as `/set recap.evening_at 21:00` ([commands](commands.md#settings)). What
is set for one *room* comes before what is set for the whole *community*, and that before `config.toml`
and the default. `/settings why recap.evening` shows all four, which one holds, and who set it when;
`/set recap.evening default` takes away what was set. Name, time zone, day start and language have
commands of their own; what concerns the program itself, and every secret, is in the file alone.

A change holds from the moment at which it is made, in the order in which Banzhang hears of things: a
message that comes late is taken by the settings of its arrival. What is recorded is never reckoned anew.
Check-ins stay, and so do the points of a day: after a change of `scoring` what comes is worth something
else, and what is withdrawn takes its share of what there was. A new `half_life` lets all points fade
otherwise, and the same as ever once it is taken back. Time zone and day start have a history instead:
what happened is always counted in the day of its own time.

This page is written from the program's own types by: `./run settings --page`
"""

_TYPES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a folder",
    SecretStr: "text, kept secret",
}


def example(sections: Sections) -> str:
    """The text of config.example.toml: every setting with what it does, its range and its default."""
    return "\n".join([_EXAMPLE_HEAD, *(_example_section(name, kind) for name, kind in sections.items())])


def page(sections: Sections) -> str:
    """The text of docs/settings.md: a table of the settings for each section."""
    return "\n".join([_PAGE_HEAD, *(_page_section(name, kind) for name, kind in sections.items())])


def _example_section(name: str, kind: type[BaseModel]) -> str:
    return "\n".join([*_comment(_title(kind)), f"[{name}]", *_example_fields(name, kind), ""])


def _example_fields(table: str, kind: type[BaseModel]) -> Iterator[str]:
    defaults = _defaults(kind)
    nested = []
    for name, field in kind.model_fields.items():
        inner = _items_of(field)
        if inner is not None:
            nested.append((name, field, inner))
            continue
        yield ""
        yield from _comment(f"{field.description or ''} ({_range(field)})")
        yield f"# {name} = {_sample(field, defaults.get(name))}"
    for name, field, inner in nested:
        yield ""
        yield from _comment(field.description or "")
        yield f"# [[{table}.{name}]]"
        yield from _example_fields(f"{table}.{name}", inner)


def _page_section(name: str, kind: type[BaseModel]) -> str:
    return "\n".join([f"## [{name}]", "", _title(kind), "", *_table(name, kind)])


def _table(name: str, kind: type[BaseModel]) -> Iterator[str]:
    defaults = _defaults(kind)
    found = [] if "." in name else entries(name, kind)
    in_chat = {entry.key: "room" if entry.per_room else "community" for entry in found}
    yield "| Setting | What it does | Default | Values | In the chat |"
    yield "|---|---|---|---|---|"
    nested = []
    for key, field in kind.model_fields.items():
        inner = _items_of(field)
        if inner is not None:
            nested.append((f"{name}.{key}", inner))
        default = defaults.get(key)
        shown = "none" if default in (None, []) else f"`{_written(default)}`"
        cells = (f"`{key}`", field.description or "", shown, _range(field), in_chat.get(key, ""))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""
    for title, inner in nested:
        yield from (f"Each `[[{title}]]`:", "", *_table(title, inner))


def _title(kind: type[BaseModel]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 108, initial_indent="# ", subsequent_indent="# ")


def _defaults(kind: type[BaseModel]) -> dict[str, Any]:
    """The defaults as the file would say them; fields without one are absent."""
    return kind.model_construct().model_dump(mode="json", warnings=False)


def _sample(field: FieldInfo, default: object) -> str:
    has_default = default is not None and default != []
    return _written(default if has_default or not field.examples else field.examples[0])


def _written(value: object) -> str:
    """A value in TOML. Text, numbers, lists of them and tables: JSON writes these alike, but for tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps("" if value is None else value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else json.dumps(name)


def _items_of(field: FieldInfo) -> type[BaseModel] | None:
    """The type of the items, if the field is a list of tables."""
    parts = get_args(field.annotation)
    if get_origin(field.annotation) in (list, tuple) and isinstance(parts[0], type):
        return parts[0] if issubclass(parts[0], BaseModel) else None
    return None


def _range(field: FieldInfo) -> str:
    """What values the field takes, in plain words."""
    words = _words(field.annotation, field.metadata)
    return words if not field.is_required() else f"{words}, needed"


def _words(annotation: Any, metadata: list[Any]) -> str:  # noqa: ANN401 - an annotation is any object
    kind = next((mark.words for mark in metadata if isinstance(mark, Kind)), None)
    return kind or f"{_type_words(annotation)}{_bounds(metadata)}"


def _type_words(annotation: Any) -> str:  # noqa: ANN401 - an annotation is any object
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(parts[0], list(parts[1:]))
    if origin is Literal:
        return " or ".join(map(_written, parts))
    if origin in (list, tuple):
        return f"a list of: {_type_words(parts[0])}"
    if origin is dict:
        return f"a table of: {_type_words(parts[1])}"
    if parts:
        return " or ".join(_type_words(part) for part in parts if part is not type(None))
    return _TYPES.get(annotation, "a table")


def _bounds(metadata: list[Any]) -> str:
    marks: list[Any] = [mark for item in metadata for mark in (getattr(item, "metadata", None) or [item])]
    least = next((mark.ge for mark in marks if isinstance(mark, Ge)), None)
    most = next((mark.le for mark in marks if isinstance(mark, Le)), None)
    words = [f"{least} to {most}"] if None not in (least, most) else []
    words += [f"at least {least}"] if least is not None and most is None else []
    words += [f"at most {most}"] if most is not None and least is None else []
    words += [f"more than {mark.gt}" for mark in marks if isinstance(mark, Gt)]
    words += [f"less than {mark.lt}" for mark in marks if isinstance(mark, Lt)]
    words += [f"at least {mark.min_length} long" for mark in marks if isinstance(mark, MinLen)]
    words += [f"at most {mark.max_length} long" for mark in marks if isinstance(mark, MaxLen)]
    return "".join(f", {word}" for word in words)
