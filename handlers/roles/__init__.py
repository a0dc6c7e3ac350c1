"""Roles (职务): who may do what beside those whom platforms name; given by reply, name or button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.events import Message
from bot.core.feature import Command, Feature, Press, Undo
from bot.core.page import in_rows
from handlers.roles import giving, kinds
from handlers.roles.asking import Change, Kind, UnknownRole, read
from rules.arguments import LONGEST_ECHO, plain_number
from rules.roles import ROLES, UnknownRight, rights_called, rights_of, role_called
from storage import people, roles

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from storage.people import Account

LEADER = "leader"
MOST_OF_A_NAME = 8
LAST_DIGITS = 4
A_ROW = 2
FOR_STAFF = ("list", "card", "how", "several", "given", "taken", "kind_set", "dropped")
NOT_ANNOUNCED = frozenset({"owner", "admin"})


# By words.


def role(ctx: Context, arguments: str) -> None:
    """`/role 小林 组长`, in reply `/role 组长`, `/role 小林 -`; `/role 新 助教 = 记录`, `/role 删 助教`."""
    replied = _replied(ctx)
    try:
        asked = read(arguments, kinds.own_names(ctx), replied=replied is not None)
    except UnknownRole as error:
        if not ctx.is_word:
            raise UserError("roles.unknown", given=error.given[:LONGEST_ECHO], roles=_all(ctx)) from error
        return
    if isinstance(asked, Kind):
        _set_kind(ctx, asked)
    elif asked.who:
        _of_name(ctx, asked)
    elif replied is not None:
        _change(ctx, replied, asked)
    elif arguments or not ctx.is_word:
        ctx.confide(words("roles.how", roles=_shown_kinds(ctx)))


def _replied(ctx: Context) -> Account | None:
    """Who wrote the message that is replied to; nobody for a bot's."""
    sender = ctx.event.reply_sender if isinstance(ctx.event, Message) else None
    if sender is None or sender.is_bot:
        return None
    assert ctx.event is not None
    account = ctx.desk.account(ctx.event.bot, sender)
    ctx.desk.role(ctx.room, account)
    return account


def name_leader(ctx: Context, _arguments: str) -> None:
    """`/leader`, in reply: its author becomes a leader; one who is a leader becomes a member again."""
    account = _replied(ctx)
    if account is None:
        if ctx.is_word:
            return
        raise UserError("roles.reply_to_whom")
    held = LEADER in _given(ctx, account.person)
    _change(ctx, account, Change("", LEADER, take=held))


def _of_name(ctx: Context, asked: Change) -> None:
    """Who is called so; several of one name are asked about by buttons."""
    found = people.called(ctx.tx, ctx.community.id, asked.who)
    if not found:
        if not ctx.is_word:
            raise _not_found(ctx, asked.who)
        return
    if people.are_one(found):
        _change(ctx, found[0], asked)
        return
    sign = "-" if asked.take else "+"
    buttons = tuple(
        (Button(_which(account), f"role:{account.id}:{sign}:{asked.role or ''}"),)
        for account in found[:MOST_OF_A_NAME]
    )
    ctx.confide(words("roles.several", name=asked.who[:LONGEST_ECHO]), buttons=buttons)


def _not_found(ctx: Context, said: str) -> UserError:
    """Nobody is called so; if somebody is called what stands before the last word, that is no role."""
    who, _, last = said.rpartition(" ")
    if who and people.called(ctx.tx, ctx.community.id, who.strip()):
        return UserError("roles.unknown", given=last[:LONGEST_ECHO], roles=_all(ctx))
    return UserError("roles.nobody", name=said[:LONGEST_ECHO])


def _which(account: Account) -> Words:
    tail = f"@{account.username}" if account.username else f"…{account.native[-LAST_DIGITS:]}"
    return words("roles.which", name=account.name, tail=tail)


def _change(ctx: Context, account: Account, asked: Change) -> None:
    if asked.role is None and not asked.take:
        text, buttons = _card(ctx, account)
        ctx.confide(text, buttons=buttons)
    elif asked.take:
        _take(ctx, account, asked.role)
    else:
        _give(ctx, account, asked.role or "")


def _give(ctx: Context, account: Account, role: str) -> None:
    """In the room where it was said in reply, a warm line for all; else an answer for who asked."""
    if not giving.give(ctx, account, role):
        raise UserError("roles.has_it", name=account.name, role=role)
    if ctx.is_before_members and _replied(ctx) is not None and role not in NOT_ANNOUNCED:
        ctx.say(words("roles.named", name=account.name, role=role))
    else:
        _confirm(ctx, words("roles.given", name=account.name, role=role))


def _take(ctx: Context, account: Account, role: str | None) -> None:
    """One role, or all that who asks may take; never a line in the room."""
    held = _given(ctx, account.person)
    wanted = [one for one in held if giving.may_give(ctx, one)] if role is None else [role]
    taken = [one for one in wanted if giving.take(ctx, account, one)]
    if not taken:
        raise UserError("roles.has_none", name=account.name)
    _confirm(ctx, words("roles.taken", name=account.name, roles=taken))


def _confirm(ctx: Context, text: Words) -> None:
    """Tell who asked, in private; where that cannot be, say that it is done and nothing of whom."""
    if not ctx.is_before_members:
        ctx.say(text)
    elif not (ctx.has_account and ctx.tell(ctx.account, text)):
        ctx.say(words("roles.done"))


def _given(ctx: Context, person: int) -> list[str]:
    """The roles that a person was given, also while in no room."""
    return [one.role for one in roles.holders(ctx.tx, ctx.community.id) if one.person == person]


# What roles may do.


def _set_kind(ctx: Context, asked: Kind) -> None:
    name = role_called(asked.name, kinds.own_names(ctx)) or asked.name
    if not asked.rights:
        lost = people.names(ctx.tx, kinds.drop(ctx, name))
        ctx.confide(words("roles.dropped", role=name, built_in=name in ROLES, people=list(lost.values())))
        return
    try:
        rights = rights_called(asked.rights)
    except UnknownRight as error:
        raise UserError("roles.unknown_right", given=error.given) from error
    role = kinds.set_rights(ctx, name, rights)
    ctx.confide(words("roles.kind_set", role=role, rights=kinds.in_order(rights)))


def _all(ctx: Context) -> list[str]:
    return [*ROLES, *kinds.own_names(ctx)]


def _shown_kinds(ctx: Context) -> list[dict[str, object]]:
    own = kinds.own_kinds(ctx)
    return [{"role": one, "rights": kinds.in_order(rights_of([one], own))} for one in _all(ctx)]


# By buttons.


def press(ctx: Context, arguments: str) -> None:
    """`<account>:+:<role>` gives it, `<account>:-:<role>` takes it (without a role: all, or only shows)."""
    number, _, rest = arguments.partition(":")
    sign, _, name = rest.partition(":")
    account = _account(ctx, number)
    known = not name or name in _all(ctx)
    if account is None or sign not in {"+", "-"} or not known:
        raise UserError("core.button_gone")
    if ctx.is_before_members:
        raise UserError("core.only_in_private")
    if sign == "+" and name:
        giving.give(ctx, account, name)
    elif sign == "-":
        for one in [name] if name else _given(ctx, account.person):
            giving.take(ctx, account, one)
    text, buttons = _card(ctx, account)
    ctx.edit_pressed(text, buttons=buttons)


def _account(ctx: Context, number: str) -> Account | None:
    """A person of this community by the number of an account."""
    known = plain_number(number)
    return None if known is None else people.in_community(ctx.tx, ctx.community.id, known)


def _card(ctx: Context, account: Account) -> tuple[Words, Buttons]:
    """A person's roles, and a button for each role that who asks may give or take."""
    held = _given(ctx, account.person)
    buttons = [
        Button(
            words("roles.choice", role=one, held=one in held),
            f"role:{account.id}:{'-' if one in held else '+'}:{one}",
        )
        for one in _all(ctx)
        if giving.may_give(ctx, one)
    ]
    return words("roles.card", name=account.name, roles=held), in_rows(buttons, A_ROW)


# The list.


def list_roles(ctx: Context, _arguments: str) -> None:
    """`/roles`: everybody who holds a role, in private or in the staff room."""
    holders = roles.holders(ctx.tx, ctx.community.id)
    named = roles.platform_staff(ctx.tx, ctx.community.id)
    names = people.names(ctx.tx, {one.person for one in holders} | {person for person, _ in named})
    shown = []
    for one in _all(ctx):
        by_platform = [names[person] for person, role in named if role == one and person in names]
        given = [
            names[holder.person] + ("" if holder.is_here else " ·")
            for holder in holders
            if holder.role == one and holder.person in names
        ]
        rights = kinds.in_order(rights_of([one], kinds.own_kinds(ctx)))
        shown.append({"role": one, "people": list(dict.fromkeys([*by_platform, *given])), "rights": rights})
    away = any(not holder.is_here for holder in holders)
    ctx.confide(words("roles.list", community=ctx.community.name, roles=shown, away=away))


FEATURE = Feature(
    name="roles",
    commands=(
        Command("role", role, ("职务", "職務", "角色"), takes=True, needs="roles"),
        Command("leader", name_leader, ("组长", "組長"), needs="roles", places=("group",)),
        Command("roles", list_roles, ("职务名单", "组长名单", "職務名單", "組長名單"), needs="overview"),
    ),
    buttons={"role": Press(press, "roles")},
    undo={
        "role": Undo("roles", giving.change_back),
        "role_kind": Undo("roles", kinds.change_back),
    },
    for_staff=tuple(f"roles.{block}" for block in FOR_STAFF),
)
