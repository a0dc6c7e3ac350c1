"""Leaders (组长): admins name them by replying to one of their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import UserError
from bot.core.feature import Command, Feature
from bot.core.port import Message, words
from storage import people

if TYPE_CHECKING:
    from bot.core.context import Context

LEADER = "leader"


def name_leader(ctx: Context, _arguments: str) -> None:
    """Make the author of the message replied to a leader; one who is a leader becomes a member again."""
    assert isinstance(ctx.event, Message)
    chosen = ctx.event.reply_sender
    if chosen is None or chosen.is_bot:
        if ctx.event.text.startswith("/"):
            raise UserError("leaders.reply_to_whom")
        return
    account = ctx.desk.account(ctx.event.bot, chosen)
    by = ctx.account.person if ctx.has_account else None
    community = ctx.community.id
    if people.give_role(ctx.tx, community, account.person, LEADER, ctx.now, by):
        ctx.audit("role_given", f"person {account.person}", "", LEADER)
        ctx.say(words("leaders.named", name=account.name))
    else:
        people.take_role(ctx.tx, community, account.person, LEADER)
        ctx.audit("role_taken", f"person {account.person}", LEADER, "")
        if not (ctx.has_account and ctx.tell(ctx.account, words("leaders.relieved", name=account.name))):
            ctx.say(words("leaders.done"))


def list_leaders(ctx: Context, _arguments: str) -> None:
    """Who the leaders are, told to whoever asks alone."""
    persons = people.with_role(ctx.tx, ctx.community.id, LEADER)
    known = people.names(ctx.tx, persons)
    leaders = [known[person] for person in persons if person in known]
    ctx.confide(words("leaders.list", community=ctx.community.name, leaders=leaders))


FEATURE = Feature(
    name="leaders",
    commands=(
        Command("leader", name_leader, ("组长", "組長"), needs="roles", places=("group",)),
        Command("leaders", list_leaders, ("组长名单", "組長名單"), needs="overview"),
    ),
    for_staff=("leaders.list",),
)
