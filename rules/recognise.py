"""Tells a check-in from talk about check-ins, in a chat where both use the same words.

A word counts alone, at the start of a message, or as a #tag. It does not count in questions, refusals,
requests, quotes and forwards. At the end of a clause, or in a sentence that tells what was done, it is
`unclear`: not a check-in, but worth a leader's look. Anything else is talk.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final, Literal, Self

import msgspec

from rules import talk

DEFAULT_WORDS: Final = (
    *("打卡", "打个卡", "打個卡", "签到", "簽到", "签个到", "簽個到"),
    *("checkin", "check-in", "check in", "checking in", "checked in", "done", "✅", "☑", "✔"),
)
"""Words that mean a check-in unless settings name others."""

LONGEST_HINT: Final = 100
"""A word inside a longer text than this (characters) is no hint: such texts are announcements and rules."""

_GAP = f"[{talk.INVISIBLE}]*"
_LATIN = "A-Za-zＡ-Ｚａ-ｚ"
_FILLER = "[^\\w?？>＞\"“”'‘’「」『』«»《》#＃@＠/／]{0,40}"
_NUMBER = r"[\d零〇一二三四五六七八九十百]{1,6}"
_LEAD = (
    rf"(?:第\s?{_NUMBER}\s?[天日次周週期课課]|(?:day|d)\s?\d+|\d+\s?[/／]\s?\d+|{_NUMBER}\s?[天日]"
    r"|(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}[日号號]?|今天|今日|今早|今晚|每日|日常"
    r"|(?:大家|各位)?(?:早上好|早安|早呀|早啊|早|晚上好|晚安|你好)|我也?来|我也?來|我也|来|來|前来|前來"
    r"|已经|已經|已完成|已|完成|继续|繼續|坚持|堅持|准时|準時|按时|按時|顺利|順利|成功"
    r"|(?=[gmhajtdi])(?:good morning|morning|hello|hi|all|just|today['’]?s?|daily|my|i['’]?m|i['’]ve))"
)
_PARTICLES = re.compile(
    r"(?:[了啦喽嘍咯囉哈呀啊哦噢喔嘞哒噠耶呐]|成功|完成|完毕|完畢|ing\b|\+1)+", re.IGNORECASE
)
_TALK_ABOUT_IT = re.compile(
    r"[机機时時群率表卡图圖页頁的点點地是要需得也就都太真前后後之]|记录|紀錄|記錄|规则|規則|链接|連結|日历|人数|人數|排行|榜|方式|方法"
    r"|功能|小程序|软件|軟體|系统|系統|提醒|任务|任務|活动|活動|截止|奖励|獎勵|名单|名單|情况|情況|文案|模板|格式|制度|问题|問題"
    r"|数据|數據|天数|次数"
    r"|[\s-]*(?=[a-z])(?:time|link|page|desk|counter|list|rules?|bot|system|closes?|opens?|starts?|is|was|on|at(?!\s*\d)|deal"
    r"|with (?:me|us|you|him|her|them|your|each))\b"
    r"|\W*[@＠]",
    re.IGNORECASE,
)
_ASKS_OTHERS = re.compile(rf"(?:[吗嗎]|[没沒]有?[\s，,]*{talk.ADDRESSEE})")
_FAILED = re.compile(
    r"不[了上成进進]|失败|失敗|[没沒][成打签簽]|\W*(?:failed|not |\w++(?<=\wn)['’]t\b|did not|does not)",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:well|nicely|nice|jobs?|easier said than|almost|nearly|half|be|been|being|get|getting) done\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"(?:[读讀背写寫听聽练練学學跑走画畫抄刷看做]|复习|複習|预习|預習|朗读|朗讀|晨读|晨讀)\w{0,4}?[了完过過好]|完成|搞定|交作业|交作業"
    rf"|{_NUMBER}\s*(?:多|几|幾)?(?:页|頁|章|个|個|遍|分钟|分鐘|小时|小時|公里|节|節|课|課|题|題|篇|集|步|组|組|字|词|詞|句|首)"
    r"|\d+\s?(?:km|min|k)\b|\d+ (?:pages?|words?|chapters?|minutes?|hours?|laps?|lines?|exercises?)"
    r"|\b(?:finished|completed|read|wrote|studied|ran|learn(?:ed|t)|practi[cs]ed|memori[sz]ed|reviewed|did|walked|recited)\b"
    r"|(?:that['’]?s|this is|here['’]?s|here is|as|counts? as|consider (?:this|it)|for) my\b",
    re.IGNORECASE,
)
"""What somebody has done, with or without a number."""

_ELSEWHERE = re.compile(
    r"昨|前天|前晚|上[次周週回]|那天|以前|之前|曾|每[天日次晚周週]|天天|总是|總是|一直|经常|經常|平时|平時|等[下会會]|待[会會]|一[会會]|回头|回頭"
    r"|马上|馬上|晚点|晚點|稍后|稍後|准备|準備|打算|计划|計劃|想|要|再|将|將"
    r"|喜[欢歡]|讨厌|討厭|爱|愛|看到|看见|看見|听说|聽說|知道|觉得|覺得|帮|幫|替|代"
    r"|如果|要是|假如|他|她|谁|誰|别人|別人|有人|人家|群里|群裡"
    r"|\b(?:yesterday|last|every|each|always|usually|often|used to|later|soon|before|after|about to|would"
    r"|could|might|may|like|love|hate|enjoy|he|she|they|his|her|their|someone|somebody|people|if|when|saw|heard"
    r"|think|wish|hope|once)\b",
    re.IGNORECASE,
)
"""Another day, a plan, a habit, somebody else, or what one thinks of it."""

_THING = re.compile(
    r"[机機时時群率表卡图圖页頁点點]|[\s-]*(?:time|link|page|desk|counter|list|rules?|bot|system)\b",
    re.IGNORECASE,
)
"""What makes of the word before it the name of something else: 「打卡机」, "check-in bot"."""

_CLAUSE_END = re.compile(r"\W*$")
_CALLS_FOR_TAG = re.compile(
    rf"(?:{talk.ADDRESSEE}|记得|記得|别忘了?|別忘了?|请|請|[用带帶加发發打]上?|标签|標籤|use|with|post|add|remember|please)\W*$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[，,、；;]+")
_EDGE = " \t\r\n:：,，.。!！~～…—–-_|｜、·*#＃\u200b\u200c\u200d\u200e\u200f\ufeff\ufe0f\u3000\u2005"
_OPENING_EDGE = f"{_EDGE}]】)）"
_ATTACHED = re.compile(r"\W*[?？]|\w")
_LETTER = re.compile(r"\w")

Certainty = Literal["sure", "unclear"]


class Recognised(msgspec.Struct, frozen=True):
    """What a message says about checking in.

    `kind` is how it was said, `tag` the task it names (in the spelling it was set up with), `note` the
    member's own words without the check-in word, `certainty` "sure" for a check-in and "unclear" for a
    mere hint.
    """

    kind: Literal["word", "tag"]
    tag: str | None
    note: str
    certainty: Certainty


class Recogniser(msgspec.Struct, frozen=True):
    """Reads messages by one community's words and tasks: made once with `of`, kept, shared by threads."""

    tags: dict[str, str]
    glance: re.Pattern[str]
    word: re.Pattern[str]
    opening: re.Pattern[str]
    hashtag: re.Pattern[str]
    leading_tag: re.Pattern[str]

    @classmethod
    def of(
        cls, words: Iterable[str] = DEFAULT_WORDS, tags: Iterable[str] = (), names: Iterable[str] = ()
    ) -> Self:
        """Builds a recogniser from check-in words, task names, and the bot's own names (without @)."""
        known_words = [folded for word in words if (folded := _folded(word))]
        known_tags = {folded: tag for tag in tags if (folded := _folded(tag))}
        word, tag = _any_of(known_words), _any_of(known_tags)
        mention = (
            f"[@＠](?:{'|'.join(_spelled(folded) for name in names if (folded := _folded(name))) or '(?!)'})"
        )
        again = f"(?:{_FILLER}{word})*"
        start = rf"{_FILLER}(?:{mention}{_FILLER})?(?:{_LEAD}{_FILLER}){{0,3}}"
        return cls(
            tags=known_tags,
            glance=re.compile(_glance(known_words)),
            word=re.compile(word),
            opening=re.compile(
                rf"{start}(?:(?P<tag>{tag}){_FILLER})?{word}{again}(?:{_FILLER}{mention})?", re.IGNORECASE
            ),
            hashtag=re.compile(
                rf"[【\[]?[#＃]\s?(?:(?P<tag>{tag})(?:{_FILLER}{word})?|{word})(?=第|day\s?\d|\d|\W|_|$)[】\]]?",
                re.IGNORECASE,
            ),
            leading_tag=re.compile(rf"({tag})(?!\w)", re.IGNORECASE),
        )

    def read(self, text: str, *, forwarded: bool = False) -> Recognised | None:
        """Says what a chat message means, or None for ordinary talk (which costs about a microsecond)."""
        if forwarded or self.glance.search(text) is None:
            return None
        own = talk.own_words(text)
        if own.lstrip().startswith(("/", "／")):
            return None
        tagged = self._hashtag(own)
        if tagged is not None:
            return self._tagged(own, tagged)
        opening = self.opening.match(own)
        if opening is not None:
            return self._opened(opening)
        return self._mentioned(own)

    def _hashtag(self, own: str) -> re.Match[str] | None:
        if "#" not in own and "＃" not in own:
            return None
        found = list(self.hashtag.finditer(talk.spoken(own)))
        named = [match for match in found if match["tag"]]
        return next(iter(named or found), None)

    def _tagged(self, own: str, tagged: re.Match[str]) -> Recognised | None:
        before, rest = tagged.string[: tagged.start()], tagged.string[tagged.end() :]
        certainty = _certainty_of_tag(before, rest)
        if certainty is None:
            return None
        note = self.hashtag.sub(" ", own).strip(_EDGE)
        opening = self.opening.match(note)
        end = opening.end() if opening else 0
        return Recognised("tag", self._known(tagged["tag"]), _note(_without_particles(note[end:])), certainty)

    def _opened(self, opening: re.Match[str]) -> Recognised | None:
        tail = _without_particles(opening.string[opening.end() :])
        certainty = _certainty(tail)
        if certainty is None:
            return None
        if certainty == "unclear":
            return self._mentioned(opening.string)
        tag, note = self._known(opening["tag"]), _note(tail)
        if tag is None and (leading := self.leading_tag.match(note)):
            tag, note = self._known(leading[1]), note[leading.end() :].strip(_EDGE)
        return Recognised("word", tag, note, certainty)

    def _mentioned(self, own: str) -> Recognised | None:
        if len(own) <= LONGEST_HINT and any(map(self._hints, talk.sentences(talk.spoken(own)))):
            return _hint(own)
        return None

    def _hints(self, sentence: str) -> bool:
        if talk.asks(sentence) or talk.urges(sentence) or _PRAISE.search(sentence):
            return False
        tells = _DEED.search(sentence) is not None
        return any(self._is_perhaps(clause, tells=tells) for clause in _COMMA.split(sentence))

    def _is_perhaps(self, clause: str, *, tells: bool) -> bool:
        """Whether a clause may say that its writer checks in: the word ends it, or a deed is told."""
        found = self.word.search(clause)
        if found is None or talk.denies(clause) or _ELSEWHERE.search(clause):
            return False
        rest = clause[found.end() :]
        if _CLAUSE_END.match(_without_particles(rest)):
            return True
        return tells and _THING.match(rest) is None

    def _known(self, found: str | None) -> str | None:
        return None if found is None else self.tags.get(_folded(found))


def _hint(text: str) -> Recognised:
    return Recognised("word", None, text.strip(_EDGE), "unclear")


def _certainty(tail: str) -> Certainty | None:
    """Judges a word at the start by what follows: a note, more of a sentence, a question, a call."""
    if _is_question(tail) or talk.summons(tail) or _FAILED.match(tail):
        return None
    return "unclear" if _TALK_ABOUT_IT.match(tail) else "sure"


def _certainty_of_tag(before: str, rest: str) -> Certainty | None:
    """Judges a #tag by the words around it; without words before it, as a word at the start is judged."""
    if not before.strip(_EDGE):
        return _certainty(_without_particles(rest))
    clause = _COMMA.split(talk.sentences(before)[-1])[-1]
    after = talk.first_sentence(rest)
    if _CALLS_FOR_TAG.search(before) or talk.refuses(clause) or talk.asks(clause + after):
        return None
    return "sure"


def _is_question(tail: str) -> bool:
    if _ASKS_OTHERS.match(tail):
        return True
    if not talk.ends_asking(talk.first_sentence(tail)):
        return False
    return _ATTACHED.match(tail) is not None or talk.asks_about_it(tail)


def _without_particles(rest: str) -> str:
    particles = _PARTICLES.match(rest)
    return rest[particles.end() :] if particles else rest


def _note(tail: str) -> str:
    note = tail.lstrip(_OPENING_EDGE).rstrip(_EDGE)
    return note if _LETTER.search(note) else ""


def _folded(text: str) -> str:
    visible = re.sub(_GAP, "", unicodedata.normalize("NFKC", text))
    return visible.casefold().strip()


def _any_of(spellings: Collection[str]) -> str:
    """A pattern of these words, longest first, in any case and width; Latin words only as whole words."""
    longest_first = sorted(spellings, key=len, reverse=True)
    latin = [word for word in longest_first if _is_latin(word[0])]
    others = [_as_whole_word(word) for word in longest_first if not _is_latin(word[0])]
    if latin:  # looked at only where one begins: each may stand in any case, and costs more than all others
        starts = "".join(_forms(word[0]) for word in latin)
        others.append(f"(?=[{starts}])(?:{'|'.join(map(_as_whole_word, latin))})")
    return f"(?:{'|'.join(others) or '(?!)'})"


def _spelled(word: str) -> str:
    return _GAP.join(f"[{_forms(letter)}]" for letter in word) + _GAP


def _as_whole_word(word: str) -> str:
    before = f"(?<![{_LATIN}\\d_@/.])" if _is_latin(word[0]) else ""
    after = f"(?![{_LATIN}_])" if _is_latin(word[-1]) else ""
    return before + _spelled(word) + after


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _forms(letter: str) -> str:
    """A letter in both cases and widths, ready for a pattern's square brackets."""
    if letter.isspace():
        return r"\s"
    wide = chr(ord(letter) + 0xFEE0) if letter.isascii() else letter
    cases = {letter.lower(), letter.upper(), wide.lower(), wide.upper()}
    return "".join(re.escape(case) for case in sorted(cases) if len(case) == 1)


def _glance(words: Collection[str]) -> str:
    """A pattern that refuses ordinary talk fast: `re` scans quickly for one set of first letters."""
    latin = [word for word in words if _is_latin(word[0])]
    others = [word for word in words if not _is_latin(word[0])]
    starts = "".join(_forms(word[0]) for word in words)
    in_latin = rf"(?<=[\w])(?<![A-Za-z].)(?:{_after_first(latin)})"
    return rf"[#＃{starts}](?:(?<=[#＃])|(?<![{_LATIN}])(?:{_after_first(others)})|{in_latin})"


def _after_first(words: Collection[str]) -> str:
    """A pattern that stands behind the first letter of one of the words and matches the rest of it."""
    endings: dict[str, list[str]] = {}
    for word in words:
        rest = "".join(f"{_GAP}[{_forms(letter)}]" for letter in word[1:])
        endings.setdefault(_forms(word[0]), []).append(rest)
    return "|".join(f"(?<=[{first}])(?:{'|'.join(rests)})" for first, rests in endings.items()) or "(?!)"
