"""The page answers this machine and its own page, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.house import ORIGIN, a_house
from tests.web.leaving import leave_midway

ACT = {"member": 2, "message": 1, "emoji": "👍"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("localhost:8080", 200),
        ("LOCALHOST:8080", 200),
        ("[::1]:8080", 200),
        ("study.example.org", 200),
        ("study.example.org:443", 200),
        ("127.0.0.1", 421),
        ("127.0.0.1:9090", 421),
        ("evil.example", 421),
        ("evil.example:8080", 421),
        ("127.0.0.1:8080.evil.example", 421),
        ("study.example.org.evil.example", 421),
        ("", 421),
    ],
)
@pytest.mark.parametrize("path", ["/", "/room/state", "/static/look.css"])
async def test_only_known_names_are_served(tmp_path: Path, host: str, status: int, path: str) -> None:
    async with (
        a_house(tmp_path, runs=False) as house,
        house.client(Host=host, Origin=f"http://{host}") as page,
    ):
        assert (await page.get(path)).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}, 409),
        ({"Origin": ORIGIN}, 409),
        ({}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9090"}, 403),
        ({"Origin": "http://localhost:8080"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "none"}, 403),
    ],
)
async def test_only_the_page_itself_acts(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        for name in ("Origin", "Sec-Fetch-Site"):
            del page.headers[name]
        assert (await page.post("/room/react", json=ACT, headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("/room/live", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
        ("/room/live", {"Sec-Fetch-Site": "same-site"}, 403),
        ("/room/live", {"Origin": "https://evil.example"}, 403),
        ("/room/state", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
        ("/room/pictures/1", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/room/files/1", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
    ],
)
async def test_other_sites_read_nothing(
    tmp_path: Path, path: str, headers: dict[str, str], status: int
) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        for name in ("Origin", "Sec-Fetch-Site"):
            del page.headers[name]
        answer = await page.get(path, headers=headers)
        assert answer.status_code == status
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/room/state", "/static/main.js", "/nothing"])
async def test_every_answer_has_the_strict_headers(tmp_path: Path, path: str) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        headers = (await page.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/room/react", 64 * 1024, 400),
        ("/room/react", 64 * 1024 + 1, 413),
        ("/room/clock", 10**6, 413),
        ("/room/say", 6 * 1024 * 1024, 413),
    ],
)
async def test_bodies_are_small(tmp_path: Path, path: str, size: int, status: int) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        assert (await page.post(path, content=b"x" * size)).status_code == status


async def test_a_body_of_unknown_length_is_not_read(tmp_path: Path) -> None:
    async def endless() -> object:
        yield b"{}"

    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        assert (await page.post("/room/react", content=endless())).status_code == 411  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/room/say", "multipart/form-data; boundary=x"), ("/room/react", "application/json")],
)
async def test_who_leaves_in_the_middle_of_sending_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str, kind: str
) -> None:
    headers = {"Host": "127.0.0.1:8080", "Origin": ORIGIN, "Content-Length": "1000", "Content-Type": kind}
    async with a_house(tmp_path, runs=False) as house:
        await leave_midway(house.app, path, headers)
    assert caplog.records == []
