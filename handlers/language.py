"""The language of a room, set by its admins, and the one that a person wants to be spoken to in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core import changes
from bot.core.actions import Button, Edit, words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.feature import Command, Feature, Undo
from bot.core.locale import LOCALES
from rules.arguments import LONGEST_ECHO, plain
from storage import people

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context

SPOKEN = {
    **dict.fromkeys(
        ("简体", "简体中文", "简中", "中文", "汉语", "简", "zh", "zh-hans", "zh-cn", "cn"), "zh-Hans"
    ),
    **dict.fromkeys(
        (
            "繁体",
            "繁体中文",
            "繁體",
            "繁體中文",
            "繁中",
            "正體",
            "正體中文",
            "繁",
            "zh-hant",
            "zh-tw",
            "zh-hk",
            "tw",
        ),
        "zh-Hant",
    ),
    **dict.fromkeys(("english", "英文", "英语", "英語", "en", "eng"), "en"),
}
BACK = (Button(words("core.back"), "setup:menu"),)


def language(ctx: Context, arguments: str) -> None:
    """`/language`: by button; `/language en`: at once. Admins choose for the room, others for themselves."""
    for_room = ctx.room.is_group and ctx.may("settings")
    if arguments:
        chosen = SPOKEN.get(plain(arguments[:LONGEST_ECHO]))
        if chosen is None:
            raise UserError("language.unknown", given=arguments[:LONGEST_ECHO])
        _choose(ctx, chosen, for_room=for_room)
    elif for_room:
        ctx.say(words("language.room"), buttons=(_choices("room"),))
    else:
        ctx.whisper(words("language.mine"), buttons=(_choices("mine"),))


def _choices(whose: str) -> tuple[Button, ...]:
    return tuple(Button(words("language.name", code=code), f"language:{whose}:{code}") for code in LOCALES)


def _choose(ctx: Context, code: str, *, for_room: bool) -> None:
    if for_room:
        changes.set_language(ctx, ctx.room, code)
        ctx.say_in(ctx.desk.room_by_id(ctx.room.id), words("language.room_done", code=code))
    else:
        people.set_language(ctx.tx, ctx.account.person, code)
        ctx.whisper(words("language.mine_done", code=code))


def speak_again(ctx: Context, data: dict[str, Any]) -> object:
    """The room speaks again what it spoke before."""
    room = ctx.desk.room_by_id(data["room"])
    return changes.speak(ctx, room, data["language"], data["in_private"])


def press(ctx: Context, arguments: str) -> None:
    """A button: a language for oneself, the page of the room's language, or a choice on it."""
    whose, _, code = arguments.partition(":")
    if whose == "mine" and code in LOCALES:
        people.set_language(ctx.tx, ctx.account.person, code)
        ctx.answer(words("language.mine_done", code=code))
    elif whose == "room" and (not code or code in LOCALES):
        _press_room(ctx, code)
    else:
        raise UserError("core.button_gone")


def _press_room(ctx: Context, code: str) -> None:
    assert isinstance(ctx.event, ButtonPressed)
    if ctx.community_id is None or not ctx.room.is_group:
        raise UserError("core.only_in_group")
    if not ctx.may("settings"):
        raise UserError("language.for_admins")
    buttons: Buttons = (_choices("room"), BACK)
    ctx.answer()
    if code:
        changes.set_language(ctx, ctx.room, code)
        done = words("language.room_done", code=code)
        ctx.put(ctx.room, Edit(message=ctx.event.message, words=done, language=code, buttons=(BACK,)))
    else:
        ctx.edit(ctx.event.message, words("language.room"), buttons=buttons)


FEATURE = Feature(
    name="language",
    commands=(Command("language", language, ("语言", "語言"), needs_community=False),),
    buttons={"language": press},
    undo={"language": Undo("settings", speak_again)},
    buttons_anywhere=("language",),
)
