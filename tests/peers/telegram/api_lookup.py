"""Finding what a call names: chats, users, messages, texts, keyboards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import formatting
from .entities import Bot, Chat, User
from .errors import ApiError, bad, forbidden

if TYPE_CHECKING:
    from .world import World


class Lookup:
    def __init__(self, world: World):
        self.w = world
        self.table = {n[2:]: getattr(self, n) for n in dir(self) if n.startswith("m_")}

    def chat(self, b: Bot, ref: Any, access: str = "write") -> Chat:
        """access: read (getChat), members, write."""
        w = self.w
        if isinstance(ref, str):
            if ref == "":
                raise bad("chat_id is empty")
            if ref.startswith("@"):
                c = w.by_username.get(ref[1:].lower())
                if isinstance(c, User) and c.is_bot:
                    raise forbidden("bot can't send messages to bots")
                if not isinstance(c, Chat):
                    raise bad("chat not found")
                return self.access(b, c, access)
            if not re.fullmatch(r"-?\d+", ref):
                raise bad("chat not found")
            ref = int(ref)
        if ref > 0:
            u = w.users.get(ref)
            if u is None or (b.id not in u.seen_by and b.id not in u.started):
                raise bad("chat not found")
            c = b.private_chat(u)
            if access == "write":
                if u.is_bot:
                    raise forbidden("bot can't send messages to bots")
                if u.deactivated:
                    raise forbidden("user is deactivated")
                if b.id in u.blocked:
                    raise forbidden("bot was blocked by the user")
                if b.id not in u.started and u.dm_until.get(b.id, 0) < w.now():
                    raise forbidden("bot can't initiate conversation with a user")
            return c
        c = w.chats.get(ref)
        if c is None:
            raise bad("chat not found")
        return self.access(b, c, access)

    def access(self, b: Bot, c: Chat, access: str) -> Chat:
        if c.type == "group" and c.migrated_to:
            if access != "read":
                raise ApiError(
                    400,
                    "Bad Request: group chat was upgraded to a supergroup chat",
                    {"migrate_to_chat_id": c.migrated_to},
                )
            return c
        m = self.w.member(c, b.user)
        if m.status == "kicked":
            raise forbidden(f"bot was kicked from the {c.type} chat")
        if not m.present:
            if b.id not in c.members and not c.username:
                raise bad("chat not found")
            if not (c.username and access == "read"):
                raise forbidden(f"bot is not a member of the {c.type} chat")
        return c

    def group(self, b: Bot, p: dict, types=("group", "supergroup", "channel"), access="write") -> Chat:
        c = self.chat(b, p["chat_id"], access)
        if c.type not in types:
            if types == ("supergroup",):
                raise bad("method is available only for supergroups")
            if types == ("supergroup", "channel"):
                raise bad("method is available for supergroup and channel chats only")
            raise bad(
                "chat must be a supergroup or a group chat" if c.type == "private" else "wrong chat type"
            )
        return c

    def need(self, c: Chat, b: Bot, key: str, msg: str):
        if not self.w.right(c, b.user, key):
            raise bad(msg)

    def target(self, b: Bot, uid: int) -> User:
        u = self.w.users.get(uid)
        if uid <= 0:
            raise bad("invalid user_id specified")
        if u is None or (b.id not in u.seen_by and b.id not in u.started and u.id != b.id):
            raise bad("user not found" if u is None else "PARTICIPANT_ID_INVALID")
        return u

    def message(self, c: Chat, mid: int, what: str) -> dict:
        m = c.msg(mid) if mid > 0 else None
        if m is None:
            raise bad(f"{what} not found")
        return m

    # ------------------------------------------------------------------ text
    def text(
        self,
        b: Bot,
        text: str,
        mode: str | None,
        ents: list | None,
        limit: int,
        what: str,
        empty: str | None,
        auto=True,
    ) -> tuple[str, list]:
        if ents is not None and mode is None:
            t, e = text, [dict(x) for x in ents]
            total = formatting.u16len(t)
            for x in e:
                if x["length"] <= 0 or x["offset"] < 0 or x["offset"] + x["length"] > total:
                    raise bad(
                        f"entity beginning at UTF-16 offset {x['offset']} ends after the end of the text"
                    )
        else:
            try:
                t, e = formatting.parse(text, mode)
            except formatting.ParseError as x:
                if str(x) == "__mode__":
                    raise bad("unsupported parse_mode") from None
                raise bad(f"can't parse entities: {x}") from None
        t, e = formatting.trim(t, e)
        if not t:
            if empty:
                raise bad(empty)
            return "", []
        if formatting.u16len(t) > limit:
            raise bad(f"{what} is too long")
        for x in e:
            uid = x.pop("_user_id", None)
            if uid is not None:
                u = self.w.users.get(uid)
                if u is not None and b.id in u.seen_by | u.started:
                    x["user"] = u.json()
                else:
                    x["type"] = "_drop"
        e = [x for x in e if x["type"] != "_drop"]
        return t, formatting.auto_entities(t, e) if auto else e

    def markup(self, c: Chat, rm: dict | None) -> dict | None:
        """Validate reply_markup; returns what the Message object shows (inline keyboards only)."""
        if rm is None:
            return None
        if "inline_keyboard" not in rm:
            if "keyboard" in rm and not any(rm["keyboard"]):
                raise bad("can't parse keyboard: keyboard must be non-empty")
            return None
        n = 0
        for row in rm["inline_keyboard"]:
            for bt in row:
                n += 1
                if not bt["text"].strip():
                    raise bad("can't parse inline keyboard button: text must be non-empty")
                acts = [k for k in bt if k not in ("text", "icon_custom_emoji_id", "style")]
                if not acts:
                    raise bad(
                        "can't parse inline keyboard button: "
                        "Text buttons are unallowed in the inline keyboard"
                    )
                if len(acts) > 1:
                    self.w.violation(
                        "bad_value",
                        "reply_markup",
                        f"button {bt['text']!r} has {len(acts)} actions: {acts}; exactly one must be used",
                    )
                if "callback_data" in bt and not 1 <= len(bt["callback_data"].encode()) <= 64:
                    raise bad("BUTTON_DATA_INVALID")
                if "url" in bt and not re.match(r"(https?|tg|ton)://\S+|[^\s/]+\.[^\s/]{2,}", bt["url"]):
                    raise bad(f"inline keyboard button URL '{bt['url']}' is invalid: Wrong HTTP URL")
                if "web_app" in bt and c.type != "private":
                    raise bad("BUTTON_TYPE_INVALID")
        if n > 100:
            raise bad("reply markup is too long")
        rows = [r for r in rm["inline_keyboard"] if r]
        return {"inline_keyboard": rows} if rows else None
