"""Control operations: people join and leave, humans administrate."""

from __future__ import annotations

from typing import Any

from .consts import GROUP_ANON_BOT, PERM_KEYS
from .errors import WorldError


class People:
    def op_join(
        self, user: Any, chat: Any = None, link: str | None = None, date: int | None = None, by: Any = None
    ):
        """A user joins by invite link, a public group by name, or is added `by` somebody.

        Returns {"result": joined | requested | already | expired | banned}.
        """
        w = self.w
        u = w.user(user)
        l = None
        if link is not None:
            l = w.links.get(link)
            if l is None or l.is_revoked or (l.expire_date and l.expire_date <= w.now()):
                return {"result": "expired"}
            c = l.chat
            if c.migrated_to:
                c = w.chats[c.migrated_to]
        else:
            c = w.chat(chat)
            if not c.username and by is None:
                raise WorldError("a private chat needs a link, or somebody who adds the user (by)")
        cur = w.member(c, u)
        if cur.present:
            return {"result": "already"}
        if cur.status == "kicked":
            if by is None:
                return {"result": "banned" if l is None else "expired"}
            if not w.right(c, w.user(by), "can_restrict_members"):
                raise WorldError("only an administrator can add a banned user")
        if l is not None and l.member_limit and len(l.joined) >= l.member_limit:
            return {"result": "expired"}
        if (l is not None and l.creates_join_request) or (l is None and by is None and c.join_by_request):
            if u.id in c.requests:
                return {"result": "already requested"}
            r = {"user_id": u.id, "link": link, "date": w.now(), "outcome": None}
            c.requests[u.id] = r
            if l is not None:
                l.pending.add(u.id)
            for b in w.chat_bots(c):
                if w.right(c, b.user, "can_invite_users"):
                    w.meet(b, u)
                    u.dm_until[b.id] = w.now() + w.config["join_request_dm"]
                    req = {
                        "chat": c.json(),
                        "from": u.json(),
                        "user_chat_id": u.id,
                        "date": w.now() if date is None else date,
                    }
                    if u.bio:
                        req["bio"] = u.bio
                    if l is not None:
                        req["invite_link"] = l.json()
                    w.emit(b, "chat_join_request", req, ("cm", u.id))
            return {"result": "requested"}
        w.join(c, u, w.user(by) if by is not None else None, link=l, date=date)
        return {"result": "joined", "chat_id": c.id}

    def op_decide_request(self, user: Any, chat: Any, approve: bool = True, by: Any = None):
        """A human administrator decides a join request."""
        w = self.w
        u, c = w.user(user), w.chat(chat)
        r = c.requests.pop(u.id, None)
        if r is None:
            raise WorldError("no such request")
        l = w.links.get(r["link"]) if r.get("link") else None
        if l:
            l.pending.discard(u.id)
        if approve:
            w.join(c, u, w.user(by) if by is not None else self._owner(c), link=l, via_join_request=l is None)
        return True

    def op_leave(self, user: Any, chat: Any, date: int | None = None):
        """A user leaves."""
        c, u = self.w.chat(chat), self.w.user(user)
        if not self.w.member(c, u).present:
            raise WorldError("the user is not in the chat")
        return self.w.remove(c, u, u, date=date)

    def op_set_member(
        self,
        chat: Any,
        user: Any,
        status: str,
        by: Any = None,
        rights: Any = None,
        permissions: dict | None = None,
        until_date: int = 0,
        custom_title: str | None = None,
        date: int | None = None,
    ):
        """Change somebody's status, as a human administrator (default: the owner).

        status: member, administrator, restricted, left, kicked. Also for bots: promote, demote, kick.
        """
        w = self.w
        c, u = w.chat(chat), w.user(user)
        actor = w.user(by) if by is not None else self._owner(c)
        old = w.member(c, u)
        n = self._status(u, status, rights, old.joined or w.now(), actor)
        n.custom_title = custom_title
        if status == "restricted":
            n.perms = {k: bool((permissions or {}).get(k)) for k in PERM_KEYS}
            n.is_member = old.present
            n.until = until_date
        elif status == "kicked":
            n.until = until_date
        if not n.present:
            for l in c.links.values():
                l.joined.discard(u.id)
        return w.set_member(c, u, n, actor, date=date)

    def op_pin(self, user: Any, chat: Any, message_id: int):
        """A human pins a message (service message)."""
        w = self.w
        c, u = w.chat(chat), w.user(user)
        m = c.msg(message_id)
        if m is None:
            raise WorldError("no such message")
        c.pinned.append(message_id)
        return {"message_id": w.post(c, u, {"pinned_message": w.nested(m)}, service=True)["message_id"]}

    def op_topic(self, chat: Any, name: str, user: Any = None):
        """A human creates a forum topic."""
        w = self.w
        c = w.chat(chat)
        if not c.is_forum:
            raise WorldError("not a forum")
        u = w.user(user) if user is not None else self._owner(c)
        info = {"name": name, "icon_color": 0x6FB9F0}
        mid = c.new_mid()
        c.topics[mid] = dict(info)
        w.post(c, u, {"forum_topic_created": info}, service=True, mid=mid, thread=mid)
        return {"message_thread_id": mid}

    def op_migrate(self, chat: Any, user: Any = None):
        """Turn a basic group into a supergroup.

        The two service messages follow, and errors with migrate_to_chat_id.
        """
        w = self.w
        c = w.chat(chat)
        if c.type != "group":
            raise WorldError("only basic groups migrate")
        u = w.user(user) if user is not None else self._owner(c)
        n = w.add_chat("supergroup", c.title)
        n.permissions = dict(c.permissions)
        n.members = c.members
        n.description = c.description
        w.post(c, u, {"migrate_to_chat_id": n.id}, service=True)
        c.migrated_to = n.id
        c.members = dict(c.members)
        w.post(n, w.users[GROUP_ANON_BOT], {"migrate_from_chat_id": c.id}, service=True, sender_chat=n)
        return {"old": c.id, "new": n.id}
