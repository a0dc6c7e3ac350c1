"""An admin's own texts are read at start; mistakes in them end it with a line for each."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import DO_NOT_RESTART, main


def start(folder: Path, text: str) -> tuple[int, str]:
    (folder / "config.toml").write_text('[templates]\nfolder = "texts"\n', encoding="utf-8")
    (folder / "texts" / "en").mkdir(parents=True)
    (folder / "texts" / "en" / "core.html").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["--config", str(folder / "config.toml"), "run"])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{% block back %}", "core.html:1: "),
        ("{% block bakc %}x{% endblock %}", "no such text: bakc; did you mean back?"),
        ("{% block back %}{{ ''.__class__ }}{% endblock %}", "__class__ is out of bounds"),
    ],
)
def test_a_mistake_is_named_and_nothing_starts(tmp_path: Path, text: str, complaint: str) -> None:
    code, said = start(tmp_path, text)
    assert code == DO_NOT_RESTART
    assert complaint in said
    assert not (tmp_path / "data").exists()


def test_two_mistakes_are_two_lines(tmp_path: Path) -> None:
    code, said = start(tmp_path, "{% block a %}{% endblock %}\n{% block b %}{% endblock %}")
    assert code == DO_NOT_RESTART
    assert len(said.splitlines()) == 2
