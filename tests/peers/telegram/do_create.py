"""Control operations that create users, chats and bots."""

from __future__ import annotations

from typing import Any

from .consts import ADMIN_ALL, FULL_RIGHTS, PERM_KEYS
from .entities import Chat, Member, User
from .errors import WorldError
from .helpers import TINY_PNG


class Create:
    def op_bot(
        self, token: str, first_name: str = "Test Bot", username: str | None = None, privacy: bool = True
    ):
        """Register a bot.

        privacy true (BotFather's default): in groups it sees only commands and replies unless it is an
        administrator.
        """
        b = self.w.add_bot(token, first_name, username, privacy)
        return self.bot_state(b)

    def op_user(
        self,
        id: int | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        is_premium: bool = False,
        bio: str | None = None,
        started: bool = False,
        photo: bool = False,
    ):
        """Create a user. started: has pressed Start with every bot already (no update is sent)."""
        u = self.w.add_user(id, first_name, last_name, username, language_code, is_premium, bio)
        if started:
            for b in self.w.bots_by_id.values():
                u.started.add(b.id)
                u.seen_by.add(b.id)
        if photo:
            u.photos.append(self.w.add_photo(TINY_PNG))
        return u.json()

    def op_users(
        self,
        count: int,
        prefix: str = "User",
        started: bool = False,
        language_code: str = "en",
        usernames: bool = True,
    ):
        """Create many users; returns their ids."""
        ids = []
        for i in range(count):
            u = self.w.add_user(first_name=f"{prefix}{i}", language_code=language_code)
            if usernames:
                u.username = f"{prefix.lower()}_{u.id}"
                self.w.by_username[u.username] = u
            if started:
                u.started.update(self.w.bots_by_id)
                u.seen_by.update(self.w.bots_by_id)
            ids.append(u.id)
        return ids

    def op_set_user(
        self,
        user: Any,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        deactivated: bool | None = None,
        is_premium: bool | None = None,
        bio: str | None = None,
    ):
        """Change a profile (names, username, language; deactivated accounts cannot be written to)."""
        u = self.w.user(user)
        if username is not None:
            if u.username:
                self.w.by_username.pop(u.username.lower(), None)
            u.username = username or None
            if username:
                self.w.by_username[username.lower()] = u
        for k, v in {
            "first_name": first_name,
            "last_name": last_name,
            "language_code": language_code,
            "bio": bio,
            "is_premium": is_premium,
            "deactivated": deactivated,
        }.items():
            if v is not None:
                setattr(u, k, v)
        u._json = None
        for b in self.w.bots_by_id.values():
            if u.id in b.private:
                b.private[u.id].dirty()
        return u.json()

    def op_chat(
        self,
        type: str = "supergroup",
        title: str | None = None,
        owner: Any = None,
        id: int | None = None,
        username: str | None = None,
        members: list = (),
        admins: list = (),
        bots: Any = (),
        bot_status: str = "administrator",
        bot_rights: Any = None,
        is_forum: bool = False,
        permissions: dict | None = None,
        join_by_request: bool = False,
        description: str | None = None,
        announce: bool = False,
    ):
        """Create a group, supergroup or channel.

        bots: list of bots, or true for all; bot_status administrator, member or left; bot_rights: true =
        all usual rights, or {right: bool}. announce: send the my_chat_member and service updates for
        adding the bots (otherwise they are simply there).
        """
        w = self.w
        if owner is None:
            owner = w.add_user(first_name="Owner").id
        c = w.add_chat(type, title, owner, id, username, is_forum)
        c.description, c.join_by_request = description, join_by_request
        if permissions:
            bad = set(permissions) - set(PERM_KEYS)
            if bad:
                raise ValueError(f"unknown permissions {bad}")
            c.permissions.update(permissions)
        now = w.now()
        for ref in members:
            u = w.user(ref)
            c.members[u.id] = Member(u, "member", now)
        for ref in admins:
            u = w.user(ref)
            m = Member(u, "administrator", now)
            m.rights = dict(FULL_RIGHTS)
            c.members[u.id] = m
        for b in list(w.bots_by_id.values()) if bots is True else [w.bot(x) for x in bots]:
            m = self._status(b.user, bot_status, bot_rights, now)
            if announce:
                w.set_member(c, b.user, m, w.user(owner))
            else:
                c.members[b.id] = m
        for b in w.chat_bots(c):
            for m in c.members.values():
                m.user.seen_by.add(b.id)
        return {**c.json(), "members": c.member_count()}

    def _status(self, user: User, status: str, rights: Any, now: int, by: User | None = None) -> Member:
        m = Member(user, status, now)
        if status == "administrator":
            r = FULL_RIGHTS if rights in (None, True) else {**dict.fromkeys(ADMIN_ALL, False), **rights}
            bad = set(r) - set(ADMIN_ALL)
            if bad:
                raise ValueError(f"unknown rights {bad}")
            m.rights = dict(r)
            m.promoted_by = by.id if by else None
        return m

    def op_add_members(self, chat: Any, users: list):
        """Put users into a chat silently (no updates)."""
        c = self.w.chat(chat)
        bots = self.w.chat_bots(c)
        now = self.w.now()
        for r in users:
            u = self.w.user(r)
            c.members[u.id] = Member(u, "member", now)
            for b in bots:
                u.seen_by.add(b.id)
        return {"members": c.member_count()}

    def op_set_chat(
        self,
        chat: Any,
        title: str | None = None,
        permissions: dict | None = None,
        slow_mode_delay: int | None = None,
        available_reactions: list | None = None,
        join_by_request: bool | None = None,
        username: str | None = None,
        linked_chat: Any = None,
        description: str | None = None,
    ):
        c = self.w.chat(chat)
        if title is not None:
            c.title = title
            self.w.post(c, self._owner(c), {"new_chat_title": title}, service=True)
        if permissions is not None:
            c.permissions.update(permissions)
        if slow_mode_delay is not None:
            c.slow_mode_delay = slow_mode_delay
        if available_reactions is not None:
            c.available_reactions = available_reactions
        if join_by_request is not None:
            c.join_by_request = join_by_request
        if description is not None:
            c.description = description or None
        if username is not None:
            if c.username:
                self.w.by_username.pop(c.username.lower(), None)
            c.username = username or None
            if username:
                self.w.by_username[username.lower()] = c
        if linked_chat is not None:
            o = self.w.chat(linked_chat)
            c.linked_chat_id, o.linked_chat_id = o.id, c.id
        c.dirty()
        return c.json()

    def _owner(self, c: Chat) -> User:
        for m in c.members.values():
            if m.status == "creator":
                return m.user
        raise WorldError("the chat has no owner")
