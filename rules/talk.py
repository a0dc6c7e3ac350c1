"""How people ask, refuse, remind and quote in chat: simplified and traditional Chinese, and English.

Patterns over one sentence or less; they know nothing of check-ins.
"""

import re
from typing import Final

INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff"
"""Characters without width, for use inside a pattern's square brackets."""

ADDRESSEE: Final = (
    r"(?:各位|大家|诸位|諸位|你们|你們|同学们|同學們|同学|同學|家人们|家人們|小伙伴们?|小夥伴們?|朋友们|朋友們|群友们?|所有人|全体|全體"
    r"|everyone|everybody|guys|folks|all|team|y'all)"
)

_QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』|“[^“”]*”|‘[^‘’]*’|\"[^\"\n]*\"|`[^`\n]*`|《[^《》]*》")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@[\w-]+\.\w+")
_QUOTED_LINES = re.compile(rf"^[ \t\u3000{INVISIBLE}]*[>＞|｜].*$", re.MULTILINE)
_QUOTES = re.compile("[>＞|｜「]")
_QUOTED_REPLY = re.compile(r"^\s*「[^」]*」\s*\n[-—– ]{5,}\n")
_SENTENCE = re.compile(r"[^。．！!？?；;\n]*[。．！!？?；;\n]?")

_ASKS = re.compile(
    r"[?？吗嗎么麼没沒呢否不了是有能可要](?:(?<=[?？])|(?<=[吗嗎么麼没沒呢否不])[啊呀哈的]?\W*$|(?<=[没沒])有[啊呀哈的]?\W*$"
    r"|(?<=[吗嗎])(?!\w)|(?<=了)[没沒](?!\w)|(?<=是)不是|(?<=有)[没沒]有|(?<=能)不能|(?<=可)不可以|(?<=要)不要)"
)
"""Like the glance of a recogniser: `re` scans quickly for one set of first letters."""

_BEGINS_BY_ASKING = re.compile(
    r"\W*(?:谁|誰|怎么|怎麼|为什么|為什麼|为啥|為啥|咋|哪里|哪裡|哪儿|几点|幾點|什么|什麼|啥|请问|請問)"
)
_BEGINS_AS_QUESTION = re.compile(
    r"\W*(?:who|whose|how|where|when|what|why|which|did|does|do you|can|could|is|are|has|have you|was)\b",
    re.IGNORECASE,
)
_ASKS_ABOUT_IT = re.compile(
    r"\W*(?:怎么|怎麼|咋|在哪|哪里|哪裡|哪儿|哪兒|哪个|哪個|现在|現在|几点|幾點|时间|時間|截止|什么|什麼|啥|能|可以|可不|还|還|是|有|要|需|算|谁|誰"
    r"|大家|你们|你們|今天.{0,2}(?:要|还|還)|how|where|when|what|is|are|can|do|does|did|has|anyone|who|yet|already|by)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"[不没沒未别別]|忘|懒得|懶得|来不及|來不及|停止|取消|暂停|暫停|补|補|放弃|放棄|免"
    r"|\b(?:not|never|no|cannot|forgot|forget|without|missed|skip|skipping|dont|cant|wont|havent|didnt|isnt|arent)\b|n['’]t\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"不想|不能|不了|不打|没时间|沒時間|没空|沒空|没法|沒法|来不及|來不及|懒得|懶得|忘了|忘记|忘記|取消|请假|請假"
    r"|\b(?:cannot|forgot|skip|skipping|missed|no time|not today)\b|(?:ca|wo|did|have|could)n['’]t\b",
    re.IGNORECASE,
)
_URGES = re.compile(
    rf"{ADDRESSEE}(?!早)|记得|記得|请(?!假)|請(?!假)|[快先再都]来|[快先再都]來|快去|赶紧|趕緊|抓紧|抓緊|一下|必须|必須|应该|應該|务必|務必|需要|要求"
    r"|可以|欢迎|歡迎|提醒|开始|開始|规则|規則|如何|怎么|怎麼|方式|明天|后天|後天|以后|以後|下周|下週|每天都?要|吧[\W]*$|你(?!好)"
    r"|\b(?:please|pls|plz|remember|reminder|let'?s|you|your|should|need|must|have to|has to|will|gonna"
    r"|going to|tomorrow|how to|don'?t forget|time to|rules?|want)\b",
    re.IGNORECASE,
)
_SUMMONS = re.compile(
    rf"\W*(?:一下|下(?!班|课|課|午|雨)|吧|走起|起来(?!\w)|起來(?!\w)|时间到|時間到|开始|開始|别忘|別忘|记得|記得|赶紧|趕緊|抓紧|抓緊|快(?:来|來|点|點|快)"
    rf"|please|pls|remember|now|reminder|everyone|everybody"
    rf"|{ADDRESSEE}(?:\W*$|[们們]?[\W]*(?:快|记得|記得|赶紧|趕緊|别忘|別忘|抓紧|抓緊|都要|都来|都來|要|可以|请|請)))",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Splits a text at full stops, question and exclamation marks and line ends; the mark stays."""
    return [found for found in _SENTENCE.findall(text) if found.strip()]


def first_sentence(text: str) -> str:
    """The first of a text's sentences; empty when there is none."""
    first = _SENTENCE.match(text)
    if first is not None and first[0].strip():
        return first[0]
    return next(iter(sentences(text)), "")


def own_words(text: str) -> str:
    """The text without what it answers to: WeChat's quoted reply on top, and lines that begin with `>`."""
    if _QUOTES.search(text) is None:
        return text
    return _QUOTED_LINES.sub("", _QUOTED_REPLY.sub("", text, count=1))


def spoken(text: str) -> str:
    """The text without quoted passages, book titles, web and mail addresses."""
    return _ADDRESS.sub(" ", _QUOTED.sub(" ", text))


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, also without its mark: 「打卡了没」."""
    return ends_asking(sentence) or _BEGINS_AS_QUESTION.match(sentence) is not None


def ends_asking(sentence: str) -> bool:
    """The same for the end of a sentence, where English word order tells nothing."""
    return _ASKS.search(sentence) is not None or _BEGINS_BY_ASKING.match(sentence) is not None


def asks_about_it(rest: str) -> bool:
    """Whether what follows a word begins as a question about that word: 「在哪」, 「还来得及吗」."""
    return _ASKS_ABOUT_IT.match(rest) is not None


def denies(clause: str) -> bool:
    """Whether a clause says that something is not so, or was missed."""
    return _DENIES.search(clause) is not None


def refuses(sentence: str) -> bool:
    """Whether somebody excuses himself: a stricter `denies`, which a mere 「没」 does not meet."""
    return _REFUSES.search(sentence) is not None


def urges(sentence: str) -> bool:
    """Whether a sentence asks others to do something, or announces it."""
    return _URGES.search(sentence) is not None


def summons(rest: str) -> bool:
    """Whether what follows a word turns it into a call to others: 「一下哦各位」, 「吧」."""
    return _SUMMONS.match(rest) is not None
