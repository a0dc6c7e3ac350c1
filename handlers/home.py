"""Being at home: a greeting, help for this person in this place, and letters that wait for somebody."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Words, words
from bot.core.calling import words_of
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Reader
from rules.arguments import LONGEST_ECHO
from storage import inbox, manners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.context import Context
    from bot.core.desk import Desk
    from bot.core.events import Message
    from bot.core.feature import Glance
    from storage.rooms import Room

Entry = dict[str, object]


def start(ctx: Context, _payload: str) -> None:
    """Greet somebody who opened the private chat; a payload of the link that led here is no matter."""
    if ctx.room.is_group:
        help_here(ctx, "")
        return
    name = ctx.community.name if ctx.community_id is not None else ""
    ctx.say(words("home.start", name=ctx.account.name, community=name, sections=_sections(ctx)), reply=False)
    _deliver_letters(ctx)


def help_here(ctx: Context, arguments: str) -> None:
    """Tell what this person may do in this place; with the name of a command, what that one does."""
    if arguments:
        _explain(ctx, arguments)
        return
    letters = inbox.dead_letters(ctx.tx) if ctx.may("settings") else 0
    ctx.whisper(words("home.help", sections=_sections(ctx), dead_letters=letters))
    if not ctx.room.is_group:
        _deliver_letters(ctx)


def _explain(ctx: Context, wanted: str) -> None:
    name = wanted.split(maxsplit=1)[0].removeprefix("/").casefold()
    known: dict[str, tuple[Feature, Command]] = {}
    for feature in ctx.desk.house.features:
        for command in feature.commands:
            known |= dict.fromkeys((command.name, *command.words, *command.heard), (feature, command))
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        raise UserError(
            "home.no_such", given=name[:LONGEST_ECHO], near=known[near[0]][1].name if near else ""
        )
    feature, command = known[name]
    about = f"{feature.name}.about_{command.name}"
    ctx.whisper(words("home.about", name=command.name, words=_words(ctx, command), about=about))


def _sections(ctx: Context) -> list[dict[str, object]]:
    """What this person may do here: what everybody may, then what their rights let them."""
    sections: list[dict[str, object]] = [
        {"staff": False, "lines": _lines(ctx, lambda command: command.needs is None)},
        {"staff": True, "lines": _lines(ctx, lambda command: command.needs in ctx.rights)},
    ]
    return [section for section in sections if section["lines"]]


def _lines(ctx: Context, shows: Callable[[Command], bool]) -> list[list[Entry]]:
    """A line for each feature with several commands here, daily ones first, and one for all others."""
    place = "group" if ctx.room.is_group else "private"
    features = sorted(ctx.desk.house.features, key=lambda feature: not feature.daily)
    lines = [
        [
            _entry(ctx, command)
            for command in feature.commands
            if command.in_menu
            and place in command.places
            and shows(command)
            and _is_on(ctx, feature.name, command)
        ]
        for feature in features
    ]
    alone = [entry for line in lines if len(line) == 1 for entry in line]
    return [line for line in lines if len(line) > 1] + ([alone] if alone else [])


def _is_on(ctx: Context, feature: str, command: Command) -> bool:
    """What is off here is not offered; in the staff room what needs a right always is on."""
    return feature not in ctx.off or (ctx.is_staff_room and command.needs is not None)


def _entry(ctx: Context, command: Command) -> Entry:
    known = _words(ctx, command)
    return {"name": command.name, "word": known[0] if known else ""}


def _words(ctx: Context, command: Command) -> tuple[str, ...]:
    """The words of a command in the script that this person reads."""
    return words_of(command, ctx.language_for(ctx.account) if ctx.has_account else ctx.language)


def open_letters(ctx: Context, _arguments: str) -> None:
    """Show the one who pressed what was kept for them; nobody else sees it."""
    several = manners.letters_waiting(ctx.tx, ctx.account.id, ctx.now) > 1
    letters = _letters(ctx, None if several and ctx.account.direct == "open" else 1)
    if not letters:
        ctx.answer(words("core.letters_none"))
    elif len(letters) > 1 and ctx.tell(ctx.account, _joined(letters)):
        ctx.answer(words("core.sent_privately"))
    else:
        more = manners.letters_waiting(ctx.tx, ctx.account.id, ctx.now)
        ctx.answer(words("home.letter", letter=_entry_of(letters[0]), more=more), alert=True)


def _letters(ctx: Context, most: int | None = None) -> list[Words]:
    kept = manners.take_letters(ctx.tx, ctx.account.id, ctx.now, most)
    return [msgspec.json.decode(letter, type=Words) for letter in kept]


def _joined(letters: Sequence[Words]) -> Words:
    return words("home.letters", letters=[_entry_of(one) for one in letters])


def _entry_of(letter: Words) -> Entry:
    return {"text": letter.text, "values": letter.values}


def _deliver_letters(ctx: Context) -> None:
    for letter in _letters(ctx):
        ctx.say(letter, reply=False)


def _wants(_desk: Desk, room: Room) -> Glance | None:
    return None if room.is_group else _is_from_somebody


def _is_from_somebody(message: Message) -> bool:
    return message.sender is not None


def bring_letters(ctx: Context, _message: Message) -> bool:
    """Whoever writes in private gets what was kept for them; the message itself is for others to take."""
    if ctx.has_account and manners.has_letter(ctx.tx, ctx.account.id):
        _deliver_letters(ctx)
    return False


FEATURE = Feature(
    name="home",
    commands=(
        Command("start", start, in_menu=False, needs_community=False),
        Command("help", help_here, ("帮助", "菜单", "幫助", "選單"), needs_community=False),
    ),
    buttons={"letters": open_letters},
    buttons_anywhere=("letters",),
    readers=(Reader(_wants, bring_letters),),
)
