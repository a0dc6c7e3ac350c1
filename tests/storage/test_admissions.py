"""Admissions stay quick to look up, however many were settled."""

from pathlib import Path

import pytest

from storage import admissions
from tests.stage import a_stage

VALUES = {"community": 1, "account": 1, "room": 1, "until": 9}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (admissions.OF_ACCOUNT, "admission_open"),
        (admissions.DUE, "admission_due"),
        (admissions.FIRST_DUE, "admission_due"),
    ],
)
async def test_every_look_up_has_an_index(tmp_path: Path, query: str, index: str) -> None:
    async with a_stage(tmp_path) as stage:
        plan = await stage.engine.database.read(lambda tx: tx.plan(query, VALUES))
        assert index in plan
        assert "SCAN admission" not in plan.replace("SCAN admission USING", "")
