"""Cut the card fonts out of their complete originals; run by hand when a font is renewed.

    python subset.py NotoSansCJK-Regular.ttc Noto-COLRv1.ttf folder-of-NotoSansArabic-and-others

Needs fonttools, which Banzhang itself does not. Writes beside this file: the text font, the emoji font,
`sequences.txt`, the emoji that are written with several characters (flags, keycaps, joined people), the hanzi
of rare names, and a small font for each script whose letters join or stack.
"""

# ruff: noqa: INP001 - a script, not a package

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib import instancer

HERE = Path(__file__).parent
TEXT_FAMILY = "Noto Sans CJK SC"
RARE_FAMILY = "Noto Sans CJK SC Rare"
SCRIPTS = (  # Latin to symbols; kana, bopomofo and CJK marks; hanzi; Hangul syllables; full and half width
    range(0x3000),
    range(0x3000, 0x3400),
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7A4),
    range(0xFF00, 0xFFF0),
)
JOINED_SCRIPTS = {
    "Arabic": (range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900)),
    "Devanagari": (range(0x900, 0x980), range(0xA8E0, 0xA900)),
    "Hebrew": (range(0x590, 0x600),),
    "Tamil": (range(0xB80, 0xC00),),
    "Thai": (range(0xE00, 0xE80),),
}
RARE_HANZI = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴"
    "䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
"""Hanzi before U+4E00 of the table of general standard hanzi (2013), which people have in their names."""
FIRST_RARE = 0x20000
SKIN_TONES = range(0x1F3FB, 0x1F400)


def options() -> subset.Options:
    """Plain horizontal text: no hints, no alternative shapes."""
    chosen = subset.Options()
    chosen.layout_features = ["kern", "ccmp", "mark", "mkmk"]
    chosen.layout_closure = False
    chosen.hinting = False
    chosen.notdef_outline = True
    chosen.name_languages = [0x409]
    chosen.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    chosen.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    return chosen


def original(source: Path) -> TTFont:
    """The complete text font."""
    fonts = TTCollection(source).fonts if source.suffix == ".ttc" else [TTFont(source)]
    return next(font for font in fonts if font["name"].getDebugName(1) == TEXT_FAMILY)


def cut_text(source: Path) -> None:
    """Keep the scripts that members' names are written in."""
    font = original(source)
    covered = {code for code in font.getBestCmap() if any(code in script for script in SCRIPTS)}
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=covered)
    cutter.subset(font)
    font["cmap"].tables = [whole_map(font.getBestCmap())]
    font.save(HERE / "text.otf")


def cut_rare(source: Path) -> None:
    """Keep the hanzi of rare names: all that the original has from U+20000 on, and some before."""
    font = original(source)
    covered = {code for code in font.getBestCmap() if code >= FIRST_RARE or chr(code) in RARE_HANZI}
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=covered)
    cutter.subset(font)
    font["cmap"].tables = [whole_map(font.getBestCmap())]
    font["name"].setName(RARE_FAMILY, 1, 3, 1, 0x409)
    font.save(HERE / "rare.otf")


def whole_map(cmap: dict[int, str]) -> CmapSubtable:
    """One table of format 12, the only one that bot/core/glyphs.py reads."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, cmap
    return table


def ligatures(font: TTFont) -> Iterator[tuple[list[str], str]]:
    """Every (component glyph names, ligature glyph name) of the font."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            entries: dict[str, list[Any]] = getattr(getattr(table, "ExtSubTable", table), "ligatures", {})
            for first, records in entries.items():
                for record in records:
                    yield [first, *record.Component], record.LigGlyph


def cut_emoji(source: Path) -> None:
    """Keep every emoji once, in its neutral colour."""
    font = TTFont(source)
    if "SVG " in font:
        del font["SVG "]  # the same pictures again, twice as large
    codes = {name: code for code, name in font.getBestCmap().items()}
    sequences, glyphs = [], set()
    for names, glyph in ligatures(font):
        written = [codes.get(name, 0) for name in names]
        if 0 in written or any(code in SKIN_TONES for code in written):
            continue
        sequences.append(" ".join(f"{code:X}" for code in written))
        glyphs.add(glyph)
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=set(codes.values()), glyphs=glyphs)
    cutter.subset(font)
    font.flavor = None
    font.save(HERE / "emoji.ttf")
    (HERE / "sequences.txt").write_text("\n".join(sorted(sequences)) + "\n", encoding="ascii")


def cut_script(name: str, source: Path) -> None:
    """Keep one script's own characters and the space, with all that joins and stacks them."""
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": 400, "wdth": 100})
    blocks = JOINED_SCRIPTS[name]
    own = {code for code in font.getBestCmap() if any(code in block for block in blocks)}
    chosen = options()
    chosen.layout_features = ["*"]
    chosen.layout_closure = True
    cutter = subset.Subsetter(chosen)
    cutter.populate(unicodes={0x20, *own})
    cutter.subset(font)
    font["cmap"].tables = [whole_map(font.getBestCmap())]
    font["name"].setName(f"Noto Sans {name}", 1, 3, 1, 0x409)  # a variable font may call itself Thin
    font.save(HERE / f"{name.lower()}.ttf")


if __name__ == "__main__":
    cut_text(Path(sys.argv[1]))
    cut_rare(Path(sys.argv[1]))
    cut_emoji(Path(sys.argv[2]))
    for script in JOINED_SCRIPTS:
        cut_script(script, next(Path(sys.argv[3]).glob(f"**/NotoSans{script}*.ttf")))
