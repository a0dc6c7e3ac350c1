"""The bot itself: its name, commands, descriptions, menu."""

from __future__ import annotations

import re

from .api_lookup import Lookup
from .consts import ADMIN_KEYS, ADMIN_OPT
from .errors import bad


class Profile(Lookup):
    def m_getme(self, b, p):
        return b.me()

    def m_logout(self, b, p):
        return True

    def m_close(self, b, p):
        return True

    def _scope(self, b, p) -> tuple:
        s = p.get("scope") or {"type": "default"}
        lang = p.get("language_code") or ""
        if lang and not re.fullmatch(r"[a-z]{2}", lang):
            raise bad("invalid language code specified")
        if "chat_id" in s:
            c = self.chat(b, s["chat_id"], "read")
            if s["type"] in ("chat_administrators", "chat_member") and c.type == "private":
                raise bad("can't change commands in private chats")
            if "user_id" in s:
                self.target(b, s["user_id"])
            return (s["type"], c.id, s.get("user_id"), lang)
        return (s["type"], None, None, lang)

    def m_setmycommands(self, b, p):
        cmds = p["commands"]
        if len(cmds) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for c in cmds:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", c["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(c["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        k = self._scope(b, p)
        b.commands[k] = [{"command": c["command"].lstrip("/"), "description": c["description"]} for c in cmds]
        return True

    def m_getmycommands(self, b, p):
        return b.commands.get(self._scope(b, p), [])

    def m_deletemycommands(self, b, p):
        b.commands.pop(self._scope(b, p), None)
        return True

    def _lang(self, p):
        lang = p.get("language_code") or ""
        if lang and not re.fullmatch(r"[a-z]{2}", lang):
            raise bad("invalid language code specified")
        return lang

    def _set(self, d, p, key, limit, err):
        v = p.get(key) or ""
        if len(v) > limit:
            raise bad(err)
        lang = self._lang(p)
        if v:
            d[lang] = v
        else:
            d.pop(lang, None)
        return True

    def m_setmyname(self, b, p):
        return self._set(b.names, p, "name", 64, "BOT_TITLE_INVALID")

    def m_getmyname(self, b, p):
        return {"name": b.names.get(self._lang(p)) or b.names.get("") or b.user.first_name}

    def m_setmydescription(self, b, p):
        return self._set(b.descriptions, p, "description", 512, "ABOUT_TOO_LONG")

    def m_getmydescription(self, b, p):
        return {"description": b.descriptions.get(self._lang(p)) or b.descriptions.get("", "")}

    def m_setmyshortdescription(self, b, p):
        return self._set(b.short_descriptions, p, "short_description", 120, "ABOUT_TOO_LONG")

    def m_getmyshortdescription(self, b, p):
        return {
            "short_description": b.short_descriptions.get(self._lang(p)) or b.short_descriptions.get("", "")
        }

    def m_setchatmenubutton(self, b, p):
        mb = p.get("menu_button") or {"type": "default"}
        if "chat_id" in p:
            c = self.chat(b, p["chat_id"], "read")
            if c.type != "private":
                raise bad("chat must be private")
            b.menu[c.id] = mb
        else:
            b.default_menu = mb
        return True

    def m_getchatmenubutton(self, b, p):
        return b.menu.get(p.get("chat_id"), b.default_menu)

    def m_setmydefaultadministratorrights(self, b, p):
        b.default_rights[bool(p.get("for_channels"))] = p.get("rights")
        return True

    def m_getmydefaultadministratorrights(self, b, p):
        r = b.default_rights[bool(p.get("for_channels"))] or {}
        return {k: bool(r.get(k)) for k in ADMIN_KEYS} | {k: r[k] for k in ADMIN_OPT if k in r}
