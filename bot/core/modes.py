"""Features that are on or off: one setting for each, of which a room may have its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from pydantic import Field, create_model

from bot.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from bot.core.feature import Feature

SECTION = "features"


def modes_type(features: Iterable[Feature]) -> type[Settings]:
    """The settings that say which features are on: a key for each that may be off."""
    fields: dict[str, Any] = {
        feature.name: (Literal[feature.modes], Field(feature.modes[0], description=_about(feature)))
        for feature in features
        if feature.modes
    }
    doc = "Which features a new room starts with; admins switch them room by room from the chat."
    fields["per_room"] = (ClassVar[frozenset[str]], frozenset(fields))
    return create_model("Modes", __base__=Settings, __doc__=doc, **fields)


def all_on(modes: BaseModel) -> BaseModel:
    """The same settings with every feature on, those that decide about people by suggestions."""
    kinds = {name: get_args(field.annotation) for name, field in type(modes).model_fields.items()}
    return modes.model_copy(
        update={name: "suggest" if "suggest" in kind else "on" for name, kind in kinds.items()}
    )


def _about(feature: Feature) -> str:
    """The first line of what the feature's settings say of themselves."""
    assert feature.settings is not None, f"{feature.name} has modes and no settings that say what it is"
    return (feature.settings.__doc__ or "").partition("\n")[0]
