"""Chats, invite links, topics, files."""

from __future__ import annotations

from .api_lookup import Lookup
from .consts import PERM_KEYS
from .errors import bad


class Chats(Lookup):
    def m_getchat(self, b, p):
        c = self.chat(b, p["chat_id"], "read")
        w = self.w
        j = dict(c.json())
        j.update(
            accent_color_id=abs(c.id) % 7,
            max_reaction_count=11,
            accepted_gift_types={
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        )
        if c.type == "private":
            if c.user.bio:
                j["bio"] = c.user.bio
            if c.user.username:
                j["active_usernames"] = [c.user.username]
        else:
            if c.username:
                j["active_usernames"] = [c.username]
            if c.description:
                j["description"] = c.description
            if c.type != "channel":
                j["permissions"] = {k: bool(c.permissions.get(k)) for k in PERM_KEYS}
            if c.join_by_request:
                j["join_by_request"] = True
            if c.has_visible_history:
                j["has_visible_history"] = True
            if c.slow_mode_delay:
                j["slow_mode_delay"] = c.slow_mode_delay
            if c.linked_chat_id:
                j["linked_chat_id"] = c.linked_chat_id
            if c.available_reactions is not None:
                j["available_reactions"] = [{"type": "emoji", "emoji": e} for e in c.available_reactions]
            if w.right(c, b.user, "can_invite_users") and c.primary.get(b.id):
                j["invite_link"] = c.primary[b.id]
        if c.pinned:
            m = c.msg(c.pinned[-1])
            if m:
                j["pinned_message"] = w.nested(m)
        return j

    def m_getchatmember(self, b, p):
        c = self.chat(b, p["chat_id"], "read" if p["user_id"] == b.id else "members")
        u = self.target(b, p["user_id"])
        if c.type == "private":
            if u.id not in (b.id, c.id):
                raise bad("user not found")
            return {"user": u.json(), "status": "member"}
        return self.w.member_json(c, self.w.member(c, u), b)

    def m_getchatadministrators(self, b, p):
        c = self.chat(b, p["chat_id"], "members")
        if c.type == "private":
            raise bad("there are no administrators in the private chat")
        out = []
        for m in list(c.members.values()):
            if m.status not in ("creator", "administrator"):
                continue
            if m.user.is_bot and m.user.id != b.id and not p.get("return_bots"):
                continue
            out.append(self.w.member_json(c, m, b))
        return out

    def m_getchatmembercount(self, b, p):
        c = self.chat(b, p["chat_id"], "members")
        return 2 if c.type == "private" else c.member_count()

    def m_leavechat(self, b, p):
        c = self.group(b, p)
        self.w.remove(c, b.user, b.user)
        return True

    def _info(self, b, p):
        c = self.group(b, p)
        if not self.w.right(c, b.user, "can_change_info") and not (
            c.type != "channel" and c.permissions.get("can_change_info")
        ):
            raise bad("not enough rights to change chat title" if "title" in p else "CHAT_ADMIN_REQUIRED")
        return c

    def m_setchattitle(self, b, p):
        c = self._info(b, p)
        if not 1 <= len(p["title"]) <= 128:
            raise bad("title must be non-empty" if not p["title"] else "chat title is too long")
        if p["title"] == c.title:
            raise bad("chat title is not modified")
        c.title = p["title"]
        c.dirty()
        self.w.post(c, b.user, {"new_chat_title": c.title}, service=True, by_bot=b)
        return True

    def m_setchatdescription(self, b, p):
        c = self._info(b, p)
        d = p.get("description") or ""
        if len(d) > 255:
            raise bad("chat description is too long")
        if d == (c.description or ""):
            raise bad("chat description is not modified")
        c.description = d or None
        return True

    def m_setchatphoto(self, b, p):
        c = self._info(b, p)
        f = self.file_param(b, p["photo"], "photo", p["_files"], "setchatphoto")
        c.photo = f
        self.w.post(c, b.user, {"new_chat_photo": self.w.media_json(f)}, service=True, by_bot=b)
        return True

    def m_deletechatphoto(self, b, p):
        c = self._info(b, p)
        c.photo = None
        self.w.post(c, b.user, {"delete_chat_photo": True}, service=True, by_bot=b)
        return True
