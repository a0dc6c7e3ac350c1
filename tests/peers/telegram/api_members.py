"""Members: bans, rights, tags."""

from __future__ import annotations

from .api_lookup import Lookup
from .consts import ADMIN_ALL, CHANNEL_ONLY, GROUP_ONLY, PERM_KEYS
from .entities import Chat, Member, User
from .errors import bad


class ChatMembers(Lookup):
    def _moderate(self, b, p, verb) -> tuple[Chat, User, Member]:
        c = self.chat(b, p["chat_id"])
        if c.type == "private":
            raise bad(
                "can't " + verb + " members in private chats"
                if verb != "ban"
                else "can't ban members in private chats"
            )
        u = self.target(b, p["user_id"])
        if not self.w.right(c, b.user, "can_restrict_members"):
            raise bad(
                "not enough rights to restrict/unrestrict chat member"
                if self.w.is_admin(c, b.user)
                else "CHAT_ADMIN_REQUIRED"
            )
        m = self.w.member(c, u)
        if u.id == b.id:
            raise bad("can't restrict self")
        if m.status == "creator":
            raise bad("can't remove chat owner")
        if m.status == "administrator" and m.promoted_by != b.id:
            raise bad("user is an administrator of the chat")
        return c, u, m

    def _until(self, t: int) -> int:
        d = t - self.w.now()
        return t if t and 30 <= d <= 366 * 86400 else 0

    def m_banchatmember(self, b, p):
        c, u, m = self._moderate(b, p, "ban")
        if c.type == "group":
            if not m.present:
                raise bad("USER_NOT_PARTICIPANT")
            self.w.remove(c, u, b.user, "kicked")
            return True
        n = Member(u, "kicked")
        n.until = self._until(p.get("until_date", 0))
        for l in c.links.values():
            l.joined.discard(u.id)
        c.requests.pop(u.id, None)
        self.w.set_member(c, u, n, b.user)
        if p.get("revoke_messages") or c.type in ("supergroup", "channel"):
            pass  # messages stay in the simulated history; real clients see them removed only on revoke
        return True

    def m_unbanchatmember(self, b, p):
        c = self.chat(b, p["chat_id"])
        if c.type not in ("supergroup", "channel"):
            raise bad("method is available for supergroup and channel chats only")
        u = self.w.users.get(p["user_id"])
        if u is None:
            raise bad("user not found")
        m = self.w.member(c, u)
        if p.get("only_if_banned") and m.status != "kicked":
            return True
        c, u, m = self._moderate(b, p, "unban")
        if m.status == "left":
            return True
        self.w.remove(c, u, b.user, "left")
        return True

    def _perms(self, given: dict, independent: bool) -> dict:
        g = {k: bool(given.get(k)) for k in PERM_KEYS}
        if not independent:
            media = [
                "can_send_messages",
                "can_send_audios",
                "can_send_documents",
                "can_send_photos",
                "can_send_videos",
                "can_send_video_notes",
                "can_send_voice_notes",
            ]
            if g["can_send_other_messages"] or g["can_add_web_page_previews"]:
                for k in media:
                    g[k] = True
            if g["can_send_polls"]:
                g["can_send_messages"] = True
        if "can_react_to_messages" not in given:
            g["can_react_to_messages"] = g["can_send_messages"]
        for k in ("can_edit_tag", "can_manage_topics"):
            if k not in given:
                g[k] = g["can_pin_messages"]
        return g

    def m_restrictchatmember(self, b, p):
        c = self.group(b, p, ("supergroup",))
        c, u, m = self._moderate(b, p, "restrict")
        g = self._perms(p["permissions"], bool(p.get("use_independent_chat_permissions")))
        if all(g[k] for k in PERM_KEYS if k not in ("can_manage_topics", "can_edit_tag")) and all(
            g[k] or k not in p["permissions"] for k in PERM_KEYS
        ):
            n = Member(u, "member" if m.present else "left", m.joined)
        else:
            n = Member(u, "restricted", m.joined)
            n.perms, n.is_member = g, m.present
            n.until = self._until(p.get("until_date", 0))
        self.w.set_member(c, u, n, b.user, service=False)
        return True

    def m_promotechatmember(self, b, p):
        c = self.group(b, p)
        u = self.target(b, p["user_id"])
        me = self.w.member(c, b.user)
        if not self.w.right(c, b.user, "can_promote_members"):
            raise bad("not enough rights" if self.w.is_admin(c, b.user) else "CHAT_ADMIN_REQUIRED")
        m = self.w.member(c, u)
        if u.id == b.id:
            raise bad("can't promote self")
        if m.status == "creator":
            raise bad("can't remove chat owner")
        if m.status == "administrator" and m.promoted_by != b.id:
            raise bad("CHAT_ADMIN_REQUIRED")
        if not m.present:
            raise bad("USER_NOT_PARTICIPANT" if c.type != "channel" else "USER_NOT_MUTUAL_CONTACT")
        r = {k: bool(p.get(k)) for k in ADMIN_ALL}
        drop = GROUP_ONLY if c.type == "channel" else CHANNEL_ONLY
        if me.status == "administrator":
            for k, v in r.items():
                if (
                    v
                    and k not in drop
                    and k not in ("is_anonymous", "can_manage_chat")
                    and not me.rights.get(k)
                ):
                    raise bad("RIGHT_FORBIDDEN")
        for k in drop:
            r[k] = False
        n = Member(u, "administrator" if any(r.values()) else "member", m.joined)
        if n.status == "administrator":
            n.rights, n.promoted_by, n.custom_title = r, b.id, m.custom_title
        self.w.set_member(c, u, n, b.user, service=False)
        return True

    def m_setchatadministratorcustomtitle(self, b, p):
        c = self.group(b, p, ("supergroup",))
        u = self.target(b, p["user_id"])
        m = self.w.member(c, u)
        if m.status not in ("administrator", "creator"):
            raise bad("user is not an administrator")
        if m.status == "creator":
            raise bad("only creator can edit their custom title")
        if m.promoted_by != b.id:
            raise bad("not enough rights to change custom title of the user")
        if len(p["custom_title"]) > 16:
            raise bad("CUSTOM_TITLE_INVALID")
        n = m.copy()
        n.custom_title = p["custom_title"] or None
        self.w.set_member(c, u, n, b.user, service=False)
        return True

    def _sender_chat(self, b, p, on):
        c = self.group(b, p, ("supergroup", "channel"))
        self.need(c, b, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
        o = self.w.chats.get(p["sender_chat_id"])
        if o is None or o.id == c.id:
            raise bad("sender_chat_id is not a valid Integer" if o is None else "PARTICIPANT_ID_INVALID")
        (c.banned_chats.add if on else c.banned_chats.discard)(o.id)
        return True

    def m_banchatsenderchat(self, b, p):
        return self._sender_chat(b, p, True)

    def m_unbanchatsenderchat(self, b, p):
        return self._sender_chat(b, p, False)

    def m_setchatmembertag(self, b, p):
        c = self.group(b, p, ("group", "supergroup"))
        u = self.target(b, p["user_id"])
        self.need(c, b, "can_manage_tags", "not enough rights to change tag of the user")
        m = self.w.member(c, u)
        if m.status not in ("member", "restricted"):
            raise bad("TAG_CHANGE_FORBIDDEN")
        if len(p.get("tag") or "") > 16:
            raise bad("TAG_INVALID")
        n = m.copy()
        n.tag = p.get("tag") or None
        self.w.set_member(c, u, n, b.user, service=False)
        return True

    def _unreact(self, b, p, mids):
        c = self.group(b, p, ("group", "supergroup"))
        self.need(c, b, "can_delete_messages", "not enough rights to delete reactions")
        who = p.get("user_id")
        for mid in mids(c):
            c.reactions.get(mid, {}).pop(who, None)
        return True

    def m_deletemessagereaction(self, b, p):
        def one(c):
            self.message(c, p["message_id"], "message")
            return [p["message_id"]]

        return self._unreact(b, p, one)

    def m_deleteallmessagereactions(self, b, p):
        return self._unreact(b, p, lambda c: list(c.reactions))

    def m_unpinallforumtopicmessages(self, b, p):
        c, _ = self._topic(b, p)
        self._may_pin(b, c)
        c.pinned = [
            i for i in c.pinned if (c.msg(i) or {}).get("message_thread_id") != p["message_thread_id"]
        ]
        return True

    def m_setchatpermissions(self, b, p):
        c = self.group(b, p, ("group", "supergroup"))
        self.need(c, b, "can_restrict_members", "not enough rights to change chat permissions")
        g = self._perms(p["permissions"], bool(p.get("use_independent_chat_permissions")))
        if g == c.permissions:
            raise bad("CHAT_NOT_MODIFIED")
        c.permissions = g
        return True
