"""What the simulated Telegram is made of: users, members, chats, links, files, polls, bots."""

from __future__ import annotations

import asyncio
import collections
from typing import TYPE_CHECKING, Any

from .consts import DEFAULT_OFF, DEFAULT_PERMS, IN_CHAT
from .jsonio import loads

if TYPE_CHECKING:
    from .world import World


class User:
    __slots__ = (
        "_json",
        "bio",
        "blocked",
        "can_join_groups",
        "deactivated",
        "dm_until",
        "first_name",
        "id",
        "is_bot",
        "is_premium",
        "language_code",
        "last_name",
        "photos",
        "seen_by",
        "started",
        "username",
    )

    def __init__(
        self,
        id,
        first_name,
        last_name=None,
        username=None,
        language_code=None,
        is_bot=False,
        is_premium=False,
        bio=None,
    ):
        self.id, self.first_name, self.last_name, self.username = id, first_name, last_name, username
        self.language_code, self.is_bot, self.is_premium, self.bio = language_code, is_bot, is_premium, bio
        self.started: set[int] = set()  # ids of bots this user started
        self.blocked: set[int] = set()
        self.seen_by: set[int] = set()  # bots that met the user somewhere
        self.dm_until: dict[int, int] = {}  # bot id -> until when it may write because of a join request
        self.deactivated = False
        self.photos: list = []
        self._json = None

    def json(self) -> dict:
        if self._json is None:
            j = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
            for k in ("last_name", "username", "language_code"):
                if getattr(self, k):
                    j[k] = getattr(self, k)
            if self.is_premium:
                j["is_premium"] = True
            self._json = j
        return self._json

    @property
    def name(self):
        return self.first_name + (f" {self.last_name}" if self.last_name else "")


class Member:
    __slots__ = (
        "custom_title",
        "is_member",
        "joined",
        "perms",
        "promoted_by",
        "rights",
        "status",
        "tag",
        "until",
        "user",
    )

    def __init__(self, user: User, status="left", joined=0):
        self.user, self.status, self.joined = user, status, joined
        self.rights: dict[str, bool] = {}
        self.perms: dict[str, bool] = {}
        self.until = 0
        self.is_member = False
        self.custom_title = None
        self.promoted_by = None
        self.tag = None

    @property
    def present(self) -> bool:
        return self.status in IN_CHAT or (self.status == "restricted" and self.is_member)

    def copy(self) -> Member:
        m = Member(self.user, self.status, self.joined)
        m.rights, m.perms, m.until, m.is_member = (
            dict(self.rights),
            dict(self.perms),
            self.until,
            self.is_member,
        )
        m.custom_title, m.promoted_by, m.tag = self.custom_title, self.promoted_by, self.tag
        return m


class Chat:
    def __init__(self, id, type, title=None, username=None):
        self.id, self.type, self.title, self.username = id, type, title, username
        self.user: User | None = None  # private chats
        self.bot_id: int | None = None  # private chats: whose
        self.description = None
        self.is_forum = False
        self.join_by_request = False
        self.has_visible_history = True
        self.slow_mode_delay = 0
        self.permissions = dict(DEFAULT_PERMS)
        self.available_reactions: list[str] | None = None
        self.members: dict[int, Member] = {}
        self.msgs: dict[int, Any] = {}
        self.ephemeral: dict[int, dict] = {}
        self.next_ephemeral = 0
        self.next_mid = 1 if type in ("private", "group") else 2  # 1: "supergroup created"
        self.links: dict[str, Link] = {}
        self.primary: dict[int, str] = {}
        self.requests: dict[int, dict] = {}
        self.banned_chats: set[int] = set()
        self.pinned: list[int] = []
        self.topics: dict[int, dict] = {}
        self.reactions: dict[int, dict[int, list]] = {}
        self.migrated_to: int | None = None
        self.linked_chat_id = None
        self.photo = None
        self.last_cmd_bot = None
        self._json = None
        self._jbytes = None

    def json(self) -> dict:
        if self._json is None:
            if self.type == "private":
                u = self.user
                j = {"id": self.id, "first_name": u.first_name, "type": "private"}
                if u.last_name:
                    j["last_name"] = u.last_name
                if u.username:
                    j["username"] = u.username
            else:
                j = {"id": self.id, "title": self.title, "type": self.type}
                if self.username:
                    j["username"] = self.username
                if self.is_forum:
                    j["is_forum"] = True
            self._json = j
        return self._json

    def dirty(self):
        self._json = self._jbytes = None

    def msg(self, mid: int) -> dict | None:
        m = self.msgs.get(mid)
        if isinstance(m, bytes):
            m = self.msgs[mid] = loads(m)
        return m

    def new_mid(self) -> int:
        m = self.next_mid
        self.next_mid += 1
        return m

    def member_count(self) -> int:
        return sum(1 for m in self.members.values() if m.present)


class Link:
    __slots__ = (
        "chat",
        "created",
        "creates_join_request",
        "creator",
        "expire_date",
        "is_primary",
        "is_revoked",
        "joined",
        "link",
        "member_limit",
        "name",
        "pending",
    )

    def __init__(
        self,
        chat,
        link,
        creator,
        name=None,
        expire_date=0,
        member_limit=0,
        creates_join_request=False,
        is_primary=False,
        created=0,
    ):
        self.chat, self.link, self.creator, self.name = chat, link, creator, name
        self.expire_date, self.member_limit = expire_date, member_limit
        self.creates_join_request, self.is_primary, self.is_revoked = creates_join_request, is_primary, False
        self.joined: set[int] = set()
        self.pending: set[int] = set()
        self.created = created

    def json(self) -> dict:
        j = {
            "invite_link": self.link,
            "creator": self.creator.json(),
            "creates_join_request": self.creates_join_request,
            "is_primary": self.is_primary,
            "is_revoked": self.is_revoked,
        }
        if self.name:
            j["name"] = self.name
        if self.expire_date:
            j["expire_date"] = self.expire_date
        if self.member_limit:
            j["member_limit"] = self.member_limit
        if self.pending:
            j["pending_join_request_count"] = len(self.pending)
        return j


class FileRec:
    __slots__ = (
        "data",
        "extra",
        "file_id",
        "group",
        "h",
        "kind",
        "mime",
        "name",
        "path",
        "size",
        "unique_id",
        "w",
    )

    def __init__(self, **k):
        for s in self.__slots__:
            setattr(self, s, k.get(s))


class Poll:
    def __init__(self, id, data, chat, mid, bot_id, correct, owner):
        self.id, self.data, self.chat, self.mid, self.bot_id, self.owner = id, data, chat, mid, bot_id, owner
        self.votes: dict[int, list[int]] = {}
        self.correct = correct

    def close(self, world: World):
        self.data = {**self.data, "is_closed": True}
        m = self.chat.msg(self.mid)
        if m is not None:
            self.chat.msgs[self.mid] = {**m, "poll": self.json()}
        if world.bots_by_id.get(self.owner.id) is self.owner:
            world.emit(self.owner, "poll", self.json(), ("poll", self.id))

    def json(self) -> dict:
        d = dict(self.data)
        d["options"] = [
            dict(o, voter_count=sum(1 for v in self.votes.values() if i in v))
            for i, o in enumerate(d["options"])
        ]
        d["total_voter_count"] = sum(1 for v in self.votes.values() if v)
        return d


class Bot:
    def __init__(self, world: World, user: User, token: str, privacy=True):
        self.world, self.user, self.token = world, user, token
        self.id = user.id
        self.can_join_groups = True
        self.privacy = privacy
        self.private: dict[int, Chat] = {}
        self.next_private_mid = 1
        self.allowed: set[str] | None = None  # None = the default set
        self.queue: collections.deque = collections.deque()
        self.next_uid = world.rng.randrange(100_000_000, 900_000_000)
        self.first_uid = self.next_uid
        self.confirmed: collections.deque = collections.deque(maxlen=20_000)
        self.n_confirmed = 0
        self.n_delivered = 0  # including repeats
        self.max_delivered = self.next_uid - 1
        self.redelivered: dict[int, int] = {}
        self.n_expired = 0
        self.waiter: asyncio.Future | None = None
        self.waiter_req = None
        self.prev_offset = None
        self.prev_start = -1e9
        self.next_conflict_time = 0.0
        self.webhook: dict | None = None
        self.wake_webhook = None
        self.commands: dict[tuple, list] = {}
        self.menu: dict[int, dict] = {}
        self.names: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.default_rights = {False: None, True: None}
        self.next_set_webhook = 0.0
        self.default_menu: dict = {"type": "commands"}
        self.dead = False

    def me(self) -> dict:
        return {
            **self.user.json(),
            "can_join_groups": self.can_join_groups,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def wants(self, kind: str) -> bool:
        return kind not in DEFAULT_OFF if self.allowed is None else kind in self.allowed

    # queue entries: (update_id, bytes, expires_at, queue_key, kind)
    def push(self, kind: str, body: bytes, key: Any, ttl: int = 86400) -> int:
        uid = self.next_uid
        self.next_uid += 1
        self.queue.append(
            (uid, b'{"update_id":%d,"%s":%s}' % (uid, kind.encode(), body), self.world.now() + ttl, key, kind)
        )
        self.wake()
        return uid

    def wake(self):
        w = self.waiter
        if w is not None and not w.done():
            w.set_result(None)
        if self.wake_webhook is not None:
            self.wake_webhook()

    def confirm(self, offset: int):
        """Drop what is older than offset.

        As in the real server's queue, an offset more than 10 beyond the next id confirms nothing: the
        answer starts at the queue's head (a client kept an offset from before a restart of ids).
        """
        q, c = self.queue, self.confirmed
        if offset > self.next_uid + 10:
            return
        while q and q[0][0] < offset:
            c.append(q.popleft())
            self.n_confirmed += 1

    def restart_ids(self, first: int | None = None) -> int:
        """The next update gets a new, unrelated id (documented: may happen after a quiet week).

        Pending updates go first.
        """
        self.confirm(self.next_uid)
        self.next_uid = first or self.world.rng.randrange(1_000_000, 90_000_000)
        self.max_delivered = self.next_uid - 1
        self.confirmed.clear()
        self.prev_offset = None
        return self.next_uid

    def rewind(self, n: int) -> int:
        """Simulate Telegram forgetting the last n confirmations (updates come a second time)."""
        k = 0
        while k < n and self.confirmed:
            self.queue.appendleft(self.confirmed.pop())
            self.n_confirmed -= 1
            k += 1
        self.prev_offset = None
        self.wake()
        return k

    def private_chat(self, user: User) -> Chat:
        c = self.private.get(user.id)
        if c is None:
            c = Chat(user.id, "private")
            c.user, c.bot_id = user, self.id
            bot = self

            def new_mid():
                m = bot.next_private_mid
                bot.next_private_mid += 1
                return m

            c.new_mid = new_mid
            self.private[user.id] = c
        return c
