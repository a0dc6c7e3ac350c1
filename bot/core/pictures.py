"""Pictures: SVG templates filled with a card's values, drawn as PNG in a short-lived process."""

import asyncio
import sys
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TypedDict, Unpack

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.core.glyphs import EMOJI_FAMILY, EMOJI_SCALE, TEXT_FAMILY, Piece, Typesetter
from rules.cards import Card

CARDS = Path(__file__).parents[2] / "templates" / "cards"
RASTERISER = Path(__file__).with_name("rasterise.py")
LARGEST_SVG = 2_000_000
LARGEST_PNG = 5_000_000
MISTAKES = (TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a template can raise."""
BOLD = 0.035
"""The outline that makes the regular weight a bold one, in em: one font file instead of two."""


class PictureFailed(Exception):
    """The picture cannot be drawn (a template's mistake, the renderer, a limit): say it in text instead."""


class Style(TypedDict, total=False):
    """How a line of text is set: `width` cuts it with an ellipsis; `anchor` is start, middle or end."""

    width: float
    anchor: str
    bold: bool


class Pictures:
    """Draws cards from the first of several template folders that has the template; keeps the last ones."""

    def __init__(
        self,
        folders: Sequence[Path] = (CARDS,),
        *,
        fonts: Path = CARDS / "fonts",
        seconds: float = 10.0,
        kept: int = 32,
    ) -> None:
        """Read nothing until the first picture. `seconds` limits a drawing; `kept` pictures are cached."""
        self._folders = folders
        self._fonts = fonts
        self._seconds = seconds
        self._kept = kept
        self._drawn: OrderedDict[bytes, bytes] = OrderedDict()
        self._turn = asyncio.Lock()

    async def draw(self, template: str, card: Card) -> bytes:
        """Return the card as PNG, 1,080 pixels wide, by `<template>.svg`; one picture at a time.

        PictureFailed if a template, the renderer or a limit (size, time) stops it.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._picture(template, card)
            except TimeoutError:
                msg = f"{template}.svg was not drawn within {self._seconds} s"
                raise PictureFailed(msg) from None

    def svg(self, template: str, card: Card) -> str:
        """Return the card as SVG. PictureFailed if the template has a mistake or says too much."""
        parts: list[str] = []
        written = 0
        try:
            for part in self._environment.get_template(f"{template}.svg").generate(card=card):
                parts.append(part)
                written += len(part)
                if written > LARGEST_SVG:
                    break
        except MISTAKES as error:
            msg = f"the template {template}.svg: {error}"
            raise PictureFailed(msg) from error
        if written > LARGEST_SVG:
            msg = f"the template {template}.svg writes more than {LARGEST_SVG} characters"
            raise PictureFailed(msg)
        return "".join(parts)

    @cached_property
    def _typesetter(self) -> Typesetter:
        return Typesetter(self._fonts)

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in self._folders]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._harmless,
        )
        environment.globals.update(
            font=TEXT_FAMILY,
            text=self._line,
            wrap=self._typesetter.wrap,
            measure=self._typesetter.width,
        )
        return environment

    def _harmless(self, value: object) -> object:
        """Make drawable what a template writes without `text()`."""
        return self._typesetter.drawable(value) if type(value) is str else value

    def _line(
        self, value: object, x: float, y: float, size: float, fill: str, **style: Unpack[Style]
    ) -> Markup:
        """Return a line of text as SVG: one element for each run of one font, placed by its width.

        Spans of two fonts within one element make the renderer panic (usvg 0.48, on flags and joined emoji).
        """
        runs = self._typesetter.runs(str(value), style.get("width", 1e9) / size)
        whole = sum(run.width for run in runs) * size
        left = x - whole * {"start": 0.0, "middle": 0.5, "end": 1.0}[style.get("anchor", "start")]
        elements = []
        for run in runs:
            elements.append(_element(run, left, y, size, fill, bold=style.get("bold", False)))
            left += run.width * size
        return Markup("").join(elements)

    async def _picture(self, template: str, card: Card) -> bytes:
        svg = (await asyncio.to_thread(self.svg, template, card)).encode()
        key = sha256(svg).digest()
        png = self._drawn.pop(key, None) or await self._rasterised(svg)
        self._drawn[key] = png
        if len(self._drawn) > self._kept:
            self._drawn.popitem(last=False)
        return png

    async def _rasterised(self, svg: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(RASTERISER),
            str(self._fonts),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            png, complaint = await process.communicate(svg)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _checked(png, complaint, process.returncode)


def _checked(png: bytes, complaint: bytes, code: int | None) -> bytes:
    if code != 0:
        last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        msg = f"the renderer ended with {code}: {last}"
        raise PictureFailed(msg)
    if len(png) > LARGEST_PNG:
        msg = f"the picture has {len(png)} bytes"
        raise PictureFailed(msg)
    return png


def _element(run: Piece, x: float, y: float, size: float, fill: str, *, bold: bool) -> Markup:
    if run.emoji:
        element = Markup('<text x="{:.1f}" y="{:.1f}" font-size="{:.1f}" font-family="{}">{}</text>')
        return element.format(x, y - size * 0.02, size * EMOJI_SCALE, EMOJI_FAMILY, run.text)
    outline = Markup(' stroke="{}" stroke-width="{:.2f}"').format(fill, size * BOLD) if bold else ""
    family = Markup(' font-family="{}"').format(run.family) if run.family else ""
    element = Markup(
        '<text x="{:.1f}" y="{:.1f}" font-size="{}" fill="{}"{}{} xml:space="preserve">{}</text>'
    )
    return element.format(x, y, size, fill, outline, family, run.text)
