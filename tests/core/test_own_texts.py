"""What is wrong with an admin's own texts is said, each mistake with its line, before anything begins."""

from pathlib import Path

import pytest

from bot.core.own_texts import mistakes


def write(folder: Path, text: str, name: str = "zh-Hans/core.html") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def own(folder: Path, body: str, block: str = "letters_none") -> None:
    write(folder, f"{{% block {block} %}}{body}{{% endblock %}}")


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ("{{ naem }}", "core.html:1: letters_none has no value 'naem'; it has no values"),
        ("{% if %}", "core.html:1: Expected an expression"),
        ("{{ ''.__class__ }}", "core.html:1: __class__ is out of bounds"),
        ("{{ 1 | shuffle }}", "core.html:1: No filter named 'shuffle'"),
        ("\n<div>hello</div>", "core.html:2: <div> is not known here"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, body: str, mistake: str) -> None:
    own(tmp_path, body)
    assert mistake in "\n".join(mistakes(tmp_path))


def test_it_is_said_which_text_was_meant(tmp_path: Path) -> None:
    own(tmp_path, "x", "letters_non")
    [said] = mistakes(tmp_path)
    assert said.endswith("no such text: letters_non; did you mean letters_none?")


def test_every_mistake_is_a_line_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "x", "zh/core.html")
    write(tmp_path, "x", "en/cor.html")
    (tmp_path / "en" / "core.html").write_bytes(b"\xff\xfe")
    own(tmp_path, "{{ a }}{{ b }}")
    lines = mistakes(tmp_path)
    assert len(lines) == 5
    assert any("no such language: zh;" in line for line in lines)
    assert any("no such file of texts; did you mean core?" in line for line in lines)


def test_a_folder_that_is_not_there_is_a_mistake_and_none_is_fine(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: there is no such folder"]
    assert mistakes(None) == []
