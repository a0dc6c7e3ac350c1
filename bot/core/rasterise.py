"""Turn an SVG from standard input into a PNG on standard output; run as a process of its own, by its path.

The renderer holds Python's lock while it draws and panics on some input: neither may reach the
running program.
"""

import sys
from contextlib import suppress
from pathlib import Path

MOST_MEMORY = 1 << 30


def rasterise(svg: str, fonts: Path) -> bytes:
    """Return the PNG, drawn with the fonts of a folder only. ValueError if it is no SVG."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - the program that imports this file never needs it

    files = [str(font) for font in sorted(fonts.glob("*.[ot]tf"))]
    return svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)


def limit_memory() -> None:
    """Let a picture that is far too large fail here instead of starving the machine, where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    limit_memory()
    sys.stdout.buffer.write(rasterise(sys.stdin.buffer.read().decode(), Path(sys.argv[1])))
