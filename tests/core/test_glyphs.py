"""Text made drawable: what the fonts lack becomes a mark, a likeness or nothing, and never an empty box."""

from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.glyphs import ELLIPSIS, MARK, SCRIPT_FAMILIES, Face, Typesetter
from bot.core.pictures import CARDS

FONTS = CARDS / "fonts"
SETTER = Typesetter(FONTS)
TEXT = Face(FONTS / "text.otf")
EMOJI = Face(FONTS / "emoji.ttf")
FACES = {"": TEXT} | {family: Face(FONTS / name) for name, family in SCRIPT_FAMILIES.items()}
SEQUENCES = {
    "".join(chr(int(code, 16)) for code in line.split())
    for line in (FONTS / "sequences.txt").read_text(encoding="ascii").splitlines()
}


@pytest.mark.parametrize(
    ("char", "width"),
    [("林", 1.0), ("喆", 1.0), ("，", 1.0), ("7", 0.555), ("i", 0.275), ("김", 0.92), (" ", 0.224)],
)
def test_a_face_knows_its_glyphs_and_their_widths(char: str, width: float) -> None:
    assert TEXT.glyph(char) > 0
    assert isclose(TEXT.width(char), width, abs_tol=0.0005)


@pytest.mark.parametrize("char", ["\0", "🌸", "ع", "𠮷", "\ue000", "\U0010ffff"])
def test_a_face_knows_what_it_lacks(char: str) -> None:
    assert TEXT.glyph(char) == 0


def test_a_face_tells_neighbours_apart() -> None:
    assert len({TEXT.glyph(char) for char in "一丁七万丈三"}) == 6
    assert EMOJI.glyph("🌸") > 0


def test_a_file_without_a_fitting_character_map_is_refused(tmp_path: Path) -> None:
    font = bytearray((FONTS / "emoji.ttf").read_bytes())
    count = int.from_bytes(font[4:6], "big")
    records = [font[12 + 16 * index : 28 + 16 * index] for index in range(count)]
    cmap = next(int.from_bytes(record[8:12], "big") for record in records if record[:4] == b"cmap")
    font[cmap + 2 : cmap + 4] = b"\0\0"
    (tmp_path / "font.ttf").write_bytes(font)
    with pytest.raises(ValueError, match="format 12"):
        Face(tmp_path / "font.ttf")


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("林小满🌸", "林小满|🌸"),
        ("喆堃珺祎", "喆堃珺祎"),
        ("김철수", "김철수"),
        ("𝓐𝓵𝓲𝓬𝓮", "Alice"),
        ("Erdoğan", "Erdogan"),
        ("Žižek", "Zizek"),
        ("Ελληνικά", "Ελληνικα"),
        ("مرحبا", "مرحبا"),
        ("小林 أحمد علي🌸", "小林 |أحمد علي|🌸"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
        ("ปั๋น Som", "ปั๋น| Som"),
        ("தமிழ்", "தமிழ்"),
        ("ا" + "\u064b" * 90, "ا" + "\u064b" * 3),
        ("שלום כהן", "שלום כהן"),
        ("བོད་", "•••"),
        ("𠮷野㛃", "𠮷|野|㛃"),
        ("👩🏻‍💻", "👩‍💻"),
        ("👋🏽", "👋"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("🐱‍🎸", "🐱🎸"),
        ("🇨🇳🇽🇽🇦", "🇨🇳|XXA"),
        ("1️⃣", "1⃣"),
        ("☀☀️", "☀|☀️"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴"),
        ("\u202e小明\u202c", "小明"),
        ("小\x00明\r\n\t 班", "小 明 班"),
        ("a\ud800b", "a•b"),
        ("\u3164", "•"),
        ("\u200b\u2060\ufeff", "•"),
        ("Z̷̡a̸l̵g̴o", "Zalgo"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_names_are_drawn_as(name: str, drawn: str) -> None:
    assert "|".join(run.text for run in SETTER.runs(name)) == drawn


SCRIPTS = st.text(
    st.sampled_from("小a 🌸.") | st.characters(min_codepoint=0x590, max_codepoint=0xE7F), max_size=40
)


@given(st.text(max_size=40) | SCRIPTS)
def test_whatever_is_drawn_is_in_a_font(name: str) -> None:
    for piece in SETTER.pieces(name):
        if not piece.emoji:
            assert FACES[piece.family].glyph(piece.text)
        else:
            assert piece.text in SEQUENCES or EMOJI.glyph(piece.text[0])


@given(st.text(max_size=40))
def test_whatever_is_written_leaves_a_trace(name: str) -> None:
    assert bool(SETTER.pieces(name)) == bool(name.strip())


def fitted_to(text: str, width: float) -> str:
    return "".join(run.text for run in SETTER.runs(text, width))


@given(st.text(max_size=60) | SCRIPTS, st.integers(60, 400))
def test_a_fitted_text_fits_and_says_where_it_was_cut(name: str, width: int) -> None:
    fitted = fitted_to(name, width / 30)
    assert SETTER.width(fitted, 30) <= width + 0.01
    assert fitted == "".join(piece.text for piece in SETTER.pieces(name)) or ELLIPSIS in fitted


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("小林 قراءة الصباح", "小林 |…|قر"),
        ("قراءة الصباح معا", "…|قراءة ال"),
        ("שלום עולם", "…|שלום עו"),
        ("Reading mornings", "Readin…"),
    ],
)
def test_a_name_from_right_to_left_goes_on_at_its_left(name: str, drawn: str) -> None:
    assert "|".join(run.text for run in SETTER.runs(name, 4.4)) == drawn


def test_a_huge_name_is_short_work() -> None:
    assert fitted_to("很长" * 1_000_000, 200 / 40) == "很长很长…"


def test_lines_are_even_and_keep_words_and_commas() -> None:
    text = "在「21 天晨读营」里完成 19 天打卡，达到结营要求。Reading every day, 一天一页。"
    lines = SETTER.wrap(text, 400, 30)
    assert " ".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(SETTER.width(line, 30) <= 400 for line in lines)
    assert not any(line[0] in "，。」 " for line in lines)
    assert "Reading" in " ".join(lines)
    assert SETTER.wrap("", 400, 30) == [""]


def test_drawable_text_stays_as_it_is() -> None:
    once = SETTER.drawable("小满🌸☀️👩🏻‍💻ཀ")
    assert once == f"小满🌸☀️👩‍💻{MARK}"
    assert SETTER.drawable(once) == once
