"""From a template's block and its values to text, in the member's language."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import (
    BaseLoader,
    DictLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.core.actions import Words
from bot.core.locale import FALLBACK, LOCALES
from bot.core.markup import complaint
from bot.core.spelling import MOST_NAMES, clock_text, date_text, names, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jinja2 import Environment, Template
    from jinja2.runtime import Context as Values

    Block = tuple[Template, Callable[[Values], Iterator[str]]]

log = logging.getLogger("banzhang.render")

BUILT_IN = Path(__file__).parent.parent.parent / "templates"
SUFFIX = ".html"
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
"""How a text stands in a built-in file, which holds nothing else."""


class Render:
    """Renders blocks of `templates/<locale>/<feature>.html`; an admin's own folder goes first.

    Each built-in block is compiled when it is first used, alone: all of them take longer than a whole start.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._texts = _texts(BUILT_IN)
        self._built_in = _built_in(BUILT_IN)
        self._chosen: dict[str, Environment] = {}
        if own is not None:
            self._chosen = {locale: environment_of(locale, FileSystemLoader(own)) for locale in LOCALES}

    def text(self, words: Words, language: str) -> str:
        """A text as HTML of the small subset. KeyError when no language has the block.

        An admin's own text that cannot be rendered gives way to the built-in one.
        """
        for locale in FALLBACK.get(language, FALLBACK["zh-Hans"]):
            own = _own_block(self._chosen[locale], locale, words.text) if self._chosen else None
            said = None if own is None else self._own_text(own, words, language)
            if said is not None:
                return said
            built_in = _block(self._built_in[locale], locale, words.text)
            if built_in is not None:
                return self._filled(built_in, words, language)
        raise KeyError(words.text)

    def _filled(self, block: Block, words: Words, language: str) -> str:
        values = words.values | {"say": lambda text, /, **more: self._nested(text, more, language)}
        template, render = block
        return _tidy("".join(render(template.new_context(values))))

    def _own_text(self, block: Block, words: Words, language: str) -> str | None:
        """An admin's own text, or None when it fails: a message must never be lost to it."""
        try:
            html = self._filled(block, words, language)
        except Exception:
            log.warning("%s: your own text %s failed", language, words.text, exc_info=True)
            return None
        wrong = complaint(html)
        if wrong is not None:
            log.warning("%s: your own text %s cannot be sent: %s", language, words.text, wrong)
        return html if wrong is None else None

    def _nested(self, text: str, values: dict[str, object], language: str) -> Markup:
        """A text inside another one: templates call `say("feature.block", …)`."""
        return Markup(self.text(Words(text, values), language))  # noqa: S704 - it was escaped when rendered

    def joined(self, parts: Sequence[Words], language: str) -> str:
        """Several texts as one message."""
        return "\n\n".join(self.text(part, language) for part in parts)

    def blocks(self, locale: str) -> dict[str, set[str]]:
        """Every built-in block by feature."""
        known: dict[str, set[str]] = {}
        for name in self._texts:
            of, _, text = name.partition("/")
            if of == locale:
                feature, _, block = text.partition(".")
                known.setdefault(feature, set()).add(block)
        return known


@cache
def _texts(folder: Path) -> Mapping[str, str]:
    """Built-in blocks as `locale/feature.block`: their upgrade changes nothing under a running program."""
    return {
        f"{locale}/{path.stem}.{name}": text
        for locale in LOCALES
        for path in sorted((folder / locale).glob(f"*{SUFFIX}"))
        for name, text in BLOCK.findall(path.read_text(encoding="utf-8"))
    }


@cache
def _built_in(folder: Path) -> Mapping[str, Environment]:
    """What renders the built-in blocks of each locale, the same for every renderer of this program."""
    return {locale: environment_of(locale, DictLoader(_texts(folder))) for locale in LOCALES}


def environment_of(locale: str, texts: BaseLoader) -> Environment:
    """What renders the texts of a language, wherever they come from."""
    environment = ImmutableSandboxedEnvironment(
        loader=texts,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    english = locale == "en"
    environment.filters["names"] = lambda people, total=0, most=MOST_NAMES: names(
        people, total, english=english, most=most
    )
    environment.filters["date"] = lambda day: date_text(day, english=english)
    environment.filters["clock"] = clock_text
    environment.filters["plural"] = plural
    return environment


def _block(environment: Environment, locale: str, text: str) -> Block | None:
    """A built-in block and what renders it; None where there is none."""
    try:
        template = environment.get_template(f"{locale}/{text}")
    except TemplateNotFound:
        return None
    return template, template.root_render_func


def _own_block(environment: Environment, locale: str, text: str) -> Block | None:
    """An own block's template and what renders it; None where there is none, or it cannot be compiled."""
    feature, _, name = text.partition(".")
    try:
        template = environment.get_template(f"{locale}/{feature}{SUFFIX}")
    except (TemplateError, OSError, UnicodeDecodeError):
        return None
    render = template.blocks.get(name)
    return None if render is None else (template, render)


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
