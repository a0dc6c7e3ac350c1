"""The simulated Telegram: users, chats, members, messages, files, updates.  Pure state, no HTTP.

Everything runs on one event loop and every operation is synchronous, so operations are atomic.
"""

from __future__ import annotations

import asyncio
import collections
import random
import re
import time
from typing import Any

from .consts import CHANNEL_BOT, GROUP_ANON_BOT, TELEGRAM_ID
from .entities import Bot, Chat, FileRec, Link, Member, Poll, User
from .errors import WorldError
from .files import Files
from .helpers import loop_running
from .members import Members
from .messages import Messages
from .spec import Spec


class World(Members, Messages, Files):
    def __init__(self, spec: Spec, seed: int | None = None):
        self.spec = spec
        self.seed = seed
        self.violations: list[dict] = []
        self.calls: collections.deque = collections.deque(maxlen=300_000)
        self.config = {
            "strict": "reject",  # reject | record | off : spec violations
            "repeat_quirk": True,  # the real server slows a poller that repeats its offset
            "callback_ttl": 30,  # s after which answerCallbackQuery says "query is too old"
            "callback_answer_twice": "error",
            "join_request_dm": 300,  # s a bot may write to a join requester who never started it
            "delete_48h": True,  # deleteMessage fails for messages older than 48 h (as documented)
            "webhook_http": True,  # accept http:// webhooks (a --local server does)
            "webhook_retry_base": 1.0,  # s, doubled at every failure up to 60
            "selfcheck": False,  # check our own answers and updates against the spec too
            "max_call_log": 300_000,
        }
        self.reset()

    # ------------------------------------------------------------------ life cycle
    def reset(self, keep_bots: bool = False):
        old = list(getattr(self, "bots", {}).values())
        self.rng = random.Random(self.seed)
        self.clock_offset = 0
        self.frozen_at: int | None = None
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.by_username: dict[str, Any] = {}
        self.links: dict[str, Link] = {}
        self.files: dict[str, FileRec] = {}
        self.file_paths: dict[str, FileRec] = {}
        self.polls: dict[str, Poll] = {}
        self.callbacks: dict[str, dict] = {}
        self.sent: list[dict] = []
        self.sent_by: dict[tuple, dict] = {}
        self.sent_event = asyncio.Event() if loop_running() else None
        self.actions: list[dict] = []
        self.dice_next: list[int] = []
        self.bots: dict[str, Bot] = {}
        self.bots_by_id: dict[int, Bot] = {}
        self.violations.clear()
        self.calls.clear()
        self._uid = 1_000_000
        self._gid = 4_000_000
        self._sgid = 1_500_000_000
        self._fid = 0
        self._seq = 0
        for uid, nm, un in (
            (TELEGRAM_ID, "Telegram", None),
            (GROUP_ANON_BOT, "Group", "GroupAnonymousBot"),
            (CHANNEL_BOT, "Channel", "Channel_Bot"),
        ):
            self.users[uid] = User(uid, nm, username=un, is_bot=uid != TELEGRAM_ID)
        for b in old:
            b.dead = True
            if b.waiter is not None and not b.waiter.done():
                b.waiter.set_result(None)
            if b.webhook and b.webhook.get("task"):
                b.webhook["task"].cancel()
            if keep_bots:
                n = self.add_bot(b.token, b.user.first_name, b.user.username, b.privacy)
                n.next_uid = n.first_uid = (
                    b.next_uid
                )  # update ids never go back: a running bot goes on polling
                n.max_delivered = n.next_uid - 1
                n.allowed = b.allowed

    def now(self) -> int:
        return self.wall() + self.clock_offset

    def wall(self) -> int:
        """The time that `clock` shifts: real time, or the moment at which it was frozen."""
        return int(time.time()) if self.frozen_at is None else self.frozen_at

    def seq(self) -> int:
        self._seq += 1
        return self._seq

    # ------------------------------------------------------------------ actors
    def add_user(
        self,
        id=None,
        first_name=None,
        last_name=None,
        username=None,
        language_code="en",
        is_premium=False,
        bio=None,
        is_bot=False,
    ) -> User:
        if id is None:
            self._uid += 1
            while self._uid in self.users:
                self._uid += 1
            id = self._uid
        if id in self.users:
            raise WorldError(f"user {id} exists already")
        u = User(id, first_name or f"User{id}", last_name, username, language_code, is_bot, is_premium, bio)
        self.users[id] = u
        if username:
            self.by_username[username.lower()] = u
        return u

    def add_bot(self, token: str, first_name="Test Bot", username=None, privacy=True) -> Bot:
        m = re.fullmatch(r"(\d+):([A-Za-z0-9_-]{3,})", token)
        if not m:
            raise WorldError("a bot token looks like 123456:ABC...")
        if token in self.bots:
            raise WorldError("that token exists already")
        uid = int(m.group(1))
        if uid in self.users:
            raise WorldError(f"user id {uid} is taken")
        u = User(uid, first_name, username=username or f"test{uid}_bot", is_bot=True)
        self.users[uid] = u
        self.by_username[u.username.lower()] = u
        b = Bot(self, u, token, privacy)
        self.bots[token] = self.bots_by_id[uid] = b
        return b

    def user(self, ref) -> User:
        if isinstance(ref, User):
            return ref
        if isinstance(ref, str):
            if re.fullmatch(r"-?\d+", ref):
                ref = int(ref)
            else:
                u = self.by_username.get(ref.lstrip("@").lower())
                if not isinstance(u, User):
                    raise WorldError(f"no user {ref!r}")
                return u
        u = self.users.get(ref)
        if u is None:
            raise WorldError(f"no user {ref!r}")
        return u

    def bot(self, ref=None) -> Bot:
        if isinstance(ref, Bot):
            return ref
        if ref is None:
            if len(self.bots) != 1:
                raise WorldError(f"{len(self.bots)} bots exist: say which one")
            return next(iter(self.bots.values()))
        if isinstance(ref, str) and ref in self.bots:
            return self.bots[ref]
        b = self.bots_by_id.get(self.user(ref).id)
        if b is None:
            raise WorldError(f"no bot {ref!r}")
        return b

    def chat(self, ref, bot=None) -> Chat:
        """A chat for control calls: negative id, @username, or a user (the private chat with the bot)."""
        if isinstance(ref, Chat):
            return ref
        if isinstance(ref, str):
            if re.fullmatch(r"-?\d+", ref):
                ref = int(ref)
            else:
                c = self.by_username.get(ref.lstrip("@").lower())
                if isinstance(c, Chat):
                    return c
                if isinstance(c, User):
                    ref = c.id
                else:
                    raise WorldError(f"no chat {ref!r}")
        if ref in self.chats:
            return self.chats[ref]
        if ref in self.users:
            b = self.bot(bot)
            return b.private_chat(self.users[ref])
        raise WorldError(f"no chat {ref!r}")

    def add_chat(
        self, type="supergroup", title=None, owner=None, id=None, username=None, is_forum=False
    ) -> Chat:
        if type not in ("group", "supergroup", "channel"):
            raise WorldError("type must be group, supergroup or channel")
        if id is None:
            if type == "group":
                self._gid += 1
                id = -self._gid
            else:
                self._sgid += 1
                id = -1_000_000_000_000 - self._sgid
        if id in self.chats:
            raise WorldError(f"chat {id} exists already")
        c = Chat(id, type, title or f"{type.title()} {abs(id) % 1000}", username)
        c.is_forum = is_forum
        self.chats[id] = c
        if username:
            self.by_username[username.lower()] = c
        if owner is not None:
            u = self.user(owner)
            m = Member(u, "creator", self.now())
            m.rights = {"is_anonymous": False}
            c.members[u.id] = m
        return c
