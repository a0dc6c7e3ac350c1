"""The house keeps its own rules: the tables are whole, the pages are true, every module has its test."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app import feature_settings
from bot.core.desk import Desk
from bot.core.feature import Command, Feature
from bot.core.locale import LOCALES
from bot.core.render import BUILT_IN, Render
from bot.core.router import Router
from bot.core.undoing import CORE
from handlers import FEATURES
from storage.migrate import migrations
from tests.stage import BOT, a_stage

HOUSE = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "rules", "storage", "web")
COMMANDS = [command for feature in FEATURES for command in feature.commands]
PAGES = {
    name: (HOUSE / "docs" / name).read_text(encoding="utf-8") for name in ("commands.md", "commands.zh.md")
}
EVERYBODY = {"commands.md": "everyone", "commands.zh.md": "人人"}
RIGHTS = {"mend": "记录", "overview": "名单", "tasks": "任务", "settings": "设置", "roles": "职务"}


def modules() -> list[Path]:
    found = [path.relative_to(HOUSE) for room in ROOMS for path in (HOUSE / room).rglob("*.py")]
    return sorted(path for path in found if path.name not in {"__init__.py", "__main__.py"})


def imported() -> set[str]:
    """Every module that some test imports."""
    names: set[str] = set()
    for path in (HOUSE / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def has_mirror(module: Path) -> bool:
    """Whether tests/… holds test_<module>.py, or tests of the folder that the module is in."""
    parts = module.parts[1:] if module.parts[0] == "bot" else module.parts
    folder = HOUSE.joinpath("tests", *parts[:-1])
    return (folder / f"test_{module.name}").exists() or any(folder.parent.glob(f"test_{folder.name}*.py"))


def test_every_handler_is_in_the_table() -> None:
    files = [path for path in (HOUSE / "handlers").glob("*.py") if path.name != "__init__.py"]
    folders = [path.parent for path in (HOUSE / "handlers").glob("*/__init__.py")]
    assert {path.stem for path in files + folders} == {feature.name for feature in FEATURES}


def test_every_feature_has_a_name_of_its_own() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(names) == len(set(names))
    assert names[-1] == "otherwise", "what takes everything must come last"


def test_no_two_features_share_a_command_a_word_or_a_button() -> None:
    assert Router(FEATURES).command("/help", "") is not None


@pytest.mark.parametrize(
    "second",
    [
        Feature(name="b", commands=(Command("x", print),)),
        Feature(name="b", commands=(Command("y", print, ("词",)),)),
        Feature(name="b", buttons={"x": print}),
    ],
)
def test_sharing_one_is_refused(second: Feature) -> None:
    first = Feature(name="a", commands=(Command("x", print, ("词",)),), buttons={"x": print})
    with pytest.raises(ValueError, match="two features share"):
        Router((first, second))


WANTED = (
    *("补", "補 小林", "撤销", "撤銷", "打回", "点评 好", "點評 好", "优秀", "優秀"),
    *("导出本周表", "導出本週表", "匯出本週表", "/help@banzhang"),
    *(
        "任务 晨读",
        "任務 晨讀",
        "添加任务 晨读",
        "新增任务 晨读",
        "新建任务 晨读",
        "加个任务 晨读",
        "新任务 晨读",
    ),
)
"""What readers that wait for certain letters read, one text for each word."""


async def test_readers_wait_for_the_letters_with_which_their_words_begin(tmp_path: Path) -> None:
    readers = [reader for feature in FEATURES for reader in feature.readers if reader.begins]
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        stage.engine.house.usernames[BOT] = "banzhang"
        heard = [stage.message("小林", text, reply_to="1") for text in WANTED]

        def wanted(desk: Desk) -> list[set[str]]:
            """Of each reader the letters of what it would read."""
            glances = [reader.wants(desk, desk.room(BOT, heard[0].place)) for reader in readers]
            return [
                {one.text[0] for one in heard if glance is not None and glance(one)} for glance in glances
            ]

        assert await stage.engine.pipeline.work(wanted) == [set(reader.begins) for reader in readers]


def test_every_button_that_a_handler_shows_has_a_handler() -> None:
    shown: set[str] = set()
    for path in (HOUSE / "handlers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Button" and len(node.args) > 1:
                shown |= {found[1] for found in [re.match(r"f?'(\w+)", ast.unparse(node.args[1]))] if found}
    assert {"checkin", "leave", "setup", "language", "zone"} <= shown
    assert shown <= {prefix for feature in FEATURES for prefix in feature.buttons}


def test_jobs_have_names_of_their_own() -> None:
    names = [job.name for feature in FEATURES for job in feature.jobs]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_says_what_it_is_for(locale: str) -> None:
    blocks = Render().blocks(locale)
    missing = [
        f"{feature.name}.about_{command.name}"
        for feature in FEATURES
        for command in feature.commands
        if f"about_{command.name}" not in blocks.get(feature.name, set())
    ]
    assert not missing


def test_every_file_of_texts_is_there_in_every_language() -> None:
    files = {locale: {path.name for path in (BUILT_IN / locale).glob("*.html")} for locale in LOCALES}
    assert files["zh-Hans"] == files["zh-Hant"] == files["en"]


def test_member_commands_have_chinese_words() -> None:
    menu = [command for command in COMMANDS if command.in_menu and command.needs is None]
    assert not [command.name for command in menu if not (command.words or command.heard)]


def test_migrations_have_no_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_documented_with_its_words(command: Command, page: str) -> None:
    row = re.search(rf"^\| `/{command.name}`.*$", PAGES[page], re.MULTILINE)
    assert row, f"docs/{page} has no row for /{command.name}"
    assert not [word for word in command.words if word not in row[0]], row[0]
    right = command.needs or EVERYBODY[page]
    assert f"| {RIGHTS.get(right, right) if page == 'commands.zh.md' else right} |" in row[0]


@pytest.mark.parametrize("page", PAGES)
def test_no_command_is_documented_that_there_is_not(page: str) -> None:
    assert set(re.findall(r"^\| `/(\w+)`", PAGES[page], re.MULTILINE)) == {
        command.name for command in COMMANDS
    }


@pytest.mark.parametrize("page", sorted(path.name for path in (HOUSE / "docs").glob("*.md")))
def test_links_of_the_pages_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(((?!http)[^)#]+)", (HOUSE / "docs" / page).read_text(encoding="utf-8"))
    assert not [link for link in links if not (HOUSE / "docs" / link).exists()]


def test_every_file_of_the_core_is_on_the_map() -> None:
    text = (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("## The rooms") :]
    files = [module for module in modules() if module.parts[:2] == ("bot", "core")]
    assert not [str(module) for module in files if f"`{module.stem}`" not in table]


def test_every_module_has_a_test() -> None:
    known = imported()
    without = [
        str(module)
        for module in modules()
        if not has_mirror(module) and ".".join(module.with_suffix("").parts) not in known
    ]
    assert not without


def acts_audited() -> set[str]:
    """The names that acts are audited under, anywhere, written out or as a constant of the module."""
    found = set()
    for path in [*(HOUSE / "handlers").rglob("*.py"), *(HOUSE / "bot" / "core").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "audit" and node.args:
                act = node.args[0]
                if ast.unparse(act) != "change.act":  # what takes an act back is audited under the same name
                    found.add(ast.literal_eval(constants.get(ast.unparse(act), act)))
    return found


WAYS_BACK = set(CORE).union(*(feature.undo for feature in FEATURES))
FINAL = {act: why for feature in FEATURES for act, why in feature.final.items()}


def test_every_audited_act_can_be_taken_back_or_it_is_said_why_not() -> None:
    assert acts_audited() == WAYS_BACK | set(FINAL)
    assert all(len(why) > 20 for why in FINAL.values())


def test_every_act_is_of_one_feature_and_has_its_words() -> None:
    acts = [(feature.name, act) for feature in FEATURES for act in (*feature.undo, *feature.final)]
    assert len({act for _, act in acts}) == len(acts)
    blocks = Render().blocks("zh-Hans")
    assert not [(name, act) for name, act in acts if f"did_{act}" not in blocks[name]]


def test_no_text_stands_below_what_it_does_not_explain() -> None:
    """A constant's words are a string below it: such a string stays when the constant goes."""
    lost = [
        f"{module}:{text.lineno}"
        for module in modules()
        for before, text in pairwise(ast.parse((HOUSE / module).read_text(encoding="utf-8")).body)
        if isinstance(text, ast.Expr) and not isinstance(before, ast.Assign | ast.AnnAssign)
    ]
    assert not lost


def test_no_handler_asks_which_platform_it_is_on() -> None:
    names = re.compile(r"[\"'](telegram|wechat|room)[\"']\s*(==|in\b)|platform\s*(==|!=)")
    asking = [
        str(path)
        for path in (HOUSE / "handlers").rglob("*.py")
        if names.search(path.read_text(encoding="utf-8"))
    ]
    assert not asking


def test_nothing_can_be_set_that_rewards_sharing_or_inviting() -> None:
    """WeChat forbids it, and bans accounts for it: such a reward must ask the platform's leave first."""
    forbidden = re.compile("shar|invit|referr|forward|moment|recruit")
    fields = [
        f"{section}.{field}"
        for section, kind in feature_settings().items()
        for field in kind.model_fields
        if forbidden.search(field)
    ]
    assert fields == []
