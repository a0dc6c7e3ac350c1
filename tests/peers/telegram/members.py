"""Members of chats: rights, joining, leaving, and the updates about them."""

from __future__ import annotations

from typing import Any

from .consts import ADMIN_KEYS, ADMIN_OPT, CHANNEL_ONLY, GROUP_ONLY, PERM_KEYS
from .entities import Bot, Chat, Link, Member, User


class Members:
    def member(self, chat: Chat, user: User) -> Member:
        m = chat.members.get(user.id)
        if m is None:
            return Member(user, "left")
        if m.until and m.until <= self.now():  # bans and restrictions run out silently
            if m.status == "kicked":
                m.status, m.until = "left", 0
            elif m.status == "restricted":
                m.status = "member" if m.is_member else "left"
                m.until, m.perms = 0, {}
        return m

    def member_json(self, chat: Chat, m: Member, viewer: Bot | None = None) -> dict:
        j: dict[str, Any] = {"user": m.user.json(), "status": m.status}
        if m.status == "creator":
            j["is_anonymous"] = bool(m.rights.get("is_anonymous"))
            if m.custom_title:
                j["custom_title"] = m.custom_title
        elif m.status == "administrator":
            j["can_be_edited"] = bool(viewer and m.promoted_by == viewer.id)
            for k in ADMIN_KEYS:
                j[k] = bool(m.rights.get(k))
            j["can_manage_chat"] = True
            for k in ADMIN_OPT:
                if k in (GROUP_ONLY if chat.type == "channel" else CHANNEL_ONLY):
                    continue
                if k == "can_manage_topics" and not chat.is_forum:
                    continue
                j[k] = bool(m.rights.get(k))
            if m.custom_title:
                j["custom_title"] = m.custom_title
        elif m.status == "member":
            if m.tag:
                j["tag"] = m.tag
        elif m.status == "restricted":
            if m.tag:
                j["tag"] = m.tag
            j["is_member"] = m.is_member
            for k in PERM_KEYS:
                j[k] = bool(m.perms.get(k))
            j["until_date"] = m.until
        elif m.status == "kicked":
            j["until_date"] = m.until
        return j

    def chat_bots(self, chat: Chat) -> list[Bot]:
        if chat.type == "private":
            b = self.bots_by_id.get(chat.bot_id)
            return [b] if b else []
        return [
            b for b in self.bots_by_id.values() if b.id in chat.members and self.member(chat, b.user).present
        ]

    def is_admin(self, chat: Chat, user: User) -> bool:
        return self.member(chat, user).status in ("creator", "administrator")

    def right(self, chat: Chat, user: User, key: str) -> bool:
        m = self.member(chat, user)
        return m.status == "creator" or (m.status == "administrator" and bool(m.rights.get(key)))

    def perm(self, chat: Chat, user: User, key: str) -> bool:
        m = self.member(chat, user)
        if m.status in ("creator", "administrator"):
            return chat.type != "channel" or m.status == "creator" or bool(m.rights.get("can_post_messages"))
        if chat.type == "channel" or not m.present:
            return False
        if not chat.permissions.get(key):
            return False
        return m.status != "restricted" or bool(m.perms.get(key))

    def set_member(
        self,
        chat: Chat,
        user: User,
        new: Member,
        actor: User,
        link: Link | None = None,
        via_join_request: bool = False,
        service: bool = True,
        date: int | None = None,
    ) -> bool:
        """Change a member's state; sends chat_member / my_chat_member and service messages.

        False: no change.
        """
        date = self.now() if date is None else date
        old = self.member(chat, user).copy()
        bots_before = self.chat_bots(chat)
        if new.present and not old.present:
            new.joined = date
        chat.members[user.id] = new
        oj, nj = self.member_json(chat, old), self.member_json(chat, new)
        if oj == nj:
            return False
        target_bot = self.bots_by_id.get(user.id)
        upd = {
            "chat": chat.json(),
            "from": actor.json(),
            "date": date,
            "old_chat_member": oj,
            "new_chat_member": nj,
        }
        if link is not None:
            upd["invite_link"] = link.json()
        if via_join_request:
            upd["via_join_request"] = True
        bots = {b.id: b for b in bots_before + self.chat_bots(chat)}
        for b in bots.values():
            self.meet(b, user)
            self.meet(b, actor)
            if b is target_bot:
                continue
            if self.is_admin(chat, b.user) and b.wants("chat_member"):
                u2 = dict(upd)
                u2["old_chat_member"] = self.member_json(chat, old, b)
                u2["new_chat_member"] = self.member_json(chat, new, b)
                if (
                    link is not None
                    and link.creator is not b.user
                    and not self.right(chat, b.user, "can_invite_users")
                ):
                    u2.pop("invite_link", None)
                self.emit(b, "chat_member", u2, ("cm", user.id))
        if target_bot is not None:
            u2 = dict(upd)
            u2.pop("invite_link", None)
            self.emit(target_bot, "my_chat_member", u2, ("my", chat.id))
        if service and chat.type in ("group", "supergroup"):
            if new.present and not old.present:
                self.post(
                    chat,
                    actor,
                    {"new_chat_members": [user.json()]},
                    date=date,
                    service=True,
                    extra_bots=[target_bot] if target_bot else [],
                )
            elif old.present and not new.present:
                self.post(
                    chat,
                    actor,
                    {"left_chat_member": user.json()},
                    date=date,
                    service=True,
                    extra_bots=[target_bot] if target_bot else [],
                )
        return True

    def meet(self, bot: Bot, user: User):
        user.seen_by.add(bot.id)

    def join(
        self,
        chat: Chat,
        user: User,
        actor: User | None = None,
        link: Link | None = None,
        via_join_request=False,
        date=None,
        service=True,
    ) -> bool:
        cur = self.member(chat, user)
        if cur.present:
            return False
        m = Member(user, "member", date or self.now())
        if cur.status == "restricted":
            m = cur.copy()
            m.is_member = True
        if link is not None:
            link.joined.add(user.id)
        r = self.set_member(
            chat,
            user,
            m,
            actor or user,
            link=link,
            via_join_request=via_join_request,
            date=date,
            service=service,
        )
        chat.requests.pop(user.id, None)
        return r

    def remove(self, chat: Chat, user: User, actor: User, status="left", until=0, date=None, service=True):
        cur = self.member(chat, user)
        m = Member(user, status)
        m.until = until
        if status == "left" and cur.status == "restricted" and actor is user:
            m = cur.copy()
            m.is_member = False
        for l in chat.links.values():
            l.joined.discard(user.id)
        return self.set_member(chat, user, m, actor, date=date, service=service)
