"""On its way: what a card says is put into the language of whoever it goes to."""

from pathlib import Path

import msgspec

from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.port import Picture, picture, words
from bot.core.render import Render, plain
from handlers import FEATURES
from rules.cards import Label, MonthCard, Sum, label
from rules.days import Day
from rules.month import State, month
from tests.stage import a_stage

CARD = MonthCard(
    name="<林小满>",
    title=label("core.letters_button"),
    community="晨读小组",
    weekdays=(label("core.letters_none"),) * 7,
    weeks=month("2026-11", {Day("2026-11-02"): State.DONE}, Day("2026-11-03")).weeks,
    sums=(Sum("1", label("core.sent_privately"), "连续"),),
    legend={State.DONE: label("core.letters_none")},
    footer="班长",
)


def show(ctx: Context, _arguments: str) -> None:
    ctx.say(words("core.letters_none"), picture=picture("month", CARD))


PAINTER = Feature(name="painter", commands=(Command("show", show),))


def in_english(one: Label) -> str:
    return plain(Render().text(words(one.text, **one.values), "en"))


def test_a_card_speaks_the_language_of_whoever_it_goes_to() -> None:
    stored = msgspec.json.decode(msgspec.json.encode(picture("month", CARD)), type=Picture)
    card = stored.card(in_english)
    assert isinstance(card, MonthCard)
    assert (card.name, card.footer, card.weeks) == ("<林小满>", "班长", CARD.weeks)
    assert card.title == in_english(label("core.letters_button"))
    assert set(card.weekdays) == set(card.legend.values()) == {in_english(label("core.letters_none"))}
    assert card.sums == (Sum("1", in_english(label("core.sent_privately")), "连续"),)


async def test_a_picture_goes_out_with_its_text(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, PAINTER)) as stage:
        await stage.opens()
        assert await stage.says("小林", "/show") == ["这次没有你的，安心学习。"]
        assert stage.last.picture is not None
        assert stage.last.picture.startswith(b"\x89PNG")
