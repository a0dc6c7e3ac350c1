"""Reads times of the day, windows of time and time zones, as people write them in Chinese and English."""

import re
from collections.abc import Collection
from typing import Final

from rules.arguments import NotATime, NotAZone, count_of, given
from rules.calendar import MINUTES_A_DAY, Window

_NUMBER = r"(\d{1,2}|[零〇一二两兩三四五六七八九十]{1,3})"
_PERIOD = (
    r"(?P<period>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|夜里|夜裡|夜晚|半夜|深夜|晚|今晚|明早)?"
)
_CLOCK = re.compile(rf"{_PERIOD} ?(?P<hour>\d{{1,2}}) ?[:.] ?(?P<minute>\d{{2}})(?: ?(?P<half>[ap])\.?m\.?)?")
_SPOKEN = re.compile(rf"{_PERIOD} ?{_NUMBER} ?[点點时時](?:钟|鐘|整)? ?(?:(半)|(一刻|三刻)|{_NUMBER} ?分?)?")
_ENGLISH_HOUR = re.compile(r"(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\.?")
_NAMED: Final = {
    "noon": 12 * 60,
    "midday": 12 * 60,
    "正午": 12 * 60,
    "midnight": 0,
    "午夜": 0,
    "零点": 0,
    "零點": 0,
}
_TO = re.compile(r"\s?(?:到|至|~|-|–|—|\bto\b|\buntil\b)\s?")

_MORNING: Final = frozenset({"凌晨", "清晨", "早上", "早晨", "早", "上午", "明早", "a"})
_AFTERNOON: Final = frozenset({"下午", "傍晚", "p"})

_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?(\d{2}))?")
_EASTERN_ZONE = re.compile(r"([东東西])([一二三四五六七八九十]{1,3})[区區]")
_ODD_OFFSETS: Final = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
}
_SPOKEN_ZONES: Final = {
    "Asia/Shanghai": "北京 上海 中国 中國 大陆 大陸 内地 beijing china",
    "Asia/Hong_Kong": "香港 hk",
    "Asia/Macau": "澳门 澳門",
    "Asia/Taipei": "台北 臺北 台湾 台灣 臺灣 taiwan",
    "Asia/Singapore": "新加坡",
    "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 馬來西亞 malaysia",
    "Asia/Tokyo": "东京 東京 日本 japan",
    "Asia/Seoul": "首尔 首爾 韩国 韓國 korea",
    "Asia/Bangkok": "曼谷 泰国 泰國 thailand",
    "Asia/Dubai": "迪拜 杜拜",
    "Europe/London": "伦敦 倫敦 英国 英國 uk",
    "Europe/Paris": "巴黎 法国 法國 france",
    "Europe/Berlin": "柏林 德国 德國 germany",
    "Europe/Moscow": "莫斯科",
    "America/New_York": "纽约 紐約 美东 美東 eastern",
    "America/Chicago": "芝加哥 美中 central",
    "America/Denver": "丹佛 mountain",
    "America/Los_Angeles": "洛杉矶 洛杉磯 旧金山 舊金山 西雅图 西雅圖 美西 太平洋 pacific",
    "America/Toronto": "多伦多 多倫多",
    "America/Vancouver": "温哥华 溫哥華",
    "Australia/Sydney": "悉尼 雪梨",
    "Australia/Melbourne": "墨尔本 墨爾本",
    "Pacific/Auckland": "奥克兰 奧克蘭 新西兰 紐西蘭",
    "UTC": "utc gmt z 世界 格林尼治",
}
_ZONE_OF: Final = {word: zone for zone, words in _SPOKEN_ZONES.items() for word in words.split()}


def read_time(text: str) -> int:
    """A time of the day in minutes after midnight, 0 to 1439: 7:30, 23点, 晚上10点半, 7:30pm; 24:00 is 0.

    Raises MissingArgument or NotATime.
    """
    minutes = _minutes(given(text, NotATime))
    if minutes is None:
        raise NotATime(text)
    return minutes


def read_window(text: str) -> Window:
    """A window of time: 22:00-02:00, 早上6点到8点半, 晚上8到10点, 9pm to 11pm, 全天 (24 hours).

    What is said of one end goes for the other where that is later: 晚上8点到10点 ends at 22:00.
    Raises MissingArgument or NotATime.
    """
    words = given(text, NotATime)
    if words in {"全天", "all day"}:
        return Window(0, 0)
    ends = _TO.split(words)
    if len(ends) != 2:
        raise NotATime(text)
    first, last = _with_unit(*ends), ends[1]
    start, end, same_half = _minutes(first), _minutes(last), _minutes(_period(first) + last)
    if start is None or end is None:
        raise NotATime(text)
    return Window(start, same_half if same_half is not None and same_half > start else end)


def _with_unit(first: str, last: str) -> str:
    """The first end of 5-8点, 晚上8到10点, 5-8am with the unit that only the last one has."""
    unit = re.search(r"([点點时時]|[ap]\.?m\.?)(?:钟|鐘|整|半|[一三]刻)?$", last)
    bare = re.fullmatch(rf"{_PERIOD} ?{_NUMBER}", first)
    return first if unit is None or bare is None else first + unit[1]


def _period(words: str) -> str:
    """The part of the day that a time is said to be in, if any."""
    found = re.match(_PERIOD, words)
    return (found["period"] or "") if found else ""


def read_zone(text: str, zones: Collection[str]) -> str:
    """The IANA name, one of `zones`, that somebody means: asia/shanghai, New York, 北京时间, UTC+8, 东八区.

    UTC+8 is Asia/Shanghai, which has had no summer time since 1991; other whole hours are Etc zones,
    whose sign is the other way round (UTC+1 is Etc/GMT-1). Raises MissingArgument or NotAZone.
    """
    words = given(text, NotAZone)
    name = _zone(words, zones)
    if name is None or name not in zones:
        raise NotAZone(text)
    return name


def _minutes(words: str) -> int | None:
    if words in _NAMED:
        return _NAMED[words]
    if found := _CLOCK.fullmatch(words):
        return _time(int(found["hour"]), int(found["minute"]), found["half"] or found["period"])
    if found := _ENGLISH_HOUR.fullmatch(words):
        return _time(int(found["hour"]), 0, found["half"])
    if found := _SPOKEN.fullmatch(words):
        return _time(_count(found[2]), _spoken_minutes(found), found["period"])
    return None


def _spoken_minutes(found: re.Match[str]) -> int:
    if found[3]:
        return 30
    if found[4]:
        return 15 if found[4] == "一刻" else 45
    return _count(found[5]) if found[5] else 0


def _time(hour: int, minute: int, period: str | None) -> int | None:
    """Minutes after midnight, None for a clock that has no such time."""
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if period in {"a", "p"} and not 1 <= hour <= 12:
        return None
    return (_hour(hour, period) * 60 + minute) % MINUTES_A_DAY


def _hour(hour: int, period: str | None) -> int:
    """The hour in 24: 晚上12点 is midnight, but 晚上1点 is said of the night after."""
    if period is None or hour > 12:
        return hour
    if period in _MORNING:
        return 0 if hour == 12 and period != "上午" else hour
    if period in _AFTERNOON:
        return 12 if hour == 12 else hour + 12
    if period == "中午":
        return hour if hour > 9 else hour + 12
    return hour + 12 if hour > 4 else hour


def _count(words: str) -> int:
    """A number of hours, minutes or zones; for words that make none one that is nowhere."""
    number = count_of(words)
    return 99 if number is None else number


def _zone(words: str, zones: Collection[str]) -> str | None:
    spoken = words.removesuffix("时间").removesuffix("時間").removesuffix(" time").strip()
    if spoken in _ZONE_OF:
        return _ZONE_OF[spoken]
    if found := _OFFSET.fullmatch(words):
        return _offset_zone(1 if found[1] == "+" else -1, int(found[2]), int(found[3] or 0))
    if found := _EASTERN_ZONE.fullmatch(words):
        return _offset_zone(-1 if found[1] == "西" else 1, _count(found[2]), 0)
    return _zone_named(words.replace(" ", "_"), zones)


def _offset_zone(sign: int, hours: int, minutes: int) -> str | None:
    if minutes:
        return _ODD_OFFSETS.get((sign * hours, minutes))
    if hours == 0:
        return "UTC"
    if (sign, hours) == (1, 8):
        return "Asia/Shanghai"
    return f"Etc/GMT{'-' if sign > 0 else '+'}{hours}"


def _zone_named(words: str, zones: Collection[str]) -> str | None:
    """A zone by its whole name, or by its city where only one zone ends so."""
    names = {zone.casefold(): zone for zone in zones}
    if words in names:
        return names[words]
    cities = [zone for name, zone in names.items() if name.endswith(f"/{words}")]
    return cities[0] if len(cities) == 1 else None
