"""Every card in three languages, with names that members really have, and what goes wrong."""

import asyncio
import re
import struct
import sys
from pathlib import Path

import msgspec
import pytest

from bot.core.glyphs import MARK
from bot.core.pictures import CARDS, PictureFailed, Pictures
from bot.core.rasterise import rasterise
from rules.cards import Card, CertificateCard, MonthCard, RankingCard, RankingRow, Sum, YearCard
from rules.days import Day, month_days
from rules.month import State, month, year

FONTS = CARDS / "fonts"
SMALL = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90' font-family='Noto Sans CJK SC'>"
TODAY = Day("2026-11-21")
STATES = {Day(f"2026-11-{number:02}"): state for number, state in enumerate([*list(State)[:6]] * 3, start=1)}
NAMES = {
    "emoji": "👩🏻‍💻小鱼🐟🇨🇳❤️‍🔥",
    "hostile": "\u202e\u200b\ud800\x00\x1b</text><script>&amp;\"'{{ 7 * 7 }}",
    "foreign": "مرحبا김철수שלום𠮷",
    "long": "王大锤在此一游顺便背单词" * 500,
    "word": "W" * 3000,
    "empty": "",
}
WORDS = {
    "zh-Hans": ("晨读小组", "2026 年 11 月", "天", "连续", "打卡", "班长：慢慢来，比较快。"),
    "zh-Hant": ("晨讀小組", "2026 年 11 月", "天", "連續", "打卡", "班長：慢慢來，比較快。"),
    "en": (
        "Morning readers",
        "November 2026",
        "days",
        "streak",
        "done",
        "Banzhang: slowly gets there sooner.",
    ),
}


def card(template: str, language: str = "zh-Hans", name: str = "林小满🌸") -> Card:
    community, title, unit, label, done, footer = WORDS[language]
    sums = (Sum("12", unit, label),) * 4
    legend = dict.fromkeys(list(State)[:6], done)
    row = RankingRow(rank=1, name=name, score="986", detail=f"12 {unit}", share=1)
    cards: dict[str, Card] = {
        "month": MonthCard(
            name=name,
            title=title,
            community=community,
            weekdays=tuple("一二三四五六日"),
            weeks=month("2026-11", STATES, TODAY).weeks,
            sums=sums,
            legend=legend,
            footer=footer,
        ),
        "year": YearCard(
            name=name,
            title=title,
            community=community,
            months=tuple(f"{number}月" for number in range(1, 13)),
            weekdays=tuple("一二三四五六日"),
            weeks=year(2026, STATES, TODAY).weeks,
            month_starts=year(2026, STATES, TODAY).month_starts,
            sums=sums[:3],
            legend=legend,
            footer=footer,
        ),
        "ranking": RankingCard(
            title=label,
            subtitle=title,
            community=community,
            rows=tuple(msgspec.structs.replace(row, rank=rank, own=rank == 4) for rank in range(1, 21)),
            own=msgspec.structs.replace(row, rank=47, share=0.0, own=True),
            footer=footer,
        ),
        "certificate": CertificateCard(
            heading=label,
            name=name,
            body=f"{name}，{footer}" * 2,
            sums=sums[:2],
            rule=title,
            dates=title,
            community=community,
            signed="班长",
            seal="班长",
        ),
    }
    return cards[template]


TEMPLATES = ("month", "year", "ranking", "certificate")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return Pictures()


def override(folder: Path, svg: str) -> Pictures:
    (folder / "month.svg").write_text(svg, encoding="utf-8")
    return Pictures([folder, CARDS])


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("template", TEMPLATES)
async def test_every_card_is_drawn_in_every_language(
    pictures: Pictures, template: str, language: str
) -> None:
    png = await pictures.draw(template, card(template, language))
    assert size(png)[0] == 1080
    assert len(png) < 300_000


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("template", TEMPLATES)
def test_no_name_breaks_a_card(pictures: Pictures, template: str, name: str) -> None:
    svg = pictures.svg(template, card(template, "en", name))
    assert len(svg) < 60_000
    assert "<script" not in svg
    assert size(rasterise(svg, FONTS))[0] == 1080


@pytest.mark.parametrize("number", [2012, 2024, 2026, 2028])
def test_every_year_fits_its_panel(pictures: Pictures, number: int) -> None:
    calendar = year(number, {}, TODAY)
    shown = msgspec.structs.replace(card("year"), weeks=calendar.weeks, month_starts=calendar.month_starts)
    cells = re.findall(
        r'<rect x="(\d+)" y="(\d+)" width="26" height="26" rx="7"', pictures.svg("year", shown)
    )
    assert len(set(cells)) == len(cells) == 365 + (number % 4 == 0)
    assert max(int(left) + 26 for left, _ in cells) <= 980


@pytest.mark.parametrize("key", ["2026-11", "2027-02"])
def test_a_month_names_all_its_days_also_before_one_joined(pictures: Pictures, key: str) -> None:
    weeks = month(key, {}, Day(f"{key}-20"), Day(f"{key}-20")).weeks
    svg = pictures.svg("month", msgspec.structs.replace(card("month"), weeks=weeks))
    days = re.findall(r'font-size="36"[^>]*>(\d+)<', svg)
    assert days == [str(number) for number in range(1, len(month_days(key)) + 1)]


def test_a_year_shows_all_its_days_also_before_one_joined(pictures: Pictures) -> None:
    calendar = year(2026, {}, TODAY, Day("2026-09-23"))
    shown = msgspec.structs.replace(card("year"), weeks=calendar.weeks, month_starts=calendar.month_starts)
    assert len(re.findall(r'width="26" height="26" rx="7"', pictures.svg("year", shown))) == 365


@pytest.mark.parametrize("words", ["late", "counted some hours too late"])
def test_a_legend_stays_within_its_panel(pictures: Pictures, words: str) -> None:
    legend = dict.fromkeys(list(State)[:6], words)
    svg = pictures.svg("month", msgspec.structs.replace(card("month"), legend=legend))
    found = re.findall(rf'<text x="([\d.]+)" y="[\d.]+" font-size="([\d.]+)"[^>]*>{words}<', svg)
    sides = [
        (float(left) - 40, float(left) + pictures._typesetter.width(words, float(size)))
        for left, size in found
    ]
    assert len(sides) == 6
    assert min(sides)[0] > 72
    assert max(sides)[1] < 1008


@pytest.mark.parametrize("name", ["ཀ", "ក", "\ue000", "\ud800", "\u3164"])
def test_what_no_font_has_looks_like_the_mark(pictures: Pictures, name: str) -> None:
    assert pictures.svg("month", card("month", name=name)) == pictures.svg("month", card("month", name=MARK))


def one_line(pictures: Pictures, text: str, fill: str) -> bytes:
    line = pictures._line(text, 10, 50, 40, fill)
    return rasterise(f"{SMALL}{line}</svg>", FONTS)


@pytest.mark.parametrize(
    "name",
    [MARK, "喆", "𠮷", "김", "Я", "ㄅ", "ع", "ש", "प", "ส", "த", "🌸", "👩‍💻", "🇨🇳", "1️⃣", "🥰", "❤️", "…"],
)
def test_what_a_font_has_leaves_ink(pictures: Pictures, name: str) -> None:
    assert one_line(pictures, name, "black") != one_line(pictures, "", "black")


@pytest.mark.parametrize("word", ["سسسس", "क्षक्ष"])
def test_letters_join_and_stack_as_in_their_script(pictures: Pictures, word: str) -> None:
    size = 60 / pictures._typesetter.width(word, 1)
    line = pictures._line(word, 10, 50, size, "black")
    cover = '<rect x="65" width="25" height="90" fill="white"/>'
    ground = '<rect width="90" height="90" fill="white"/>'
    drawn, covered = (rasterise(f"{SMALL}{ground}{line}{more}</svg>", FONTS) for more in ("", cover))
    assert drawn == covered, "letters that stand apart would reach further"


def test_emoji_have_colours_of_their_own(pictures: Pictures) -> None:
    assert one_line(pictures, "🌸", "red") == one_line(pictures, "🌸", "blue")
    assert one_line(pictures, "小", "red") != one_line(pictures, "小", "blue")


def test_a_line_is_placed_by_its_width(pictures: Pictures) -> None:
    line = pictures._line("小满🌸", 500, 60, 40, "#000", anchor="end", bold=True)
    left = 500 - pictures._typesetter.width("小满🌸", 40)
    assert f'<text x="{left:.1f}" y="60.0"' in line
    assert f'<text x="{left + 80:.1f}"' in line
    assert line.count("stroke=") == 1


async def test_the_same_card_gives_the_same_bytes(pictures: Pictures) -> None:
    again = Pictures()
    assert await pictures.draw("month", card("month")) == await again.draw("month", card("month"))


async def test_a_picture_is_drawn_once_and_only_the_last_are_kept() -> None:
    pictures = Pictures(kept=1)
    first = await pictures.draw("month", card("month"))
    assert await pictures.draw("month", card("month")) is first
    await pictures.draw("month", card("month", name="阿哲"))
    assert await pictures.draw("month", card("month")) is not first


async def test_a_drawing_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PictureFailed, match=r"month.svg was not drawn within 0 s"):
        await Pictures(seconds=0).draw("month", card("month"))


async def test_the_loop_goes_on_while_a_picture_is_drawn(pictures: Pictures) -> None:
    drawing = asyncio.ensure_future(pictures.draw("ranking", card("ranking", name="谁在画")))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


async def test_who_stops_waiting_stops_the_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    started: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
    create = asyncio.create_subprocess_exec

    async def watched(*command: str, **pipes: int) -> asyncio.subprocess.Process:
        process = await create(*command, stdin=pipes["stdin"], stdout=pipes["stdout"], stderr=pipes["stderr"])
        started.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    pictures = Pictures()
    drawing = asyncio.ensure_future(pictures.draw("month", card("month")))
    process = await started.get()
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert process.returncode is not None
    assert not pictures._turn.locked()


async def test_an_admins_own_template_comes_first(tmp_path: Path) -> None:
    svg = f"{SMALL}{{{{ text(card.name, 0, 30, 20, 'black') }}}}</svg>"
    assert size(await override(tmp_path, svg).draw("month", card("month"))) == (90, 90)


@pytest.mark.parametrize(
    ("svg", "why"),
    [
        ("{{ card.nam }}", "month.svg: .*no attribute 'nam'"),
        ("{% if %}", "month.svg: Expected an expression"),
        ("{{ ''.__class__.__mro__ }}", "month.svg: .*unsafe"),
        ("{{ 1 / 0 }}", "month.svg: division by zero"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "month.svg: maximum recursion"),
        (
            "{% for _ in range(90000) %}A line of 30 letters, or so ..{% endfor %}",
            "month.svg writes more than 2000000 characters",
        ),
        ("no picture", "renderer ended with 1"),
        ("<svg xmlns='http://www.w3.org/2000/svg' width='60000' height='60000'/>", "renderer ended with"),
        (f"{SMALL}<text>B<tspan font-family='Noto Color Emoji'>🇨🇳</tspan></text></svg>", "1: .*Panic"),
    ],
)
async def test_a_bad_template_is_a_failed_picture_and_no_more(tmp_path: Path, svg: str, why: str) -> None:
    with pytest.raises(PictureFailed, match=why):
        await override(tmp_path, svg).draw("month", card("month"))


async def test_a_picture_too_large_to_send_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.core.pictures.LARGEST_PNG", 1000)
    with pytest.raises(PictureFailed, match=r"the picture has \d+ bytes"):
        await Pictures().draw("month", card("month"))


async def test_a_missing_template_is_a_failed_picture(pictures: Pictures) -> None:
    with pytest.raises(PictureFailed, match=r"lottery.svg"):
        await pictures.draw("lottery", card("month"))


def test_a_template_that_forgets_text_is_harmless(pictures: Pictures, tmp_path: Path) -> None:
    drawn = override(tmp_path, f"{SMALL}<text>{{{{ card.name }}}}</text></svg>").svg(
        "month", card("month", name="小A👩‍💻<b>\x00")
    )
    assert "<text>小A👩‍💻&lt;b&gt;</text>" in drawn


def test_the_renderer_is_not_loaded_here() -> None:
    code = "import bot.core.pictures, sys; sys.exit('resvg_py' in sys.modules)"
    assert asyncio.run(_exit_code(code)) == 0


async def _exit_code(code: str) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=CARDS.parents[1])
    return await process.wait()


def test_cards_hold_no_words_and_no_codes_to_scan() -> None:
    for template in CARDS.glob("*.svg"):
        assert template.read_text(encoding="utf-8").isascii()


def test_the_fonts_bring_their_licences() -> None:
    for font in ("text", "emoji"):
        licence = (FONTS / f"{font}-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
