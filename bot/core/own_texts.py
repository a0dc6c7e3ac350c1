"""An admin's own texts: what is wrong with them is said before anything begins, each with its line."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, TemplateError, TemplateSyntaxError, meta, nodes

from bot.core.locale import LOCALES
from bot.core.markup import strange_tags
from bot.core.render import BUILT_IN, SUFFIX, Render, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def mistakes(own: Path | None) -> list[str]:
    """What in the admin's own folder, if there is one, cannot be rendered or fills nothing, line by line."""
    if own is None:
        return []
    if not own.is_dir():
        return [f"{own}: there is no such folder"]
    return [
        f"{path}:{complaint}"
        for path in sorted(own.rglob(f"*{SUFFIX}"))
        for complaint in _complaints(own, path)
    ]


def _complaints(own: Path, path: Path) -> Iterable[str]:
    name = path.relative_to(own).as_posix()
    locale = name.partition("/")[0]
    if locale not in LOCALES:
        return [f" no such language: {locale}; there are {', '.join(LOCALES)}"]
    known = Render().blocks(locale)
    if name.removeprefix(f"{locale}/").removesuffix(SUFFIX) not in known:
        return [" no such file of texts" + _near(path.stem, known)]
    try:
        source = path.read_text(encoding="utf-8")
        environment = environment_of(locale, FileSystemLoader(own))
        environment.from_string(source)
        return _unfit(environment.parse(source), values_of(path.stem))
    except TemplateSyntaxError as error:
        return [f"{error.lineno}: {error.message}"]
    except (OSError, UnicodeDecodeError, TemplateError) as error:
        return [f" {error}"]


@cache
def values_of(feature: str) -> dict[str, set[str]]:
    """The built-in texts of a feature, each with the values that fill it in some language."""
    known: dict[str, set[str]] = {}
    for locale in LOCALES:
        source = (BUILT_IN / locale / f"{feature}{SUFFIX}").read_text(encoding="utf-8")
        environment = environment_of(locale, FileSystemLoader(BUILT_IN))
        for block in environment.parse(source).find_all(nodes.Block):
            known.setdefault(block.name, set()).update(_values(block))
    return known


def _values(block: nodes.Block) -> set[str]:
    """The names that a block takes its values from; `say`, which all may call, is none."""
    assert block.environment is not None
    alone = nodes.Template(block.body, lineno=block.lineno)
    alone.set_environment(block.environment)
    return meta.find_undeclared_variables(alone) - {"say"}


def _unfit(template: nodes.Template, known: Mapping[str, set[str]]) -> list[str]:
    """What is wrong with an admin's own template: `line: complaint`."""
    wrong = []
    for block in template.find_all(nodes.Block):
        if block.name not in known:
            wrong.append(f"{block.lineno}: no such text: {block.name}" + _near(block.name, known))
            continue
        for value in sorted(_values(block) - known[block.name]):
            has = ", ".join(sorted(known[block.name])) or "no values"
            wrong.append(f"{block.lineno}: {block.name} has no value {value!r}; it has {has}")
    wrong += [
        f"{one.lineno}: {one.attr} is out of bounds"
        for one in template.find_all(nodes.Getattr)
        if one.attr.startswith("_")
    ]
    for data in template.find_all(nodes.TemplateData):
        wrong += [f"{data.lineno}: <{tag}> is not known here" for tag in strange_tags(data.data)]
    return wrong


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""
