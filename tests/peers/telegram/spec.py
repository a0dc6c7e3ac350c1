"""What Telegram's Bot API accepts and answers, read from aiogram's published models.

Importing aiogram takes seconds (it builds hundreds of pydantic models), so what was read is kept as JSON in
`__pycache__`, one file per release of aiogram and version of this module; later starts only load that file.

A type is a list of alternatives: "Integer", "Float", "String", "Boolean", "InputFile", "Any", the name of an
object type, or a list of one such list for an array (`list[int] | str` is `[[["Integer"]], "String"]`).
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import types
import typing
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

SIMPLE = {
    int: "Integer",
    float: "Float",
    str: "String",
    bool: "Boolean",
    datetime: "Integer",
    timedelta: "Integer",
}
NOT_SENT = {"Default", "NoneType"}
TEXT = ("String", "InputFile", "Any")
PYTHON: dict[str, Any] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "InputFile": str,
    "Boolean": bool,
    "Any": object,
}
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


class ParamError(Exception):
    """Why a parameter's raw value is not of the documented type."""


# ---------------------------------------------------------------------------------- reading aiogram's models
def alternatives(annotation: Any) -> list:
    """The alternatives of a model field's annotation, without None and aiogram's own defaults."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return alternatives(args[0])
    if origin in (typing.Union, types.UnionType):
        found = [alternative for arg in args for alternative in alternatives(arg)]
        return [item for index, item in enumerate(found) if item not in found[:index]]
    if origin is list:
        return [[alternatives(args[0])]]
    if origin is typing.Literal:
        return [SIMPLE[next(kind for kind in (bool, int, str) if isinstance(args[0], kind))]]
    if annotation in SIMPLE:
        return [SIMPLE[annotation]]
    if not isinstance(annotation, type):
        return ["Any"]
    return [] if annotation.__name__ in NOT_SENT else [annotation.__name__]


def fields(model: Any) -> dict[str, dict]:
    """The documented fields of a model: types, whether required, and the value if only one is possible."""
    found = {}
    for name, field in model.model_fields.items():
        if (field.json_schema_extra or {}).get("deprecated"):
            continue
        entry: dict[str, Any] = {"types": alternatives(field.annotation), "required": field.is_required()}
        if typing.get_origin(field.annotation) is typing.Literal:
            value = typing.get_args(field.annotation)[0]
            entry["const"] = getattr(value, "value", value)
            entry["required"] = True
        found[field.alias or name] = entry
    return found


def read_models() -> dict[str, Any]:
    """Everything this module needs to know, as plain JSON values.  Slow: it imports aiogram."""
    import aiogram
    from aiogram import methods
    from aiogram import types as objects
    from aiogram.types.base import TelegramObject

    from telegram.constants import ReactionEmoji

    described: dict[str, Any] = {
        "version": f"Bot API {aiogram.__api_version__}",
        "methods": {},
        "types": {},
        "reaction_emoji": [emoji.value.replace("\ufe0f", "") for emoji in ReactionEmoji],
    }
    for name in methods.__all__:
        method = getattr(methods, name)
        api_method = getattr(method, "__api_method__", None)
        if isinstance(api_method, str):
            params = fields(method)
            described["methods"][api_method.lower()] = {
                "name": api_method,
                "returns": alternatives(method.__returning__),
                "params": params,
                "required": [param for param, field in params.items() if field["required"]],
            }
    for name in objects.__all__:
        model = getattr(objects, name)
        if isinstance(model, type) and issubclass(model, TelegramObject):
            described["types"][name] = fields(model)
    return described


def load_models(folder: Path = Path(__file__).parent / "__pycache__") -> dict[str, Any]:
    """What `read_models` found, from the cache in `folder` if it is there.

    A folder that cannot be written is fine: the models are read each time.
    """
    source = Path(__file__).read_bytes() + b"".join(
        metadata.version(package).encode() for package in ("aiogram", "python-telegram-bot")
    )
    cache = folder / f"spec-{hashlib.sha256(source).hexdigest()[:16]}.json"
    try:
        return json.loads(cache.read_bytes())
    except (OSError, ValueError):
        described = read_models()
    try:
        folder.mkdir(exist_ok=True)
        fresh = cache.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(described), encoding="utf-8")
        fresh.replace(cache)
    except OSError:
        pass
    return described


# ---------------------------------------------------------------------------------- checking values
def named(kinds: list) -> str:
    """Types in words, for messages: "Integer or Array of String"."""
    return " or ".join(kind if isinstance(kind, str) else f"Array of {named(kind[0])}" for kind in kinds)


class Spec:
    """Checks of parameters and answers.  `methods` are keyed by lower-case name."""

    def __init__(self, described: dict[str, Any] | None = None) -> None:
        described = described or load_models()
        self.version: str = described["version"]
        self.methods: dict[str, dict] = described["methods"]
        self.types: dict[str, dict] = described["types"]
        self.reaction_emoji = set(described["reaction_emoji"])
        self.update_types = [name for name in self.types["Update"] if name != "update_id"]

    def check(self, kinds: list, value: Any, path: str = "") -> list[str]:
        """Errors of a decoded JSON value against the alternatives; an empty list means that it conforms."""
        best: list[str] | None = None
        for kind in self._candidates(kinds, value):
            errors = self._check_one(kind, value, path)
            if not errors:
                return []
            if best is None or len(errors) < len(best):
                best = errors
        return best or [f"{path or 'value'}: expected {named(kinds)}"]

    def _candidates(self, kinds: list, value: Any) -> list:
        """Of several object types, those whose constant fields (type, status, source) the value has."""
        if len(kinds) == 1 or not isinstance(value, dict):
            return kinds
        return [
            kind
            for kind in kinds
            if isinstance(kind, str)
            and all(value.get(name) == const for name, const in self._constants(kind))
        ]

    @functools.cache  # noqa: B019 - one Spec lives as long as its server
    def _constants(self, kind: str) -> list[tuple[str, Any]]:
        return [
            (name, field["const"]) for name, field in self.types.get(kind, {}).items() if "const" in field
        ]

    def _check_one(self, kind: Any, value: Any, path: str) -> list[str]:
        where = path or "value"
        if isinstance(kind, list):
            if not isinstance(value, list):
                return [f"{where}: expected {named([kind])}"]
            return [
                error
                for index, item in enumerate(value)
                for error in self.check(kind[0], item, f"{path}[{index}]")
            ]
        if kind in PYTHON:
            wrong_boolean = isinstance(value, bool) and kind not in ("Boolean", "Any")
            if wrong_boolean or not isinstance(value, PYTHON[kind]):
                return [f"{where}: expected {kind}, got {type(value).__name__}"]
            return []
        if not isinstance(value, dict):
            return [f"{where}: expected {kind} object"]
        return self._check_object(kind, value, f"{path}." if path else "")

    def _check_object(self, kind: str, value: dict, prefix: str) -> list[str]:
        known = self.types[kind]
        errors = [
            f"{prefix}{name}: required field of {kind} is missing"
            for name, field in known.items()
            if field["required"] and name not in value
        ]
        for name, item in value.items():
            if name not in known:
                errors.append(f"{prefix}{name}: unknown field of {kind}")
            elif "const" in known[name] and item != known[name]["const"]:
                errors.append(f"{prefix}{name}: must be {known[name]['const']!r}")
            else:
                errors.extend(self.check(known[name]["types"], item, f"{prefix}{name}"))
        return errors

    # ------------------------------------------------------------------ raw request parameters
    def decode(self, kinds: list, raw: Any, is_json: bool) -> Any:
        """A request parameter as a value of the documented type; ParamError when it is none.

        `is_json` says that `raw` comes from a JSON body; otherwise it is the text of a form field.
        """
        if isinstance(raw, str) and not any(kind in TEXT for kind in kinds if isinstance(kind, str)):
            return self._decode_text(kinds, raw)
        if not is_json and "Integer" in kinds and re.fullmatch(r"-?\d{1,18}", raw):
            return int(raw)
        if is_json:
            self._refuse(kinds, raw)
        return raw

    def _decode_text(self, kinds: list, text: str) -> Any:
        if kinds == ["Boolean"] and text.lower() in TRUE + FALSE:
            return text.lower() in TRUE
        try:
            value = json.loads(text)
        except ValueError:
            raise ParamError(f"expected {named(kinds)}, got {text[:80]!r}") from None
        self._refuse(kinds, value)
        return value

    def _refuse(self, kinds: list, value: Any) -> None:
        errors = self.check(kinds, value)
        if errors:
            raise ParamError("; ".join(errors[:4]))
