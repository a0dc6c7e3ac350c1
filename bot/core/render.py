"""From a template's block and its values to text, in the member's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from bot.core.locale import FALLBACK, LOCALES
from bot.core.port import Words
from rules.days import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2 import Environment, Template


BUILT_IN = Path(__file__).parent.parent.parent / "templates"
SUFFIX = ".html"
MOST_NAMES = 5


class TemplatesUnfit(Exception):
    """An admin's own templates cannot be used; the message lists every reason."""


class Render:
    """Renders blocks of `templates/<locale>/<feature>.html`; an admin's own folder goes first."""

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._built_in = {locale: _environment(locale, [BUILT_IN]) for locale in LOCALES}
        folders = [BUILT_IN] if own is None else [own]
        self._chosen = {locale: _environment(locale, folders) for locale in LOCALES} if own else {}

    def text(self, words: Words, language: str) -> str:
        """A text as HTML of the small subset. KeyError when no language has the block."""
        feature, _, block = words.text.partition(".")
        for locale in FALLBACK.get(language, FALLBACK["zh-Hans"]):
            for environment in (self._chosen.get(locale), self._built_in[locale]):
                template = (
                    None if environment is None else _template(environment, f"{locale}/{feature}{SUFFIX}")
                )
                if template is not None and block in template.blocks:
                    values = words.values | {"say": lambda text, **more: self._nested(text, more, language)}
                    return _tidy("".join(template.blocks[block](template.new_context(values))))
        raise KeyError(words.text)

    def _nested(self, text: str, values: dict[str, object], language: str) -> Markup:
        """A text inside another one: templates call `say("feature.block", …)`."""
        return Markup(self.text(Words(text, values), language))  # noqa: S704 - it was escaped when rendered

    def joined(self, parts: Sequence[Words], language: str) -> str:
        """Several texts as one message."""
        return "\n\n".join(self.text(part, language) for part in parts)

    def check(self) -> None:
        """Raise TemplatesUnfit when the admin's own folder holds what cannot be rendered or fills nothing."""
        if self._own is None:
            return
        wrong = [
            f"{path}: {complaint}"
            for path in sorted(self._own.rglob(f"*{SUFFIX}"))
            for complaint in self._complaints(path)
        ]
        if wrong:
            raise TemplatesUnfit("\n".join(wrong))

    def _complaints(self, path: Path) -> Iterable[str]:
        assert self._own is not None
        name = path.relative_to(self._own).as_posix()
        locale = name.partition("/")[0]
        if locale not in LOCALES:
            return [f"no such language: {locale}; there are {', '.join(LOCALES)}"]
        try:
            own = self._chosen[locale].get_template(name)
        except TemplateError as error:
            return [f"line {getattr(error, 'lineno', '?')}: {error}"]
        built_in = _template(self._built_in[locale], name)
        known = set() if built_in is None else set(built_in.blocks)
        return [f"no such text: {block}" for block in own.blocks if block not in known]

    def blocks(self, locale: str) -> dict[str, set[str]]:
        """Every built-in block by feature."""
        folder = BUILT_IN / locale
        return {
            path.stem: set(self._built_in[locale].get_template(f"{locale}/{path.name}").blocks)
            for path in sorted(folder.glob(f"*{SUFFIX}"))
        }


def _environment(locale: str, folders: list[Path]) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    english = locale == "en"
    environment.filters["names"] = lambda people, total=0: names(people, total, english=english)
    environment.filters["date"] = lambda day: date_text(day, english=english)
    environment.filters["clock"] = clock_text
    environment.filters["plural"] = plural
    return environment


def _template(environment: Environment, name: str) -> Template | None:
    try:
        return environment.get_template(name)
    except TemplateNotFound:
        return None


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def names(people: Sequence[str], total: int, *, english: bool) -> Markup:
    """The first names as people would list them, and how many there are where not all are named.

    `total` says how many there are when `people` are only some of them.
    """
    shown = [escape(name) for name in people[:MOST_NAMES]]
    total = max(total, len(people))
    more = total - len(shown)
    if english:
        last = f"{more} more" if more else (shown.pop() if len(shown) > 1 else "")
        listed = Markup(", ").join(shown)
        return Markup("{} and {}").format(listed, last) if last else listed
    listed = Markup("、").join(shown)
    return Markup("{}等 {} 位").format(listed, total) if more else listed


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def date_text(day: Day, *, english: bool) -> str:
    """A day as people write it: 5月1日, May 1."""
    _, month, date = day.split("-")
    return f"{MONTHS[int(month) - 1]} {int(date)}" if english else f"{int(month)}月{int(date)}日"


def clock_text(minutes: int) -> str:
    """Minutes after midnight as a time of day: 04:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def plural(number: int, one: str, many: str) -> str:
    """The English word that fits a number."""
    return one if number == 1 else many


def plain(html: str) -> str:
    """HTML of the small subset as plain text."""
    text = re.sub(r"<[^>]+>", "", html)
    for entity, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&quot;", '"'),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text
