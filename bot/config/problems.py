"""What is wrong with a config.toml, in plain words."""

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.config.lines import Key
from bot.config.values import hide_tokens

Sections = Mapping[str, type[BaseModel]]


def unknown_section(name: str, sections: Sections) -> str:
    """Say that there is no such section, and which was meant."""
    owners = [f"[{section}]" for section, kind in sections.items() if name in kind.model_fields]
    if owners:
        return f"stands in no section; it belongs into {' or '.join(owners)}"
    near = difflib.get_close_matches(name, sections, 1)
    return "there is no such section" + (f"; did you mean [{near[0]}]?" if near else "")


def section_problems(section: str, error: ValidationError, sections: Sections) -> Iterator[tuple[Key, str]]:
    """Every mistake in a section: the path of the key, and what is wrong with it."""
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        if detail["type"] == "extra_forbidden":
            words = _unknown_key(location, section, sections)
        else:
            words = _wrong_value(detail, _is_secret(sections[section], location))
        yield (section, *location), words


def _unknown_key(location: Key, section: str, sections: Sections) -> str:
    kind, name = _model_at(sections[section], location[:-1]), location[-1]
    near = difflib.get_close_matches(str(name), kind.model_fields if kind else (), 1)
    if near:
        return f'there is no such setting; did you mean "{near[0]}"?'
    owners = [f"[{other}]" for other, fields in sections.items() if name in fields.model_fields]
    return "there is no such setting" + (f" here; it belongs into {' or '.join(owners)}" if owners else "")


def _model_at(kind: type[BaseModel], path: Key) -> type[BaseModel] | None:
    """The type that describes the table at a path inside a section."""
    for step in path:
        if isinstance(step, str):
            field = kind.model_fields.get(step)
            inner = next(filter(_is_model, _types_in(field.annotation)), None) if field else None
            if inner is None:
                return None
            kind = inner
    return kind


def _types_in(annotation: Any) -> Iterator[type]:  # noqa: ANN401 - an annotation is any object
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def _is_model(kind: type) -> bool:
    return issubclass(kind, BaseModel)


def _is_secret(kind: type[BaseModel], location: Key) -> bool:
    model = _model_at(kind, location[:-1])
    field = model.model_fields.get(str(location[-1])) if model and location else None
    return field is not None and SecretStr in _types_in(field.annotation)


def show(value: object) -> str:
    """A value as one would write it in the file, shortened; tokens are hidden."""
    if isinstance(value, bool):
        return str(value).lower()
    written = json.dumps(value, ensure_ascii=False, default=str)
    return hide_tokens(written if len(written) <= 60 else written[:57] + "…")


def _wrong_value(detail: ErrorDetails, is_secret: bool) -> str:  # noqa: FBT001 - private, of one caller
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _not_among(detail)
    words = next((make(context) for prefix, make in _WORDS.items() if kind.startswith(prefix)), detail["msg"])
    return words if is_secret or kind == "missing" else f"{words}, not {show(detail['input'])}"


def _not_among(detail: ErrorDetails) -> str:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    near = difflib.get_close_matches(str(detail["input"]), choices, 1, 0.5)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f"must be one of {', '.join(map(show, choices))}, not {show(detail['input'])}{hint}"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is needed here",
    "greater_than_equal": lambda bound: f"must be at least {bound['ge']}",
    "less_than_equal": lambda bound: f"must be at most {bound['le']}",
    "greater_than": lambda bound: f"must be more than {bound['gt']}",
    "less_than": lambda bound: f"must be less than {bound['lt']}",
    "string_too_short": lambda bound: f"must have at least {bound['min_length']} characters",
    "string_too_long": lambda bound: f"must have at most {bound['max_length']} characters",
    "string": lambda _: "must be text in quotes",
    "too_short": lambda bound: f"must have at least {bound['min_length']} items",
    "too_long": lambda bound: f"must have at most {bound['max_length']} items",
    "int": lambda _: "must be a whole number",
    "float": lambda _: "must be a number",
    "bool": lambda _: "must be true or false",
    "path": lambda _: "must be a path in quotes",
    "tuple": lambda _: "must be a list in square brackets",
    "list": lambda _: "must be a list in square brackets",
    "model": lambda _: "must be a section in square brackets",
    "dict": lambda _: "must be a section in square brackets",
}
