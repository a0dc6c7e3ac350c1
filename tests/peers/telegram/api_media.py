"""Pictures, files and albums."""

from __future__ import annotations

import re
from typing import Any

from .api_consts import MEDIA, Upload
from .api_sending import Sending
from .entities import Bot, FileRec
from .errors import ApiError, bad
from .helpers import TINY_PNG


class Media(Sending):
    def file_param(self, b: Bot, v: Any, kind: str, uploads: dict[str, Upload], method: str) -> FileRec:
        """An InputFile-or-String value: an upload, attach://name, a file_id, or a URL."""
        up = None
        if isinstance(v, Upload):
            up = v
        elif isinstance(v, str) and v.startswith("attach://"):
            up = uploads.get(v[9:])
            if up is None:
                raise bad("wrong file identifier/HTTP URL specified: attached file not found")
        if up is not None:
            up.used = True
            if not up.data:
                raise bad("file must be non-empty")
            if len(up.data) > (10 << 20 if kind == "photo" else 50 << 20):
                raise ApiError(413, "Request Entity Too Large")
            if kind == "photo":
                return self.w.add_photo(up.data)
            return self.w.add_file(kind, up.data, name=up.name, mime=up.mime)
        if not v:
            raise bad(f"there is no {kind} in the request")
        if re.match(r"https?://", v):
            return (
                self.w.add_photo(TINY_PNG)
                if kind == "photo"
                else self.w.add_file(kind, b"fetched " + v.encode(), name=v.rsplit("/", 1)[-1])
            )
        f = self.w.files.get(v)
        if f is None:
            raise bad(
                "wrong file identifier/HTTP URL specified"
                if len(v) < 20
                else "wrong remote file identifier specified: can't unserialize it"
            )
        if f.kind != kind:
            raise bad(
                f"can't use file of type {f.kind.title().replace('_', '')} as {kind.title().replace('_', '')}"
            )
        return f

    def _media(self, method, b, p):
        param, kind, perm, what = MEDIA[method]
        c, kw = self.dest(b, p, perm, what)
        content: dict[str, Any] = {}
        if "caption" in p:
            t, e = self.text(
                b, p["caption"], p.get("parse_mode"), p.get("caption_entities"), 1024, "message caption", None
            )
            if t:
                content["caption"] = t
                if e:
                    content["caption_entities"] = e
        self.markup(c, p.get("reply_markup"))
        f = self.file_param(b, p[param], kind, p["_files"], method)
        content[param] = self.w.media_json(f, p.get("duration", 0))
        if kind == "animation":
            content["document"] = {"file_id": f.file_id, "file_unique_id": f.unique_id, "file_size": f.size}
        for k in ("has_spoiler", "show_caption_above_media"):
            if p.get(k):
                content["has_media_spoiler" if k == "has_spoiler" else k] = True
        if kind == "sticker" and p.get("emoji"):
            content["sticker"]["emoji"] = p["emoji"]
        return self.deliver(b, method, c, content, kw, p)

    def m_sendphoto(self, b, p):
        return self._media("sendphoto", b, p)

    def m_senddocument(self, b, p):
        return self._media("senddocument", b, p)

    def m_sendvideo(self, b, p):
        return self._media("sendvideo", b, p)

    def m_sendaudio(self, b, p):
        return self._media("sendaudio", b, p)

    def m_sendvoice(self, b, p):
        return self._media("sendvoice", b, p)

    def m_sendvideonote(self, b, p):
        return self._media("sendvideonote", b, p)

    def m_sendanimation(self, b, p):
        return self._media("sendanimation", b, p)

    def m_sendsticker(self, b, p):
        return self._media("sendsticker", b, p)

    def m_sendmediagroup(self, b, p):
        media = p["media"]
        if not 2 <= len(media) <= 10:
            raise bad("there must be 2-10 items in the album" if media else "media must be non-empty")
        kinds = {m["type"] for m in media}
        if len(kinds) > 1 and kinds & {"audio", "document"}:
            raise bad(
                "document can't be mixed with other media types"
                if "document" in kinds
                else "audio can't be mixed with other media types"
            )
        c = None
        for k in kinds:
            _, _, perm, what = MEDIA["send" + k.replace("_", "")]
            c, kw = self.dest(b, p, perm, what)
        items = []
        for it in media:
            content = {}
            if "caption" in it:
                t, e = self.text(
                    b,
                    it["caption"],
                    it.get("parse_mode"),
                    it.get("caption_entities"),
                    1024,
                    "message caption",
                    None,
                )
                if t:
                    content["caption"] = t
                    if e:
                        content["caption_entities"] = e
            f = self.file_param(b, it["media"], it["type"], p["_files"], "sendmediagroup")
            content[it["type"]] = self.w.media_json(f, it.get("duration", 0))
            items.append(content)
        gid = str(self.w.rng.randrange(10**16, 10**17))
        out = []
        for content in items:
            k2 = dict(kw)
            k2["extra"] = {**(kw.get("extra") or {}), "media_group_id": gid}
            out.append(self.deliver(b, "sendmediagroup", c, content, k2, {**p, "reply_markup": None}))
        return out
