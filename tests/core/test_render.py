"""From blocks and values to text; an admin's own texts go first and can lose nothing."""

import logging
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from bot.core.actions import words
from bot.core.locale import LOCALES
from bot.core.own_texts import mistakes
from bot.core.render import BLOCK, Render
from bot.core.render import BUILT_IN as FILES

BUILT_IN = "这次没有你的，安心学习。"


def write(folder: Path, text: str, name: str = "zh-Hans/core.html") -> Render:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Render(folder)


def own(folder: Path, body: str, block: str = "letters_none") -> Render:
    return write(folder, f"{{% block {block} %}}{body}{{% endblock %}}")


def test_a_text_in_each_language() -> None:
    render = Render()
    assert render.text(words("core.letters_none"), "zh-Hans") == BUILT_IN
    assert "這次" in render.text(words("core.letters_none"), "zh-Hant")
    assert "Nothing" in render.text(words("core.letters_none"), "en")


def test_files_that_an_upgrade_brings_change_nothing_under_a_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for locale in LOCALES:
        write(tmp_path, "{% block letters_none %}旧{% endblock %}", f"{locale}/core.html")
        write(tmp_path, "{% block line %}旧{% endblock %}", f"{locale}/later.html")
    monkeypatch.setattr("bot.core.render.BUILT_IN", tmp_path)
    render = Render()
    assert render.text(words("core.letters_none"), "zh-Hans") == "旧"
    write(tmp_path, "{% block letters_none %}{{ new }}{% endblock %}")
    (tmp_path / "zh-Hans" / "later.html").unlink()
    assert render.text(words("core.letters_none"), "zh-Hans") == "旧"
    assert render.text(words("later.line"), "zh-Hans") == "旧"


def test_an_unknown_language_is_spoken_to_in_simplified_chinese() -> None:
    assert Render().text(words("core.letters_none"), "tlh") == BUILT_IN


def test_an_unknown_text_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Render().text(words("core.nothing_like_it"), "en")
    with pytest.raises(KeyError):
        Render().text(words("nowhere.text"), "en")


def test_values_are_text_and_never_markup(tmp_path: Path) -> None:
    render = own(tmp_path, "{{ name }}", "unknown_value")
    assert render.text(words("core.unknown_value", name="<b>&{{ 7 * 7 }}"), "zh-Hans") == (
        "&lt;b&gt;&amp;{{ 7 * 7 }}"
    )


def test_an_own_text_goes_first_and_the_others_stay(tmp_path: Path) -> None:
    render = own(tmp_path, "没你的信，<b>去背书</b>。")
    assert mistakes(tmp_path) == []
    assert render.text(words("core.letters_none"), "zh-Hans") == "没你的信，<b>去背书</b>。"
    assert render.text(words("core.letters_button"), "zh-Hans") == "看看和我有关吗"
    assert "Nothing" in render.text(words("core.letters_none"), "en")


@pytest.mark.parametrize(
    "body",
    [
        "{{ missing }}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ say.__globals__ }}",
        "{{ say('no.such_text') }}",
        "{% for n in range(10 ** 9) %}x{% endfor %}",
        "<b>never closed",
        "<script>alert(1)</script>",
        "{% if %}",
    ],
)
def test_an_own_text_that_fails_gives_way_to_the_built_in_one(
    tmp_path: Path, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    render = own(tmp_path, body)
    with caplog.at_level(logging.WARNING):
        assert render.text(words("core.letters_none"), "zh-Hans") == BUILT_IN
    assert "core.letters_none" in caplog.text or body == "{% if %}"


def test_an_own_file_that_cannot_be_read_gives_way_to_the_built_in_one(tmp_path: Path) -> None:
    render = own(tmp_path, "没你的信")
    file = tmp_path / "zh-Hans" / "core.html"
    file.write_bytes(file.read_bytes().decode().encode("gb18030"))
    assert render.text(words("core.letters_none"), "zh-Hans") == BUILT_IN


def test_several_texts_become_one_message() -> None:
    said = Render().joined([words("core.letters_none"), words("core.letters_button")], "zh-Hans")
    assert said == f"{BUILT_IN}\n\n看看和我有关吗"


@pytest.mark.parametrize("locale", LOCALES)
def test_files_of_texts_hold_nothing_but_blocks(locale: str) -> None:
    for path in (FILES / locale).glob("*.html"):
        source = path.read_text(encoding="utf-8")
        blocks = [block.name for block in Environment(autoescape=True).parse(source).find_all(nodes.Block)]
        assert [name for name, _ in BLOCK.findall(source)] == blocks, path
        assert not BLOCK.sub("", source).strip(), path
