"""What each picture shows: texts, numbers, and the cells of a calendar."""

from collections.abc import Mapping

import msgspec

from rules.month import State, Weeks


class Label(msgspec.Struct, frozen=True):
    """A text that is put into the language of whoever the card goes to.

    `text` is a template's block (`feature.block`), `values` fill it.
    """

    text: str
    values: dict[str, object] = {}


Text = str | Label
"""What a card says in a place: as it is (names, numbers), or in the reader's language."""


def label(text: str, /, **values: object) -> Label:
    """A text of a card, with what fills it."""
    return Label(text, values)


class Sum(msgspec.Struct, frozen=True):
    """A number worth seeing with its unit and what it counts: ("47", "天", "累计")."""

    number: Text
    unit: Text
    label: Text


class MonthCard(msgspec.Struct, frozen=True, kw_only=True):
    """A member's month as a calendar.

    `weekdays` are seven short names from Monday on; `legend` names the states to be explained, in order;
    up to four `sums`.
    """

    name: Text
    title: Text
    community: Text
    weekdays: tuple[Text, ...]
    weeks: Weeks
    sums: tuple[Sum, ...]
    legend: Mapping[State, Text]
    footer: Text


class YearCard(msgspec.Struct, frozen=True, kw_only=True):
    """A member's year as two half-years of week columns.

    `months` are twelve short names, `weekdays` seven from Monday on; `month_starts` as in `rules.month.Year`.
    """

    name: Text
    title: Text
    community: Text
    months: tuple[Text, ...]
    weekdays: tuple[Text, ...]
    weeks: Weeks
    month_starts: tuple[int, ...]
    sums: tuple[Sum, ...]
    legend: Mapping[State, Text]
    footer: Text


class RankingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One member's place. `share` is the bar's length, 0 to 1 of the longest; `detail`, such as a streak."""

    rank: int
    name: Text
    score: Text
    detail: Text
    share: float
    own: bool = False


class RankingCard(msgspec.Struct, frozen=True, kw_only=True):
    """The first members of a season, up to twenty; `own` is the asker's row when it is further down."""

    title: Text
    subtitle: Text
    community: Text
    rows: tuple[RankingRow, ...]
    own: RankingRow | None = None
    footer: Text


class CertificateCard(msgspec.Struct, frozen=True, kw_only=True):
    """A term passed: `body` is one or two sentences, `seal` two to four characters, `facts` such as dates."""

    heading: Text
    name: Text
    body: Text
    sums: tuple[Sum, ...]
    rule: Text
    dates: Text
    community: Text
    signed: Text
    seal: Text


Card = MonthCard | YearCard | RankingCard | CertificateCard
