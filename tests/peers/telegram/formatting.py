"""Telegram's text formatting.

HTML with the real server's error messages, automatic entities (commands, mentions, links, hashtags), and
rendering back to HTML. Markdown is not simulated. Offsets of entities are UTF-16 code units, as in the
Bot API.
"""

from __future__ import annotations

import html
import re


class ParseError(Exception):
    pass


def u16len(s: str) -> int:
    return len(s) if s.isascii() else len(s.encode("utf-16-le", "surrogatepass")) // 2


def _boff(s: str, i: int) -> int:
    return len(s[:i].encode("utf-8", "surrogatepass"))


_TAGS = {
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
}
_SIMPLE_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_ENT_RE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_WS = " \t\r\n\0\b\f\v"


def _decode_ent(s: str, i: int) -> tuple[str, int] | None:
    m = _ENT_RE.match(s, i)
    if not m:
        return None
    if m.group(3):
        return {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[m.group(3)], m.end()
    code = int(m.group(1), 16) if m.group(1) else int(m.group(2))
    if not 0 < code < 0x10FFFF:
        return None
    return chr(code), m.end()


def parse_html(s: str) -> tuple[str, list[dict]]:
    out: list[str] = []
    off = 0
    ents: list[dict] = []
    stack: list[tuple[str, dict, int, int]] = []  # tag, attributes, utf16 offset, index in out
    i, n = 0, len(s)
    while i < n:
        c = s[i]
        if c == "&":
            d = _decode_ent(s, i)
            if d:
                if 0xD800 <= ord(d[0]) <= 0xDFFF:
                    raise ParseError(
                        "Text contains invalid Unicode characters after decoding HTML entities, "
                        "check for unmatched surrogate code units"
                    )
                out.append(d[0])
                off += u16len(d[0])
                i = d[1]
                continue
        if c != "<":
            j = i + 1
            while j < n and s[j] not in "<&":
                j += 1
            chunk = s[i:j]
            out.append(chunk)
            off += u16len(chunk)
            i = j
            continue
        begin = i
        i += 1
        if i < n and s[i] == "/":
            if not stack:
                raise ParseError(f"Unexpected end tag at byte offset {_boff(s, begin)}")
            j = i + 1
            while j < n and s[j] not in _WS and s[j] != ">":
                j += 1
            name = s[i + 1 : j].lower()
            while j < n and s[j] in _WS:
                j += 1
            if j >= n or s[j] != ">":
                raise ParseError(f"Unclosed end tag at byte offset {_boff(s, begin)}")
            tag, attrs, eoff, oidx = stack[-1]
            if name and name != tag:
                raise ParseError(
                    f'Unmatched end tag at byte offset {_boff(s, begin)}, expected "</{tag}>", '
                    f'found "</{name}>"'
                )
            stack.pop()
            length = off - eoff
            if length > 0:
                _close(ents, tag, attrs, eoff, length, "".join(out[oidx:]))
            i = j + 1
            continue
        j = i
        while j < n and s[j] not in _WS and s[j] != ">":
            j += 1
        if j >= n:
            raise ParseError(f"Unclosed start tag at byte offset {_boff(s, begin)}")
        tag = s[i:j].lower()
        if tag not in _TAGS:
            raise ParseError(f'Unsupported start tag "{tag}" at byte offset {_boff(s, begin)}')
        attrs: dict[str, str] = {}
        unclosed = f'Unclosed start tag "{tag}" at byte offset {_boff(s, begin)}'
        while True:
            while j < n and s[j] in _WS:
                j += 1
            if j >= n:
                raise ParseError(unclosed)
            if s[j] == ">":
                break
            k = j
            while k < n and s[k] not in _WS and s[k] not in "=>/\"'":
                k += 1
            name = s[j:k]
            if not name:
                raise ParseError(f'Empty attribute name in the tag "{tag}" at byte offset {_boff(s, begin)}')
            j = k
            while j < n and s[j] in _WS:
                j += 1
            if j >= n:
                raise ParseError(unclosed)
            if s[j] != "=":
                attrs[name] = ""
                continue
            j += 1
            while j < n and s[j] in _WS:
                j += 1
            if j >= n:
                raise ParseError(unclosed)
            if s[j] in "\"'":
                q = s[j]
                k = s.find(q, j + 1)
                if k < 0:
                    raise ParseError(f"Unclosed start tag at byte offset {_boff(s, begin)}")
                val, p = [], j + 1
                while p < k:
                    d = _decode_ent(s, p) if s[p] == "&" else None
                    if d and d[1] <= k:
                        val.append(d[0])
                        p = d[1]
                    else:
                        val.append(s[p])
                        p += 1
                attrs[name] = "".join(val)
                j = k + 1
            else:
                k = j
                while k < n and ((s[k].isascii() and s[k].isalnum()) or s[k] in ".-"):
                    k += 1
                if k < n and s[k] not in _WS and s[k] != ">":
                    raise ParseError(f"Unexpected end of name token at byte offset {_boff(s, j)}")
                attrs[name] = s[j:k].lower()
                j = k
            if j >= n:
                raise ParseError(f"Unclosed start tag at byte offset {_boff(s, begin)}")
        if tag == "span" and attrs.get("class") != "tg-spoiler":
            raise ParseError(f'Tag "span" must have class "tg-spoiler" at byte offset {_boff(s, begin)}')
        stack.append((tag, attrs, off, len(out)))
        i = j + 1
    if stack:
        raise ParseError(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return "".join(out), _sorted(ents)


def _close(ents, tag, attrs, off, length, text):
    e = {"offset": off, "length": length}
    if tag in _SIMPLE_TAG:
        e["type"] = _SIMPLE_TAG[tag]
    elif tag == "tg-emoji":
        if not attrs.get("emoji-id", "").isdigit() or int(attrs["emoji-id"]) == 0:
            raise ParseError("Invalid custom emoji identifier specified")
        e.update(type="custom_emoji", custom_emoji_id=attrs["emoji-id"])
    elif tag == "tg-time":
        if not attrs.get("unix", "").isdigit() or int(attrs["unix"]) <= 0:
            return
        e.update(type="date_time", unix_time=int(attrs["unix"]))
        if attrs.get("format"):
            e["date_time_format"] = attrs["format"]
    elif tag == "a":
        link = _link(attrs.get("href") or text)
        if not link:
            return
        e.update(link)
    elif tag == "pre":
        if (
            ents
            and ents[-1]["type"] == "code"
            and ents[-1].get("_lang")
            and (ents[-1]["offset"], ents[-1]["length"]) == (off, length)
        ):
            ents[-1]["type"] = "pre"
            ents[-1]["language"] = ents[-1].pop("_lang")
            return
        e["type"] = "pre"
    elif tag == "code":
        lang = attrs.get("class", "")
        lang = lang[9:] if lang.startswith("language-") else ""
        if (
            ents
            and lang
            and ents[-1]["type"] == "pre"
            and (ents[-1]["offset"], ents[-1]["length"]) == (off, length)
        ):
            ents[-1]["language"] = lang
            return
        e["type"] = "code"
        if lang:
            e["_lang"] = lang
    elif tag == "blockquote":
        e["type"] = "expandable_blockquote" if "expandable" in attrs else "blockquote"
    ents.append(e)


def _link(url: str) -> dict | None:
    url = url.strip()
    m = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if m:
        return {"type": "text_mention", "_user_id": int(m.group(1))}
    if re.match(r"(https?|ftp|tg|ton|tonsite|mailto|tel):", url, re.IGNORECASE):
        rest = url.split(":", 1)[1].lstrip("/")
        if not rest or re.search(r"\s", url):
            return None
        return {"type": "text_link", "url": url}
    if re.match(r"^[^\s/]+\.[^\s/.]{2,}(/|$|\?)", url):
        return {"type": "text_link", "url": "http://" + url + ("" if "/" in url else "/")}
    return None


def _sorted(ents: list[dict]) -> list[dict]:
    for e in ents:
        e.pop("_lang", None)
    order = {"blockquote": 0, "expandable_blockquote": 0}
    ents.sort(key=lambda e: (e["offset"], -e["length"], order.get(e["type"], 1)))
    return ents


def parse(text: str, mode: str | None) -> tuple[str, list[dict]]:
    m = (mode or "").lower()
    if not m or m == "none":
        return text, []
    if m == "html":
        return parse_html(text)
    raise ParseError("__mode__")


# ---------------------------------------------------------------------------------- clean-up, auto entities
def trim(text: str, ents: list[dict]) -> tuple[str, list[dict]]:
    """Strip white space at both ends, as the server does, moving the entities along."""
    t = text.rstrip()
    cut = len(t) - len(t.lstrip())
    lead = u16len(t[:cut])
    t = t[cut:]
    total = u16len(t)
    if lead == 0 and all(e["offset"] + e["length"] <= total for e in ents):
        return t, ents
    res = []
    for e in ents:
        a = max(0, e["offset"] - lead)
        b = min(total, e["offset"] + e["length"] - lead)
        if b > a:
            res.append({**e, "offset": a, "length": b - a})
    return t, res


_AUTO = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+|\b(?:t\.me|telegram\.me)/[^\s<>\"]+)"
    r"|(?P<email>\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}\b)"
    r"|(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d_]\w*)"
)


def auto_entities(text: str, ents: list[dict]) -> list[dict]:
    if not any(c in text for c in "/@#"):
        return ents
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in ents
        if e["type"] in ("code", "pre", "text_link", "text_mention", "custom_emoji")
    ]
    have = {
        (e["offset"], e["length"])
        for e in ents
        if e["type"] in ("bot_command", "mention", "url", "hashtag", "email")
    }
    add = []
    ascii_ = text.isascii()
    for m in _AUTO.finditer(text):
        raw = m.group()
        if m.lastgroup == "url":
            raw = raw.rstrip(".,!?;:)'\"")
        a = m.start() if ascii_ else u16len(text[: m.start()])
        ln = u16len(raw)
        if (a, ln) in have or any(a < y and a + ln > x for x, y in taken):
            continue
        add.append({"type": m.lastgroup, "offset": a, "length": ln})
    return _sorted(ents + add) if add else ents


# ---------------------------------------------------------------------------------- rendering
def render_html(text: str, ents: list[dict] | None) -> str:
    """Plain text + entities -> HTML as a human would see it marked up (auto entities are left plain)."""
    if not ents:
        return html.escape(text, quote=False)
    units = text.encode("utf-16-le", "surrogatepass")

    def sub(a, b):
        return html.escape(units[2 * a : 2 * b].decode("utf-16-le", "replace"), quote=False)

    opens: dict[int, list] = {}
    closes: dict[int, list] = {}
    for k, e in enumerate(ents):
        t = e["type"]
        tag = {
            "bold": ("<b>", "</b>"),
            "italic": ("<i>", "</i>"),
            "underline": ("<u>", "</u>"),
            "strikethrough": ("<s>", "</s>"),
            "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
            "code": ("<code>", "</code>"),
            "blockquote": ("<blockquote>", "</blockquote>"),
            "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
        }.get(t)
        if t == "pre":
            lang = e.get("language")
            tag = (
                (f'<pre><code class="language-{html.escape(lang)}">', "</code></pre>")
                if lang
                else ("<pre>", "</pre>")
            )
        elif t == "text_link":
            tag = (f'<a href="{html.escape(e["url"])}">', "</a>")
        elif t == "text_mention":
            tag = (f'<a href="tg://user?id={e["user"]["id"] if "user" in e else e.get("_user_id")}">', "</a>")
        elif t == "custom_emoji":
            tag = (f'<tg-emoji emoji-id="{e["custom_emoji_id"]}">', "</tg-emoji>")
        if tag:
            opens.setdefault(e["offset"], []).append((e["length"], k, tag))
            closes.setdefault(e["offset"] + e["length"], []).append((e["offset"], k, tag))
    pts = sorted({0, len(units) // 2, *opens, *closes})
    res, prev = [], 0
    for p in pts:
        res.append(sub(prev, p))
        for _, _, tag in sorted(closes.get(p, []), key=lambda x: (-x[0], -x[1])):
            res.append(tag[1])
        for _, _, tag in sorted(opens.get(p, []), key=lambda x: (-x[0], x[1])):
            res.append(tag[0])
        prev = p
    return "".join(res)
