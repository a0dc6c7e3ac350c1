"""Codes to be scanned: whole, of two colours, and never wider than a terminal."""

import pytest

from bot.core import qr

LINK = "http://login.example/l/7f3a9c51d2e8b6"


def test_blocks_fit_a_terminal_and_say_their_colours() -> None:
    shown = qr.blocks(LINK, 80)
    assert shown is not None
    lines = shown.splitlines()
    plain = [line.removeprefix(qr.WHITE_ON_BLACK).removesuffix(qr.AS_BEFORE) for line in lines]
    assert set("".join(plain)) == set(" ▀▄█")
    assert {len(line) for line in plain} == {len(plain[0])}
    assert len(plain[0]) <= 40
    assert len(lines) <= 23


def test_a_terminal_that_is_too_narrow_shows_none() -> None:
    assert qr.blocks(LINK, 20) is None
    assert qr.blocks("x" * 900, 80) is None


def test_files_are_what_their_names_say() -> None:
    assert b"<svg" in qr.svg(LINK)
    assert b"<script" not in qr.svg("<script>alert(1)</script>")
    assert qr.png(LINK).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "fits"), [("", False), ("x", True), ("码" * 300, True), ("码" * 1_001, False)]
)
def test_what_fits_is_said_beforehand(text: str, fits: bool) -> None:
    assert qr.fits(text) is fits


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr.png("码" * 5_000)
