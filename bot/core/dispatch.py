"""What somebody asks for: a command, a button, or plain words that a feature reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot.core import choices
from bot.core.actions import Words, words
from bot.core.binding import find_community, look_for_right, parted
from bot.core.context import Context
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.looking import look_again
from bot.core.memory import Asked, Listeners
from bot.core.port import Can
from bot.core.router import Router
from storage import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.desk import Desk
    from bot.core.events import Message
    from bot.core.feature import Feature, Reader
    from bot.core.memory import Wanting
    from bot.core.router import Found, Pressed
    from storage.people import Account
    from storage.rooms import Room

Given = ParamSpec("Given")
Result = TypeVar("Result")

UNMEANT = frozenset({"core.needs_right", "core.not_yours"})
"""What nobody is told who only said a number while others were asked something."""


NEEDS_RIGHT = "core.needs_right"


class Dispatch:
    """Finds who handles a message or a button press, checks who asks, and tells what went wrong."""

    def __init__(self, features: tuple[Feature, ...], usernames: Mapping[str, str]) -> None:
        """`usernames`: the names by which commands are addressed to each bot."""
        self._router = Router(features)
        self._usernames = usernames

    def message(self, desk: Desk, room: Room, account: Account | None, event: Message) -> bool:
        """Let a command or a reader take the message; whether one did. Plain chatter costs only a glance.

        Where there are no buttons, a number that is open there is a press.
        """
        listeners = self._listeners(desk, room)
        pressed = choices.pressed(desk, room, event) if listeners.numbers else None
        if account is not None and pressed is not None:
            self.button(desk, room, account, pressed)
            return True
        asked = _asked(listeners, event)
        found = self._command_in(event) if asked.commands else None
        context = None
        if found is not None:
            context = Context(desk, at=event.at, event=event, room=room, account=account)
            if self._command(context, found):
                return True
        for glance, reader in asked.readers:
            if glance(event):
                context = context or Context(desk, at=event.at, event=event, room=room, account=account)
                if _took(context, reader, event):
                    return True
        return False

    def _listeners(self, desk: Desk, room: Room) -> Listeners:
        found = desk.memory.listeners.get(room.id)
        if found is None:
            readers = self._router.readers(desk.off_in(room))
            glances = [(reader.wants(desk, room), reader) for reader in readers]
            wanting = tuple((glance, reader) for glance, reader in glances if glance is not None)
            everybody = Asked(commands=True, readers=wanting)
            by_letter, others = self._by_letter(wanting) if room.is_group else ({}, everybody)
            found = Listeners(not choices.has_buttons(desk, room), by_letter, others, everybody)
            desk.memory.listeners[room.id] = found
        return found

    def _by_letter(self, readers: Sequence[Wanting]) -> tuple[dict[str, Asked], Asked]:
        """Who is asked about texts that begin with a letter, and about all others: few, nearly always."""
        with_any = tuple(one for one in readers if not one[1].begins)
        by_letter = dict.fromkeys(self._router.letters, Asked(commands=True, readers=with_any))
        for letter in frozenset().union(*(reader.begins for _, reader in readers)):
            wanting = tuple(one for one in readers if not one[1].begins or letter in one[1].begins)
            by_letter[letter] = Asked(letter in self._router.letters, wanting)
        return by_letter, Asked(commands=False, readers=with_any)

    def _command_in(self, event: Message) -> Found | None:
        if event.edited or event.forwarded:
            return None
        return self._router.command(event.own_text, self._usernames.get(event.bot, ""))

    def _command(self, context: Context, found: Found) -> bool:
        if _is_talk(context, found):
            return False
        context.desk.flush()
        _guarded(context, _obey, context, found)
        return True

    def button(self, desk: Desk, room: Room, account: Account, event: ButtonPressed) -> None:
        """Let the handler of a button answer the press."""
        context = Context(desk, at=event.at, event=event, room=room, account=account)
        data, community = parted(event.data)
        if context.community_id is None and not room.is_group:
            context.community_id = _community_meant(desk, account, community)
        found = self._router.button(data)
        desk.flush()
        if found is None:
            context.answer(words("core.button_gone"))
        elif room.is_group and desk.role(room, account) == "left":
            context.answer(words("core.left"), alert=True)
        elif context.community_id is None and not self._router.works_anywhere(data):
            context.answer(words("core.no_community"), alert=True)
        else:
            _guarded(context, _press, context, found)


def _asked(listeners: Listeners, event: Message) -> Asked:
    if event.to_bot or event.quoted:
        return listeners.everybody
    return listeners.by_letter.get(event.text.lstrip()[:1].casefold(), listeners.others)


def _is_talk(context: Context, found: Found) -> bool:
    """Whether a word is ordinary talk: it needs a right that who said it lacks, or is not in use here."""
    return context.is_word and not (context.may(found.command.needs) and _is_on(context, found))


def _is_on(context: Context, found: Found) -> bool:
    """Whether the feature of a command is on; in the staff room those that need a right always are."""
    return found.feature not in context.off or (context.is_staff_room and found.command.needs is not None)


def _obey(context: Context, found: Found) -> None:
    command = found.command
    place = "group" if context.room.is_group else "private"
    if place not in command.places:
        raise UserError(f"core.only_in_{command.places[0]}")
    if not find_community(context) and command.needs_community:
        raise UserError("core.no_community")
    context.may_mean_others &= command.needs_community
    if command.needs is not None:
        look_for_right(context, command.needs)
        context.require(command.needs)
    if not _is_on(context, found):
        raise UserError("core.feature_off", title=f"{found.feature}.title", may=context.may("settings"))
    command.run(context, found.arguments)


def _press(context: Context, pressed: Pressed) -> None:
    if pressed.needs is not None:
        _require_its_community(context)
        context.require(pressed.needs)
    if pressed.feature in context.off and not context.is_staff_room:
        raise UserError("core.feature_off", title=f"{pressed.feature}.title", may=context.may("settings"))
    pressed.run(context, pressed.arguments)


def _require_its_community(context: Context) -> None:
    """UserError where a button of staff was shown for a community that its presser is in no more."""
    shown_for = parted(context.event.data)[1] if isinstance(context.event, ButtonPressed) else None
    if shown_for not in {None, context.community_id}:
        raise UserError("core.community_left")


def _is_number(context: Context) -> bool:
    """Whether a press was a number said in a group, which its sender may have meant otherwise."""
    return context.room.is_group and Can.BUTTONS not in context.can


def _took(context: Context, reader: Reader, event: Message) -> bool:
    """Whether a reader took the message; one that refused it with a UserError did."""
    return _guarded(context, reader.read, context, event) is not False


def _community_meant(desk: Desk, account: Account, shown_for: int | None) -> int | None:
    """The community that a private button was shown for, if its presser is in it; words now are, too."""
    known = meant.communities(desk.tx, account.id)
    if shown_for in known and shown_for != known[0]:
        meant.choose(desk.tx, account.id, shown_for)
    return shown_for if shown_for in known else next(iter(known), None)


def _guarded(
    context: Context, act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
) -> Result | None:
    """Run a handler; what it gives back. A UserError undoes what it did and is told."""
    try:
        return context.desk.part(act, *given, **named)
    except UserError as error:
        _tell(context, error)
        return None


def _tell(context: Context, error: UserError) -> None:
    if error.text == NEEDS_RIGHT:
        look_again(context)
    if isinstance(context.event, ButtonPressed):
        if not (error.text in UNMEANT and _is_number(context)):
            context.answer(Words(error.text, error.values), alert=True)
    elif not context.is_backlog:
        context.say(Words(error.text, error.values))
