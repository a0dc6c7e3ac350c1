"""Stored files and invite links."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from .entities import Chat, FileRec, Link, User
from .errors import bad
from .helpers import image_size


class Files:
    def add_file(
        self, kind: str, data: bytes | None, name=None, mime=None, size=None, w=None, h=None, extra=None
    ) -> FileRec:
        self._fid += 1
        tag = {
            "photo": "AgAC",
            "document": "BQAC",
            "sticker": "CAAC",
            "video": "BAAC",
            "audio": "CQAC",
            "voice": "AwAC",
            "animation": "CgAC",
            "video_note": "DQAC",
        }.get(kind, "BQAC")
        h_ = hashlib.sha256(f"{self._fid}/{kind}/{self.seed}".encode()).digest()
        fid = tag + base64.urlsafe_b64encode(h_).decode().rstrip("=") + f"{self._fid:06d}"
        uid = "AQAD" + base64.urlsafe_b64encode(h_[:9]).decode()
        folder = {
            "photo": "photos",
            "document": "documents",
            "sticker": "stickers",
            "video": "videos",
            "audio": "music",
            "voice": "voice",
            "animation": "animations",
        }.get(kind, "files")
        ext = {"photo": ".jpg", "sticker": ".webp", "video": ".mp4", "voice": ".oga"}.get(kind, "")
        if name and "." in name:
            ext = "." + name.rsplit(".", 1)[1]
        f = FileRec(
            file_id=fid,
            unique_id=uid,
            kind=kind,
            name=name,
            mime=mime,
            size=len(data) if data is not None else (size or 0),
            data=data,
            w=w,
            h=h,
            path=f"{folder}/file_{self._fid}{ext}",
            extra=extra or {},
        )
        self.files[fid] = f
        self.file_paths[f.path] = f
        return f

    def media_json(self, f: FileRec, duration=0) -> Any:
        """The Message field value for a stored file."""
        base = {"file_id": f.file_id, "file_unique_id": f.unique_id}
        k = f.kind
        if k == "photo":
            group = f.group or [f]
            return [
                {
                    "file_id": g.file_id,
                    "file_unique_id": g.unique_id,
                    "file_size": g.size,
                    "width": g.w,
                    "height": g.h,
                }
                for g in group
            ]
        if k == "document":
            j = dict(base)
            if f.name:
                j["file_name"] = f.name
            if f.mime:
                j["mime_type"] = f.mime
        elif k == "sticker":
            j = {
                **base,
                "type": "regular",
                "width": f.w or 512,
                "height": f.h or 512,
                "is_animated": False,
                "is_video": False,
                **f.extra,
            }
        elif k in ("video", "animation"):
            j = {**base, "width": f.w or 320, "height": f.h or 240, "duration": duration}
        elif k == "video_note":
            j = {**base, "length": 240, "duration": duration}
        else:
            j = {**base, "duration": duration}
            if k == "audio" and f.name:
                j["file_name"] = f.name
        j["file_size"] = f.size
        return j

    def add_photo(self, data: bytes) -> FileRec:
        wh = image_size(data)
        if wh is None:
            raise bad("IMAGE_PROCESS_FAILED")
        w, h = wh
        if w + h > 10000 or max(w, h) / max(1, min(w, h)) > 20:
            raise bad("PHOTO_INVALID_DIMENSIONS")
        sizes = []
        for lim in (90, 320, 800, 1280):
            if max(w, h) > lim and lim != 1280:
                k = lim / max(w, h)
                sizes.append((max(1, int(w * k)), max(1, int(h * k))))
        k = min(1, 2560 / max(w, h))
        sizes.append((max(1, int(w * k)), max(1, int(h * k))))
        group = []
        for a, b in sizes:
            group.append(
                self.add_file(
                    "photo", data if (a, b) == sizes[-1] else None, w=a, h=b, size=max(100, a * b // 10)
                )
            )
        for g in group:
            g.group = group
            g.data = data
        return group[-1]

    # ------------------------------------------------------------------ links
    def new_link(self, chat: Chat, creator: User, **k) -> Link:
        while True:
            tok = base64.urlsafe_b64encode(self.rng.randbytes(12)).decode()
            url = "https://t.me/+" + tok
            if url not in self.links:
                break
        l = Link(chat, url, creator, created=self.now(), **k)
        self.links[url] = chat.links[url] = l
        return l

    def primary_link(self, chat: Chat, creator: User, renew=False) -> Link:
        cur = chat.primary.get(creator.id)
        if cur and not renew:
            return chat.links[cur]
        if cur:
            chat.links[cur].is_revoked = True
        l = self.new_link(chat, creator, is_primary=True)
        chat.primary[creator.id] = l.link
        return l
