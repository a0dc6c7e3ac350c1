"""The cards carry words, numbers and cells, and nothing else."""

import msgspec
import pytest

from rules.cards import CertificateCard, MonthCard, RankingRow, Sum
from rules.days import Day
from rules.month import State, month


def test_a_card_survives_being_written_down() -> None:
    card = MonthCard(
        name="林小满",
        title="2026 年 11 月",
        community="晨读小组",
        weekdays=tuple("一二三四五六日"),
        weeks=month("2026-11", {Day("2026-11-02"): State.DONE}, Day("2026-11-03")).weeks,
        sums=(Sum("1", "天", "连续"),),
        legend={State.DONE: "打卡"},
        footer="班长",
    )
    assert msgspec.json.decode(msgspec.json.encode(card), type=MonthCard) == card


def test_a_card_does_not_change() -> None:
    row = RankingRow(rank=1, name="阿哲", score="9", detail="", share=1)
    with pytest.raises(AttributeError):
        row.rank = 2  # type: ignore[misc]
    assert not row.own


def test_a_certificate_names_all_it_says() -> None:
    with pytest.raises(TypeError, match="heading"):
        CertificateCard(name="阿哲")  # type: ignore[call-arg]
