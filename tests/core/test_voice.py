"""Every text of every feature, in every language, as a member would read it."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from jinja2 import TemplateError, nodes

from bot.core.actions import words
from bot.core.locale import LOCALES
from bot.core.markup import complaint, plain
from bot.core.own_texts import values_of
from bot.core.render import BUILT_IN, Render

RENDER = Render()
HOUSE = Path(__file__).parent.parent.parent

TASK = {
    "name": "晨读",
    "window": [360, 510],
    "late": True,
    "place": "open",
    "done": True,
    "number": 12,
    "title": "第 12 课",
    "proof": "text",
    "shortest": 20,
    "weekdays": [0, 1, 2, 3, 4],
}
ROLE = {"role": "助教", "rights": ["mend", "tasks"], "people": ["小林 & <b>"]}
WINDOW = {"opens": 360, "closes": 510}
PART = {"signal": "checkin", "count": 3}
SPAN = {"first": "2026-05-01", "last": "2026-05-05", "why": "回家 & <b>"}
ASKED = {"person": "小林", "room": "晨读班", "what": "setting", "days": SPAN}
MILESTONE = {"days": 21, "kind": "streak", "count": 8, "people": ["小林", "阿哲"]}
ABOUT_SETTING = {
    "label": "setting.name_talk_lines_a_day",
    "room": "晨读班",
    "was": None,
    "becomes": {"shape": "number", "value": 2},
    "subject": "talk.lines_a_day",
    "before": 4,
    "after": 2,
}
CHANGE = {
    "number": 7,
    "who": "班主任",
    "day": "2026-05-01",
    "minutes": 570,
    "text": "core.did_setting",
    "about": ABOUT_SETTING,
    "room": "晨读班",
    "why": "",
    "undoes": 0,
    "brings_back": False,
    "undone": True,
}
STAGE = {"first": 1, "last": 7, "title": "入门", "done": 5, "current": True}

SAMPLES: dict[str, object] = {
    "about": "home.about_help",
    "capacity": 20,
    "code": "zh-Hant",
    "community": "晨读班",
    "day": "2026-05-01",
    "day_starts_at": 240,
    "first": "2026-05-01",
    "given": "<b>奇怪的话</b>",
    "joined": 3,
    "language": "zh-Hant",
    "last": "2026-05-21",
    "leaders": ["小林", "<i>阿哲"],
    "letter": {"text": "core.letters_none", "values": {}},
    "letters": [{"text": "core.letters_none", "values": {}}],
    "lines": ["小林", "阿哲"],
    "kind": "streak",
    "milestones": [MILESTONE],
    "missing": ["read", "react", "delete", "invite"],
    "moved": [PART],
    "months": [{"month": 5, "counted": 21}],
    "name": "小林 & <b>",
    "names": ["晨读", "背单词"],
    "near": "help",
    "note": "读了三页",
    "opens": 360,
    "closes": 510,
    "own": {"rank": 4, "points": 120},
    "parts": [PART, PART],
    "people": ["小林", "<阿哲>", "小雨", "大力", "阿美", "老王"],
    "proof": "text",
    "right": "read",
    "pauses": [SPAN],
    "rows": [{"rank": 1, "name": "小林 & <b>", "points": 120}, {"rank": 4, "name": "阿哲", "points": 7}],
    "saved": ["2026-05-11", "2026-05-12"],
    "sections": [
        {"staff": staff, "lines": [[{"name": "help", "word": "帮助"}, {"name": "zone", "word": ""}]]}
        for staff in (False, True)
    ],
    "shown": "list",
    "span": "week",
    "stages": [STAGE],
    "task": "晨读",
    "tasks": [TASK],
    "title": "晨读营",
    "what": CHANGE,
    "weekdays": [0, 1, 2, 3, 4],
    "window": [360, 510],
    "words": ["帮助", "菜单"],
    "zone": "Asia/Tokyo",
}
"""What fills the texts: by name, and below for the texts that mean something else by it."""

TIME = {"shape": "time", "value": "21:30"}
CHOICE = {"shape": "choice", "value": "setting.is_recap_evening_list"}
CHOICES = [{"code": "count", "text": "setting.is_recap_evening_count"}]
A_SETTING: dict[str, object] = {
    "name": "setting.name_recap_evening",
    "hint": "setting.hint_recap_evening",
    "section": "setting.section_recap",
    "origin": "community",
    "value": CHOICE,
    "before": CHOICE,
    "after": TIME,
    "takes": {"shape": "choice", "least": None, "most": None, "choices": CHOICES},
    "key": "recap.evening",
    "way": "晨读班 ",
    "example": "list",
    "changes": [{"name": "setting.name_recap_evening", "before": CHOICE, "after": CHOICE}],
    "choices": CHOICES,
}
"""What fills the texts about settings."""

A_LINE = {
    "name": "setting.name_recap_evening_at",
    "hint": "setting.hint_recap_evening_at",
    "value": TIME,
    "origin": "room",
    "others": 2,
}
BY = {"name": "小林", "day": "2026-05-01", "minutes": 540}
LAYERS = [
    {"layer": "default", "value": TIME, "holds": False, "by": None},
    {"layer": "community", "value": None, "holds": False, "by": BY},
    {"layer": "room", "value": CHOICE, "holds": True, "by": BY | {"name": ""}},
]

A_ROOM: dict[str, object] = {
    "title": "晨读班",
    "tier": 1,
    "by_hand": False,
    "care": True,
    "missing": ["read", "delete"],
    "silent": 90,
    "share": 80,
    "came": 8,
    "active": 10,
    "off": ["recap.title", "terms.title"],
}
GROUP: dict[str, object] = {"count": 3, "names": ["小林 & <b>", "阿哲"]}
NUMBERED: dict[str, object] = {
    "count": 3,
    "lines": [{"number": 4, "text": "小雨 & <b>"}, {"number": 5, "text": "大力"}],
}
A_ROLL: dict[str, object] = {
    "room": "晨读二班",
    "undone": False,
    "again": 2,
    "skipped": 1,
    "near": [{"number": 6, "name": "小林同学", "near": "小林"}],
    "nears": 2,
    "example": 6,
    "unread": NUMBERED,
    "fresh": NUMBERED,
    "counted": GROUP,
    "joined": GROUP,
    "left": GROUP,
    "leave": GROUP,
    "twice": GROUP,
    "names": ["晨读二班", "晨读三班"],
    "count": 3,
    "people": 12,
    "rooms": [{"title": "晨读二班", "people": 12, "minutes": 90}],
    "tier": 2,
    "chosen": True,
}
BYHAND: dict[str, dict[str, object]] = {
    **{
        f"byhand.{block}": A_ROLL
        for block in ("noted", "members", "rest", "unclear", "people", "list", "card")
    },
    "byhand.which": A_ROLL,
    "byhand.tier_button": A_ROLL,
    "byhand.is_button": {"name": "小林同学一二三四", "near": "小林同学一二三四"},
    "byhand.new_button": {"name": "小林同学一二三四"},
    "byhand.unread_file": {"reason": "not_text"},
    "byhand.did_byhand": {"place": "晨读二班", "after": {"standing": "active"}},
    "byhand.did_roll": {"room": "晨读二班", "day": "2026-05-04", "after": 3},
    "byhand.did_roll_line": {"room": "晨读二班", "before": "小林同学", "after": "小林"},
    "byhand.no_line": {"numbers": [9, 12]},
}
UNCLEAR: dict[str, object] = {
    "writer": "小林 & <b>",
    "place": "晨读班",
    "quote": "刚刚打卡的内容是 <b>三十页</b>",
    "proof": "voice",
    "why": "late",
    "for_day": "2026-05-01",
    "line": "阿哲",
    "closes": 510,
    "minutes": 552,
    "name": "小林 & <b>",
    "task": "晨读",
    "day": "2026-05-01",
}
SUGGESTED = [
    {"text": "unclear.suggests_unclear", "about": UNCLEAR, "state": state, "who": who}
    for state, who in (("open", ""), ("declined", "组长 <i>"))
]
NAMED = {"rooms": ["晨读班", "夜读班"], "count": 4}
A_RIGHT = {"right": "delete", **NAMED}
STUCK = NAMED | {"waiting": 7, "minutes": 95}
TROUBLES = [
    {"text": "doctor.stuck", "values": STUCK, "minor": False},
    {"text": "doctor.rights", "values": {"rights": [A_RIGHT, A_RIGHT]}, "minor": True},
]
AWAY = {"platform": "wechat", "state": "offline", "why": "frozen & <b>", "minutes": 95}
ENDED = [{"text": f"doctor.{kind}_over", "values": AWAY} for kind in ("disk", "offline")]
DOCTOR: dict[str, dict[str, object]] = {
    "doctor.page": {
        "troubles": TROUBLES,
        "grave": 1,
        "rooms": 12,
        "versions": ["Banzhang 0.1.0"],
        "free": "9 GB",
    },
    "doctor.alert": {"begun": TROUBLES, "ended": ENDED, "well": False},
    **{f"doctor.{block}": NAMED for block in ("rooms", "chats", "deaf", "mute")},
    "doctor.stuck": STUCK,
    "doctor.offline": AWAY,
    "doctor.offline_over": AWAY,
    "core.platform": {"name": "wechat"},
    "doctor.reach": {"platform": "wechat", "why": "taken"},
    "doctor.off": {"platform": "wechat", "why": "lacks", "about": "token"},
    "doctor.right": {"right": "speak"},
    "doctor.rights": {"rights": [A_RIGHT]},
    "doctor.lost": {"places": [{"title": "晨读班", "lost": ["read", "speak"]}], "more": 2},
    "doctor.dead": {"count": 3, "minutes": 5, "what": "job"},
    "doctor.reason": {"reason": "blocked"},
    "doctor.failed": {
        "count": 3,
        "reasons": [{"reason": "blocked", "count": 2}, {"reason": "new", "count": 1}],
    },
}
ACCOUNTS = [
    {"platform": "wechat", "state": state, "why": "frozen & <b>", "minutes": minutes}
    for minutes, state in enumerate(("online", "waiting", "offline"))
]
AN_ACCOUNT: dict[str, object] = {"name": "小林 & <b>", "platform": "wechat"}
SUM: dict[str, object] = {"community": "晨读班 & <b>", "current": 12, "total": 47}
LINKING: dict[str, dict[str, object]] = {
    "linking.account": AN_ACCOUNT,
    "linking.sums": {"sums": [SUM, SUM | {"current": 0}]},
    "linking.code": AN_ACCOUNT | {"code": "K7M2QX", "minutes": 15, "asks": True},
    "linking.in_private": {"befriends": True},
    "linking.again_in_private": {"befriends": True},
    "linking.ask_there": {"other": AN_ACCOUNT, "minutes": 15},
    "linking.asked_there": {"other": AN_ACCOUNT},
    "linking.ask": {"own": AN_ACCOUNT, "other": AN_ACCOUNT | {"platform": "telegram"}},
    "linking.yes": AN_ACCOUNT,
    "linking.joined": {"other": AN_ACCOUNT, "sums": [SUM]},
    "linking.joined_there": {"other": AN_ACCOUNT, "sums": [SUM]},
    "linking.ask_to_part": {"own": AN_ACCOUNT, "others": [AN_ACCOUNT, AN_ACCOUNT]},
    "linking.parted": {"sums": [SUM]},
    "linking.parted_there": {"other": AN_ACCOUNT, "sums": [SUM]},
}
SAMPLES_OF: dict[str, dict[str, object]] = {
    **LINKING,
    "absence.back": {"days": [SPAN]},
    "account.states": {"accounts": ACCOUNTS},
    "flagging.flagged": {
        "author": "阿强",
        "room": "晨读班",
        "said": "加我领资料",
        "why": "广告",
        "deletes": False,
        "heard": False,
    },
    "admit.did_admit": {"person": "小林", "place": "精英班"},
    "admit.refused": {"name": "小林", "room": "精英班", "reason": "full"},
    "absence.did_pause": {"subject": "2026-05-01", "before": None, "after": "2026-05-05"},
    "absence.did_rest": {"before": [], "after": [5, 6]},
    "audit.several_rooms": {
        "rooms": [{"number": 2, "title": "晨读一班"}, {"number": 3, "title": "晨读二班"}]
    },
    "core.change": CHANGE,
    "core.did_setting": {"label": "setting.name_recap_evening", "was": None, "becomes": CHOICE},
    "core.feature_off": {"title": "checkin.title"},
    "core.pass_on": {
        "texts": [{"name": "小林", "room": "晨读班", "text": "core.letters_none", "values": {}}],
    },
    "checkin.frozen": {"days": ["2026-05-01", "2026-05-02"]},
    "language.did_language": {"before": "zh-Hans", "after": "en"},
    "mending.did_mend": {"person": "小林", "rest": "2026-05-01", "after": {"standing": "returned"}},
    "mending.standing": {"standing": "waiting"},
    "roles.card": {"roles": ["study", "助教"]},
    "roles.did_role": {"person": "小林", "rest": "leader", "after": "held"},
    "roles.did_role_kind": {"subject": "leader", "before": ["mend"], "after": ["mend", "overview"]},
    "roles.how": {"roles": [ROLE]},
    "roles.list": {"roles": [ROLE], "away": True},
    "roles.more_than_yours": {"rights": ["tasks"]},
    "roles.kind_set": {"role": "助教", "rights": ["mend"]},
    "roles.names": {"roles": ["study", "助教"]},
    "roles.right": {"right": "mend"},
    "roles.rights": {"rights": ["mend", "tasks"]},
    "roles.taken": {"roles": ["leader"]},
    "roles.unknown": {"roles": ["leader", "助教"]},
    "audit.subject": {"what": "setting"},
    "audit.page": {"changes": [CHANGE], "asked": ASKED, "first": True},
    "audit.question": {"what": CHANGE, "again": CHANGE},
    "recap.digest": {"missing": ["阿美"], "late": ["小雨"], "away": ["大力"]},
    "scoring.why": {"days": [{"day": "2026-05-01", "points": 9, "weight": 4, "parts": [PART]}]},
    "settings.did_room_template": {"after": {"recap.evening": "list"}},
    "settings.section": {"lines": [A_LINE, A_LINE]},
    "settings.takes": {"shape": "choice"},
    "settings.template": {"lines": [A_LINE]},
    "setting.value": {"shape": "list", "value": ["打卡", "签到"], "more": 3},
    "settings.why": {"layers": LAYERS},
    **{
        f"setup.{block}": {
            "tasks": [{"name": "晨读", "opens": 300, "closes": 540}, {"name": "单词", "opens": None}],
            "extras": ["recap.title", "reminders.title"],
            "names": ["recap", "reminders"],
            "over": False,
            "name": "recap",
            "title": "recap.title",
            "hello": {"new": True, "checks_in": True, "hears": True, "missing": ["delete"]},
            "chosen": True,
        }
        for block in ("task", "done", "extra", "extras", "extra_choice", "details")
    },
    "rooms.card": {"room": A_ROOM},
    "rooms.list": {"rooms": [A_ROOM, A_ROOM | {"share": None, "silent": None, "missing": [], "off": []}]},
    "rooms.noted": {"minutes": 3000},
    **BYHAND,
    "rooms.off": {"off": ["recap.title"]},
    "staffroom.sure": {"people": 12},
    **DOCTOR,
    "suggestions.did_suggestion": {
        "person": "小林",
        "task": "晨读",
        "rest": "2026-05-01",
        "after": {"state": "approved", "what": "unclear.suggested_unclear"},
    },
    "suggestions.list": {"items": SUGGESTED, "until": {"day": "2026-05-04", "minutes": 552}, "more": 2},
    "suggestions.page": {"items": SUGGESTED, "until": {"day": "2026-05-04", "minutes": 552}},
    "unclear.suggests_unclear": UNCLEAR,
    "tasks.card": {"task": TASK},
    "tasks.did_task": {
        "task": "晨读",
        "subject": "",
        "before": {"window": None},
        "after": {"window": WINDOW},
    },
    "tasks.part": {"part": "window"},
    "tasks.part_value": {"part": "window", "value": WINDOW},
    "terms.did_term": {"subject": "营期", "before": "", "after": {"first": "2026-05-01", "days": 21}},
}

GUESSES: tuple[object, ...] = (3, "小林", "2026-05-01", ["小林", "阿哲"])
"""What is tried for a name that is not above."""

WAYS: dict[str, Sequence[object]] = {
    "turn": range(12),
    "weekday": range(7),
    "shown": ("list", "count", "off"),
    "milestones": ([], [MILESTONE]),
    "days": (21, 100, 365),
    "kind": ("streak", "total"),
    "count": (1, 2, 8),
    "easy": (True, False),
    "last": (True, False),
}
"""What takes turns in the texts that are worded in several ways."""

BANNED = re.compile(
    "断签|斷簽|失败|失敗|又没打卡|又沒打卡|倒数|倒數|未打卡名单|未打卡名單|踢|清理|淘汰|僵尸|殭屍|潜水党|潛水黨|警告|"
    "严禁|嚴禁|逾期|系统检测到|系統檢測到|您已被|恭喜您获得|恭喜您獲得|最后机会|最後機會|稳赚|穩賺|返现|返現|"
    "瓜分现金|瓜分現金|@所有人|@all"
)
MAINLAND_ONLY = re.compile(
    "視頻|信息|軟件|默認|鏈接|網絡|屏幕|程序|私聊|短信|打印|點擊|用戶|賬號|賬戶|發送|設置|快進|演示|添加|(?<!社)群裡|念叨"
)
"""Words that a reader in Taiwan would know to be converted."""

OTHER_SCRIPT = re.compile(r"简体中文|繁體中文|语言 Language|Language 语言|语言|打卡")
ALERT, LABEL, ABOUT, MESSAGE = 200, 24, 80, 1500

BLOCKS = {locale: RENDER.blocks(locale) for locale in LOCALES}
FEATURES = sorted(BLOCKS["zh-Hans"])


@cache
def source(locale: str, feature: str) -> str:
    return (BUILT_IN / locale / f"{feature}.html").read_text(encoding="utf-8")


def _names(text: str) -> set[str]:
    feature, _, block = text.partition(".")
    return values_of(feature)[block]


def rendered(locale: str, text: str) -> str:
    known = SAMPLES | (A_SETTING if text.startswith("settings.") else {}) | SAMPLES_OF.get(text, {})
    failures = []
    for guess in GUESSES:
        values = {name: known.get(name, guess) for name in _names(text)}
        try:
            return RENDER.text(words(text, **values), locale)
        except (TemplateError, TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            failures.append(f"{error!r} with {values}")
    raise AssertionError(f"{locale} {text}: add to SAMPLES what fills it\n" + "\n".join(failures))


def said_by(pattern: str) -> set[str]:
    """The texts that the handlers use in one way, read from their source."""
    sources = [*(HOUSE / "handlers").rglob("*.py"), *(HOUSE / "bot" / "core").glob("*.py")]
    return {
        found
        for path in sources
        for found in re.findall(pattern, path.read_text(encoding="utf-8"), re.DOTALL)
    }


ALERTS = said_by(r'UserError\(\s*"([a-z_]+\.[a-z_]+)"') | said_by(
    r'answer\(\s*words\(\s*"([a-z_]+\.[a-z_]+)"'
)
LABELS = said_by(r'Button\(\s*[Ww]ords\(\s*"([a-z_]+\.[a-z_]+)"')


@pytest.mark.parametrize("feature", FEATURES)
def test_every_text_is_there_in_every_language(feature: str) -> None:
    for locale in LOCALES:
        assert BLOCKS[locale].get(feature) == BLOCKS["zh-Hans"][feature], locale


def reads_well(html: str) -> str:
    """The text of what was rendered, once it is seen to be whole."""
    said = plain(html)
    assert complaint(html) is None, html
    assert not re.search(r"[{}]|%s|\bNone\b|\bTrue\b|\bFalse\b|Undefined|<built-in|object at 0x", said), said
    assert not re.search(r"[!！]{2,}|，。|。。|，，|，、|[?？]{3,}", said), said
    assert len(said) <= MESSAGE
    return said


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_reads_well(locale: str, feature: str) -> None:
    for block in sorted(BLOCKS[locale][feature]):
        text = f"{feature}.{block}"
        said = reads_well(rendered(locale, text))
        if text in ALERTS:
            assert len(said) <= ALERT, f"{text}: an alert of {len(said)} characters"
        if text in LABELS:
            assert 1 <= len(said) <= LABEL, f"{text}: a button of {len(said)} characters"
        if ".about_" in text:
            assert 2 <= len(said) <= ABOUT, text


def wordings(locale: str, text: str) -> set[str]:
    """The wordings that a text lists, cut where its numbers stand."""
    feature, _, name = text.partition(".")
    tree = RENDER._built_in[locale].parse(source(locale, feature))
    block = next(one for one in tree.find_all(nodes.Block) if one.name == name)
    listed = [const.value for one in block.find_all(nodes.List) for const in one.find_all(nodes.Const)]
    return {part for value in listed if isinstance(value, str) for part in value.split("%s") if len(part) > 1}


TURNING = [
    (locale, f"{feature}.{block}")
    for locale in LOCALES
    for feature in FEATURES
    for block in sorted(BLOCKS[locale][feature])
    if re.search(r"{[{%][^}]*\bturn\b", RENDER._texts[f"{locale}/{feature}.{block}"])
]


@pytest.mark.parametrize(("locale", "text"), TURNING)
def test_each_of_several_wordings_reads_well_and_is_said(locale: str, text: str) -> None:
    names = sorted(_names(text))
    samples = SAMPLES | SAMPLES_OF.get(text, {})
    said = set()
    for way in product(*(WAYS.get(name, [samples.get(name, "小林")]) for name in names)):
        said.add(reads_well(RENDER.text(words(text, **dict(zip(names, way, strict=True))), locale)))
    for wording in wordings(locale, text):
        assert any(wording in one for one in said), wording
    assert len(said) > 2
    assert not [
        one for one in said if re.search(r"\b1 (?:\w+[ -])?(?:lines|times|check-ins|owls|days)\b", one)
    ]


def test_the_texts_worded_in_several_ways_are_found() -> None:
    assert {"recap.evening", "recap.morning", "recap.milestone", "reminders.remind"} <= {
        text for _, text in TURNING
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_the_voice_never_scolds(locale: str) -> None:
    for feature in FEATURES:
        text = source(locale, feature)
        assert not BANNED.findall(text), feature


@pytest.mark.parametrize(("locale", "charset"), [("zh-Hans", "gb2312"), ("zh-Hant", "big5")])
def test_each_script_is_its_own(locale: str, charset: str) -> None:
    for feature in FEATURES:
        text = OTHER_SCRIPT.sub("", source(locale, feature))
        strange = {sign for sign in re.findall(r"[\u4e00-\u9fff]", text) if not _is_in(sign, charset)}
        assert not strange, f"{feature}: {''.join(sorted(strange))}"


def _is_in(sign: str, charset: str) -> bool:
    try:
        sign.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def test_traditional_chinese_is_written_and_not_converted() -> None:
    for feature in FEATURES:
        text = source("zh-Hant", feature)
        assert not MAINLAND_ONLY.findall(text), feature
    page = (BUILT_IN / "web" / "zh-Hant.toml").read_text(encoding="utf-8")
    assert not MAINLAND_ONLY.findall(page)


def test_english_is_english() -> None:
    for feature in FEATURES:
        text = re.sub(r"简体中文|繁體中文|语言|打卡|“|”", "", source("en", feature))
        assert "。" not in text, feature


def test_alerts_and_labels_are_found_in_the_sources() -> None:
    assert {"setup.in_staff_room", "core.button_gone"} <= ALERTS
    assert {"setup.tier_button", "core.back"} <= LABELS
