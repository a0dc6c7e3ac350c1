"""The rules that the fake reads from aiogram's models."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from telegram import Bot

from tests.peers.telegram import spec as spec_module
from tests.peers.telegram.spec import ParamError, Spec, alternatives, load_models

NOT_METHODS = {"de_json", "de_list", "do_api_request", "get_bot", "set_bot", "to_dict", "to_json"}


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec()


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        (int | str | None, ["Integer", "String"]),
        (datetime | int, ["Integer"]),
        (list[list[str]] | None, [[[[["String"]]]]]),
        (Annotated[bool | None, "any"], ["Boolean"]),
        (Literal[0], ["Integer"]),
        (Path | str, ["Path", "String"]),
    ],
)
def test_annotations_become_alternatives(annotation: Any, kinds: list[Any]) -> None:
    assert alternatives(annotation) == kinds


def test_parameters_and_objects(spec: Spec) -> None:
    method = spec.methods["sendmessage"]
    assert method["name"] == "sendMessage"
    assert method["required"] == ["chat_id", "text"]
    assert method["params"]["chat_id"]["types"] == ["Integer", "String"]
    assert "disable_web_page_preview" not in method["params"]  # deprecated
    assert "chat_member" in spec.update_types
    assert "❤‍🔥" in spec.reaction_emoji


@pytest.mark.parametrize(
    ("kinds", "value", "errors"),
    [
        (["Integer"], True, ["value: expected Integer, got bool"]),
        (["Float"], 3, []),
        ([[["String"]]], ["a", 1], ["[1]: expected String, got int"]),
        (["BotCommand"], {"command": "a"}, ["description: required field of BotCommand is missing"]),
        (["ReactionTypeEmoji", "ReactionTypePaid"], {"type": "paid"}, []),
        (
            ["ReactionTypeEmoji", "ReactionTypePaid"],
            {"type": "smile"},
            ["value: expected ReactionTypeEmoji or ReactionTypePaid"],
        ),
        (["ReactionTypeEmoji"], {"type": "paid", "emoji": "👍"}, ["type: must be 'emoji'"]),
    ],
)
def test_values_are_checked(spec: Spec, kinds: list[Any], value: Any, errors: list[str]) -> None:
    assert spec.check(kinds, value) == errors


@pytest.mark.parametrize(
    ("kinds", "raw", "value"),
    [
        (["Integer", "String"], "-100", -100),
        (["Integer", "String"], "@room", "@room"),
        (["Boolean"], "True", True),
        (["Boolean"], "", False),
        (["Float"], "1.5", 1.5),
        ([[["String"]]], '["message"]', ["message"]),
    ],
)
def test_form_fields_are_decoded(spec: Spec, kinds: list[Any], raw: str, value: Any) -> None:
    assert spec.decode(kinds, raw, is_json=False) == value


@pytest.mark.parametrize(
    ("kinds", "raw"), [(["Integer"], "x"), (["Boolean"], "maybe"), (["BotCommand"], "{")]
)
def test_wrong_form_fields_are_refused(spec: Spec, kinds: list[Any], raw: str) -> None:
    with pytest.raises(ParamError):
        spec.decode(kinds, raw, is_json=False)


def test_every_method_of_python_telegram_bot_is_known(spec: Spec) -> None:
    names = {name for name, it in vars(Bot).items() if name[0] != "_" and "_" in name and callable(it)}
    assert {name for name in names - NOT_METHODS if name.replace("_", "") not in spec.methods} == set()


def test_the_models_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec_module, "read_models", lambda: {"read": 1})
    assert load_models(tmp_path / "cache") == {"read": 1}
    monkeypatch.setattr(spec_module, "read_models", lambda: {"read": 2})
    assert load_models(tmp_path / "cache") == {"read": 1}
    (damaged,) = (tmp_path / "cache").iterdir()
    damaged.write_text("{")
    assert load_models(tmp_path / "cache") == {"read": 2}
