"""On its way: what a card says is put into the language of whoever it goes to."""

import asyncio
from pathlib import Path

import msgspec

from bot.core.actions import Say, words
from bot.core.context import Context
from bot.core.delivery import Ready
from bot.core.drawing import Picture, picture, spoken
from bot.core.feature import Command, Feature
from bot.core.markup import plain
from bot.core.pictures import Pictures
from bot.core.port import Can
from bot.core.render import Render
from handlers import FEATURES
from rules.cards import Label, MonthCard, Sum, label
from rules.days import Day
from rules.month import State, month
from rules.table import Member, Sheet, Table
from rules.table import Words as TableWords
from storage.rooms import Room
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


TABLE = Table(
    file=label("core.sent_privately"),
    title=label("core.letters_none"),
    about="",
    author="班长",
    made_at=0,
    words=TableWords(
        **{key: label("core.letters_button") for key in TableWords.__struct_fields__[:14]},
        notes=(label("core.letters_none"),),
        signs={"d": label("core.letters_button")},
        weekdays=("",) * 7,
    ),
    first=Day("2026-05-04"),
    days=1,
    rooms=False,
    members=(Member(name="<林小满>", streak=1, total=1),),
    sheets=(Sheet(label("core.letters_none"), ("d",)),),
)


def test_a_table_speaks_the_language_of_whoever_it_goes_to() -> None:
    said = Say(parts=(), language="en", table=TABLE)
    stored = msgspec.json.decode(msgspec.json.encode(said), type=Say).table
    assert stored == TABLE
    table = spoken(stored, in_english)
    letters, nothing = in_english(label("core.letters_button")), in_english(label("core.letters_none"))
    assert (table.title, table.words.name, table.words.signs, table.words.notes) == (
        nothing,
        letters,
        {"d": letters},
        (nothing,),
    )
    assert (table.members, table.sheets) == (TABLE.members, (Sheet(nothing, ("d",)),))


async def test_a_table_goes_out_as_a_file_and_the_loop_goes_on() -> None:
    ready = Ready(Render(), Pictures())
    room = Room(1, 1, "stage:1", "g", True, "晨读班", 1, None, "active", (), None)
    said = Say(parts=(words("core.letters_none"),), language="en", table=TABLE)
    making = asyncio.ensure_future(ready.outgoing(said, room, Can(0)))
    await asyncio.sleep(0)
    assert not making.done()
    file = (await making).file
    assert file is not None
    assert file.name == in_english(label("core.sent_privately")).rstrip(".") + ".xlsx"
    ready.draws = False
    assert (await ready.outgoing(said, room, Can(0))).file is None


async def test_a_picture_goes_out_with_its_text(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, PAINTER)) as stage:
        await stage.opens()
        assert await stage.says("小林", "/show") == ["这次没有你的，安心学习。"]
        assert stage.last.picture is not None
        assert stage.last.picture.startswith(b"\x89PNG")
