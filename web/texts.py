"""The pages' own words, and the language a visitor reads them in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.core.locale import LOCALES, locale_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

TEMPLATES = Path(__file__).parent.parent / "templates" / "web"
STATIC = Path(__file__).parent / "static"
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3_600


def pages() -> Environment:
    """The templates of the pages; whatever fills them is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def texts() -> dict[str, dict[str, str]]:
    """The words of the pages, by language."""
    return {
        locale: tomllib.loads((TEMPLATES / f"{locale}.toml").read_text(encoding="utf-8"))
        for locale in LOCALES
    }


def language_of(request: Request, otherwise: str) -> str:
    """The language asked for: by `?lang=`, else by cookie, else by the browser, else `otherwise`."""
    for asked in (request.query_params.get("lang"), request.cookies.get("lang")):
        if asked in LOCALES:
            return str(asked)
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return locale_of(first) if first and first != "*" else otherwise


def remember_language(request: Request, response: Response, language: str) -> None:
    """Whoever chose the language by `?lang=` gets it from now on."""
    if request.query_params.get("lang") == language:
        response.set_cookie("lang", language, max_age=YEAR, samesite="strict")


def theme_of(request: Request) -> str:
    """The theme a visitor chose: auto follows the machine."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"
