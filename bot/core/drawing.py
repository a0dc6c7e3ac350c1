"""Pictures to draw, as plain data until they are sent: the card's template, and what fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from rules.cards import Card, CertificateCard, Label, MonthCard, RankingCard, YearCard

if TYPE_CHECKING:
    from collections.abc import Callable

CARDS: dict[str, type[Card]] = {
    "month": MonthCard,
    "year": YearCard,
    "ranking": RankingCard,
    "certificate": CertificateCard,
}
"""What fills each picture's template."""


class Picture(msgspec.Struct, frozen=True):
    """A picture to draw: the card's template, and its values as plain data, labels among them."""

    name: str
    data: dict[str, object]

    def card(self, said: Callable[[Label], str]) -> Card:
        """What fills the template, its labels as `said` puts them into words."""
        card: Card = spoken(msgspec.convert(self.data, CARDS[self.name]), said)
        return card


def spoken(value: Any, said: Callable[[Label], str]) -> Any:  # noqa: ANN401 - cards and tables hold many types
    """A card or table like this one, its labels as `said` puts them into words."""
    if isinstance(value, Label):
        return said(value)
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.asdict(value).items()
        return type(value)(**{name: spoken(one, said) for name, one in fields})
    if isinstance(value, tuple):
        return tuple(spoken(one, said) for one in value)
    if isinstance(value, dict):
        return {key: spoken(one, said) for key, one in value.items()}
    return value


def picture(name: str, card: Card) -> Picture:
    """A card to be drawn when it is sent."""
    return Picture(name, msgspec.to_builtins(card))
