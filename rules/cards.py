"""What each picture shows: words already chosen by the caller, numbers, and the cells of a calendar."""

from collections.abc import Mapping

import msgspec

from rules.month import State, Weeks


class Sum(msgspec.Struct, frozen=True):
    """A number worth seeing with its unit and what it counts: ("47", "天", "累计")."""

    number: str
    unit: str
    label: str


class MonthCard(msgspec.Struct, frozen=True, kw_only=True):
    """A member's month as a calendar.

    `weekdays` are seven short names from Monday on; `legend` names the states to be explained, in order;
    up to four `sums`.
    """

    name: str
    title: str
    community: str
    weekdays: tuple[str, ...]
    weeks: Weeks
    sums: tuple[Sum, ...]
    legend: Mapping[State, str]
    footer: str


class YearCard(msgspec.Struct, frozen=True, kw_only=True):
    """A member's year as two half-years of week columns.

    `months` are twelve short names, `weekdays` seven from Monday on; `month_starts` as in `rules.month.Year`.
    """

    name: str
    title: str
    community: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    weeks: Weeks
    month_starts: tuple[int, ...]
    sums: tuple[Sum, ...]
    legend: Mapping[State, str]
    footer: str


class RankingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One member's place. `share` is the bar's length, 0 to 1 of the longest; `detail`, such as a streak."""

    rank: int
    name: str
    score: str
    detail: str
    share: float
    own: bool = False


class RankingCard(msgspec.Struct, frozen=True, kw_only=True):
    """The first members of a season, up to twenty; `own` is the asker's row when it is further down."""

    title: str
    subtitle: str
    community: str
    rows: tuple[RankingRow, ...]
    own: RankingRow | None = None
    footer: str


class CertificateCard(msgspec.Struct, frozen=True, kw_only=True):
    """A term passed: `body` is one or two sentences, `seal` two to four characters, `facts` such as dates."""

    heading: str
    name: str
    body: str
    sums: tuple[Sum, ...]
    rule: str
    dates: str
    community: str
    signed: str
    seal: str


Card = MonthCard | YearCard | RankingCard | CertificateCard
