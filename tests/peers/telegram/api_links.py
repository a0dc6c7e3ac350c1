"""Invite links, join requests, forum topics, files, users."""

from __future__ import annotations

from .api_lookup import Lookup
from .errors import bad


class Links(Lookup):
    NOLINK = "not enough rights to manage chat invite link"

    def _link_args(self, p):
        if len(p.get("name") or "") > 32:
            raise bad("chat invite link name is too long")
        if p.get("creates_join_request") and p.get("member_limit"):
            raise bad("member limit can't be specified for links requiring administrator approval")
        if "member_limit" in p and not 0 <= p["member_limit"] <= 99999:
            raise bad("USAGE_LIMIT_INVALID")
        if p.get("expire_date") and p["expire_date"] <= self.w.now():
            raise bad("EXPIRE_DATE_INVALID")

    def m_createchatinvitelink(self, b, p):
        c = self.group(b, p)
        self.need(c, b, "can_invite_users", self.NOLINK)
        self._link_args(p)
        return self.w.new_link(
            c,
            b.user,
            name=p.get("name"),
            expire_date=p.get("expire_date", 0),
            member_limit=p.get("member_limit", 0),
            creates_join_request=bool(p.get("creates_join_request")),
        ).json()

    def _own_link(self, c, b, p):
        l = c.links.get(p["invite_link"])
        if l is None:
            raise bad("INVITE_HASH_EXPIRED")
        if l.creator.id != b.id:
            raise bad("CHAT_ADMIN_REQUIRED")
        return l

    def m_editchatinvitelink(self, b, p):
        c = self.group(b, p)
        self.need(c, b, "can_invite_users", self.NOLINK)
        self._link_args(p)
        l = self._own_link(c, b, p)
        if l.is_primary:
            raise bad("CHAT_INVITE_PERMANENT")
        if l.is_revoked:
            raise bad("INVITE_REVOKED_MISSING")
        l.name, l.expire_date = p.get("name"), p.get("expire_date", 0)
        l.member_limit, l.creates_join_request = p.get("member_limit", 0), bool(p.get("creates_join_request"))
        return l.json()

    def m_revokechatinvitelink(self, b, p):
        c = self.group(b, p)
        self.need(c, b, "can_invite_users", self.NOLINK)
        l = self._own_link(c, b, p)
        l.is_revoked = True
        if l.is_primary:
            c.primary.pop(b.id, None)
            self.w.primary_link(c, b.user)
        return l.json()

    def m_exportchatinvitelink(self, b, p):
        c = self.group(b, p)
        self.need(c, b, "can_invite_users", self.NOLINK)
        return self.w.primary_link(c, b.user, renew=True).link

    def _request(self, b, p):
        c = self.group(b, p)
        self.need(c, b, "can_invite_users", "not enough rights to manage chat join requests")
        u = self.w.users.get(p["user_id"])
        if u is None:
            raise bad("user not found")
        if u.id not in c.requests:
            raise bad("USER_ALREADY_PARTICIPANT" if self.w.member(c, u).present else "HIDE_REQUESTER_MISSING")
        return c, u, c.requests[u.id]

    def m_approvechatjoinrequest(self, b, p):
        c, u, r = self._request(b, p)
        l = self.w.links.get(r["link"]) if r.get("link") else None
        if l:
            l.pending.discard(u.id)
        c.requests.pop(u.id)
        r["outcome"] = "approved"
        u.dm_until.pop(b.id, None)
        self.w.join(c, u, b.user, link=l, via_join_request=l is None)
        return True

    def m_declinechatjoinrequest(self, b, p):
        c, u, r = self._request(b, p)
        l = self.w.links.get(r["link"]) if r.get("link") else None
        if l:
            l.pending.discard(u.id)
        c.requests.pop(u.id)
        r["outcome"] = "declined"
        u.dm_until.pop(b.id, None)
        return True

    # ------------------------------------------------------------------ forum topics
    def _forum(self, b, p, admin=True):
        c = self.group(b, p)
        if not c.is_forum:
            raise bad("the chat is not a forum")
        if admin and not self.w.right(c, b.user, "can_manage_topics"):
            raise bad("not enough rights to create a topic")
        return c

    def m_createforumtopic(self, b, p):
        c = self._forum(b, p)
        if not 1 <= len(p["name"]) <= 128:
            raise bad("TOPIC_TITLE_EMPTY" if not p["name"] else "TOPIC_TITLE_TOO_LONG")
        info = {"name": p["name"], "icon_color": p.get("icon_color", 0x6FB9F0)}
        m = self.w.post(c, b.user, {"forum_topic_created": info}, service=True, by_bot=b)
        th = m["message_id"]
        m["message_thread_id"] = th
        c.topics[th] = {"name": p["name"], "icon_color": info["icon_color"]}
        return {"message_thread_id": th, **info}

    def _topic(self, b, p):
        c = self._forum(b, p)
        t = c.topics.get(p["message_thread_id"])
        if t is None or t.get("deleted"):
            raise bad("message thread not found")
        return c, t

    def m_editforumtopic(self, b, p):
        _, t = self._topic(b, p)
        if p.get("name"):
            if p["name"] == t["name"]:
                raise bad("TOPIC_NOT_MODIFIED")
            t["name"] = p["name"]
        return True

    def _close(self, b, p, closed):
        c, t = self._topic(b, p)
        if bool(t.get("closed")) == closed:
            raise bad("TOPIC_NOT_MODIFIED")
        t["closed"] = closed
        self.w.post(
            c,
            b.user,
            {"forum_topic_closed" if closed else "forum_topic_reopened": {}},
            service=True,
            by_bot=b,
            thread=p["message_thread_id"],
        )
        return True

    def m_closeforumtopic(self, b, p):
        return self._close(b, p, True)

    def m_reopenforumtopic(self, b, p):
        return self._close(b, p, False)

    def m_deleteforumtopic(self, b, p):
        c, t = self._topic(b, p)
        t["deleted"] = True
        for mid in [i for i in c.msgs if (c.msg(i) or {}).get("message_thread_id") == p["message_thread_id"]]:
            c.msgs.pop(mid)
        return True

    def m_getforumtopiciconstickers(self, b, p):
        return []

    # ------------------------------------------------------------------ files, users
    def m_getfile(self, b, p):
        f = self.w.files.get(p["file_id"])
        if f is None:
            raise bad(
                "wrong file_id or the file is temporarily unavailable"
                if len(p["file_id"]) > 10
                else "invalid file_id"
            )
        if f.size > 20 << 20:
            raise bad("file is too big")
        return {"file_id": f.file_id, "file_unique_id": f.unique_id, "file_size": f.size, "file_path": f.path}

    def m_getuserprofilephotos(self, b, p):
        u = self.w.users.get(p["user_id"])
        if u is None:
            raise bad("user not found")
        o = p.get("offset", 0)
        ph = [self.w.media_json(f) for f in u.photos]
        return {"total_count": len(ph), "photos": ph[o : o + p.get("limit", 100)]}

    def m_getuserchatboosts(self, b, p):
        self.group(b, p)
        return {"boosts": []}
