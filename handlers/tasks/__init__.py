"""Tasks: what is open today, and how admins set them up, by words or by buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, words
from bot.core.binding import find_community
from bot.core.changes import change_task
from bot.core.errors import UserError
from bot.core.events import ButtonPressed, Message
from bot.core.feature import Command, Feature, Press, Reader, Undo
from handlers.tasks import changing
from rules.argument_days import read_day, read_weekdays
from rules.argument_task import Times, read_task, read_times
from rules.argument_times import read_window
from rules.arguments import ArgumentError, plain, read_number
from rules.calendar import Window
from rules.days import Day
from rules.tasks import (
    EVERY_DAY,
    PROOFS,
    Proof,
    Slot,
    Task,
    lesson_number,
    named_first,
    read_plan,
    slots_at,
    weekday_bits,
    weekdays_of,
)
from storage import checkins, tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.context import Buttons, Context
    from bot.core.desk import Desk
    from bot.core.feature import Glance
    from storage.rooms import Room

LONGEST_NAME = 20
LONGEST_NOTE_ASKED = 500

PROOF_WORDS: dict[str, Proof] = {
    **dict.fromkeys(("none", "无", "無", "不用", "随意", "隨意"), "none"),
    **dict.fromkeys(("text", "文字"), "text"),
    **dict.fromkeys(("picture", "photo", "image", "图片", "圖片", "照片", "图", "圖"), "picture"),
    **dict.fromkeys(("voice", "audio", "语音", "語音", "录音", "錄音"), "voice"),
    **dict.fromkeys(("link", "url", "链接", "連結", "鏈接"), "link"),
}
YES = frozenset({"on", "yes", "开", "開", "可以", "允许", "允許", "要", "算"})
NO = frozenset({"off", "no", "关", "關", "不可以", "不允许", "不允許", "不要", "不算"})

_ADD = re.compile(r"(?:add|new|添加|新增|新建|加)(?:\s+|$)", re.IGNORECASE)
_ADMIN_WORDS = re.compile(
    r"\s*((?:添加|新增|新建|加)(?:一?[个個项項])?|新)?任[务務][\s:：]+(\S.*)", re.DOTALL
)


# What is open today.


def show(ctx: Context, _arguments: str) -> None:
    """`/tasks`: today's tasks, each with a button to check in."""
    slots = slots_at(tasks.of_community(ctx.tx, ctx.community.id), ctx.calendar, ctx.at)
    done = _done(ctx, slots) if not ctx.room.is_group else set()
    shown = [_described(ctx, slot.task, slot) | {"done": slot.task.id in done} for slot in slots]
    buttons = tuple(
        (Button(words("tasks.check_in", task=slot.task.name), f"checkin:{slot.task.id}"),)
        for slot in slots
        if slot.takes and slot.task.id not in done
    )
    ctx.say(words("tasks.today", tasks=shown), buttons=buttons)


def _done(ctx: Context, slots: list[Slot]) -> set[int]:
    return {
        row.task
        for day in {slot.day for slot in slots}
        for row in checkins.of_day(ctx.tx, ctx.community.id, ctx.account.id, day)
        if row.counts
    }


def _described(ctx: Context, task: Task, slot: Slot | None = None) -> dict[str, object]:
    number = lesson_number(task, slot.day if slot is not None else ctx.day)
    title = None if number is None else tasks.lesson(ctx.tx, task.id, number)
    return {
        "name": task.name,
        "weekdays": weekdays_of(task.weekdays),
        "window": None if task.window is None else [task.window.opens, task.window.closes],
        "shortest": task.shortest,
        "proof": task.proof,
        "late": task.late,
        "place": slot.place if slot is not None else "",
        "number": number if title is not None else None,
        "title": title or "",
    }


# Setting them up by words.


def command(ctx: Context, arguments: str) -> None:
    """`/task`: list; `/task add name`; `/task name what value`."""
    known = tasks.of_community(ctx.tx, ctx.community.id)
    if not arguments:
        _list(ctx, known)
        return
    add = _ADD.match(arguments)
    if add is not None:
        _add(ctx, known, arguments[add.end() :])
        return
    if _is_new(known, arguments):
        _add(ctx, known, arguments)
        return
    task, rest = _named(known, arguments)
    what, value = _first_word(rest)
    if not what:
        _card(ctx, task)
        return
    change = CHANGES.get(plain(what), _set_times)
    change(ctx, task, rest if change is _set_times else value)


def _is_new(known: tuple[Task, ...], text: str) -> bool:
    """Whether a text names a task that is not there yet, with its hours."""
    try:
        name, times = read_task(text)
    except ArgumentError:
        return False
    return times.window is not None and named_first((task.name for task in known), name)[0] is None


def wants_words(_desk: Desk, _room: Room) -> Glance:
    """An admin's words about tasks."""
    return _may_be_words


def _may_be_words(message: Message) -> bool:
    return not message.edited and _ADMIN_WORDS.match(message.text) is not None


def read_words(ctx: Context, message: Message) -> bool:
    """`任务 晨读 时间 06:00-08:30`, from an admin; from anybody else it is just talk."""
    found = _ADMIN_WORDS.match(message.text)
    if found is None or message.forwarded or not find_community(ctx) or not ctx.may("tasks"):
        return False
    known = tasks.of_community(ctx.tx, ctx.community.id)
    said = f"add {found[2]}" if found[1] else found[2].strip()
    about_one = named_first((task.name for task in known), said)[0]
    if about_one is None and not _ADD.match(said) and not _is_new(known, said):
        return False
    command(ctx, said)
    return True


def _named(known: tuple[Task, ...], arguments: str) -> tuple[Task, str]:
    name, rest = named_first((task.name for task in known), arguments)
    task = next((task for task in known if task.name == name), None)
    if task is None:
        raise UserError("tasks.unknown", names=[task.name for task in known])
    return task, rest


def _first_word(text: str) -> tuple[str, str]:
    parts = text.split(maxsplit=1)
    return (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")


def _add(ctx: Context, known: tuple[Task, ...], arguments: str) -> None:
    changing.check_room(known)
    try:
        name, times = read_task(arguments) if arguments else ("", Times())
    except ArgumentError as error:
        raise UserError("tasks.no_window") from error
    task = Task(id=0, name=_new_name(known, name))
    _card(ctx, changing.add(ctx, msgspec.structs.replace(task, **_changes(times))))


def _changes(times: Times) -> dict[str, object]:
    """What hours and weekdays, as far as they were said, change of a task."""
    changes: dict[str, object] = {}
    if times.window is not None:
        changes["window"] = _kept(times.window)
    if times.weekdays:
        changes["weekdays"] = weekday_bits(times.weekdays)
    return changes


def _new_name(known: tuple[Task, ...], text: str) -> str:
    name = text.strip().strip("#＃")
    if not 1 <= len(name) <= LONGEST_NAME or not re.search(r"\w", name):
        raise UserError("tasks.name", most=LONGEST_NAME)
    if any(plain(task.name) == plain(name) for task in known):
        raise UserError("tasks.known", name=name)
    return name


def _window(text: str) -> Window | None:
    try:
        return _kept(read_window(text))
    except ArgumentError as error:
        raise UserError("tasks.no_window") from error


def _kept(said: Window) -> Window | None:
    """The window, None for a whole day, which begins when the community's does."""
    return None if said.opens == said.closes else said


def _set_times(ctx: Context, task: Task, value: str) -> None:
    """The hours or weekdays right behind the task's name."""
    try:
        times = read_times(value)
    except ArgumentError as error:
        raise UserError("tasks.how") from error
    _card(ctx, change_task(ctx, task, **_changes(times)))


def _set_window(ctx: Context, task: Task, value: str) -> None:
    _card(ctx, change_task(ctx, task, window=_window(value)))


def _set_days(ctx: Context, task: Task, value: str) -> None:
    try:
        bits = weekday_bits(read_weekdays(value))
    except ArgumentError as error:
        raise UserError("tasks.no_days") from error
    if not bits:
        raise UserError("tasks.no_days")
    _card(ctx, change_task(ctx, task, weekdays=bits))


def _set_shortest(ctx: Context, task: Task, value: str) -> None:
    try:
        shortest = read_number(value.rstrip("字个個 "), 0, LONGEST_NOTE_ASKED)
    except ArgumentError as error:
        raise UserError("tasks.no_number", most=LONGEST_NOTE_ASKED) from error
    _card(ctx, change_task(ctx, task, shortest=shortest))


def _set_proof(ctx: Context, task: Task, value: str) -> None:
    proof = PROOF_WORDS.get(plain(value))
    if proof is None:
        raise UserError("tasks.no_proof")
    _card(ctx, change_task(ctx, task, proof=proof))


def _set_late(ctx: Context, task: Task, value: str) -> None:
    if plain(value) not in YES | NO:
        raise UserError("tasks.no_late")
    _card(ctx, change_task(ctx, task, late=plain(value) in YES))


def _rename(ctx: Context, task: Task, value: str) -> None:
    others = tuple(one for one in tasks.of_community(ctx.tx, ctx.community.id) if one.id != task.id)
    _card(ctx, change_task(ctx, task, name=_new_name(others, value)))


def _set_plan(ctx: Context, task: Task, value: str) -> None:
    """Titles by line; a day alone on the first line is the plan's first day, else it is today."""
    first, _, rest = value.partition("\n")
    start, lines = _plan_start(ctx, first), rest
    if start is None:
        start, lines = ctx.day, value
    titles = read_plan(lines)
    if not titles:
        raise UserError("tasks.no_plan")
    changing.plan(ctx, task, start, titles)
    ctx.whisper(words("tasks.planned", name=task.name, count=len(titles), first=start))


def _plan_start(ctx: Context, text: str) -> Day | None:
    try:
        return read_day(text, ctx.day)
    except ArgumentError:
        return None


def _archive(ctx: Context, task: Task, _value: str) -> None:
    changing.archive(ctx, task)
    _tell(ctx, "tasks.archived", (), name=task.name)


CHANGES: dict[str, Callable[[Context, Task, str], None]] = {
    **dict.fromkeys(("时间", "時間", "window", "time"), _set_window),
    **dict.fromkeys(("星期", "日子", "周几", "週幾", "days"), _set_days),
    **dict.fromkeys(("字数", "字數", "text", "shortest", "characters"), _set_shortest),
    **dict.fromkeys(("凭证", "憑證", "证明", "證明", "proof"), _set_proof),
    **dict.fromkeys(("迟到", "遲到", "late"), _set_late),
    **dict.fromkeys(("改名", "rename", "name"), _rename),
    **dict.fromkeys(("计划", "計劃", "計畫", "plan"), _set_plan),
    **dict.fromkeys(("归档", "歸檔", "archive"), _archive),
}


# Setting them up by buttons.


def _list(ctx: Context, known: tuple[Task, ...]) -> None:
    shown = [_described(ctx, task) for task in known]
    buttons = tuple((Button(words("tasks.edit", task=task.name), f"task:{task.id}"),) for task in known)
    _tell(ctx, "tasks.list", buttons, tasks=shown)


def _card(ctx: Context, task: Task) -> None:
    _tell(ctx, "tasks.card", _card_buttons(task), task=_described(ctx, task))


def _tell(ctx: Context, block: str, buttons: Buttons, **values: object) -> None:
    """Show it to the admin alone; after a press in place of what was pressed."""
    text = words(block, **values)
    if isinstance(ctx.event, ButtonPressed):
        ctx.edit_pressed(text, buttons=buttons)
    else:
        ctx.whisper(text, buttons=buttons)


def _card_buttons(task: Task) -> Buttons:
    proofs = tuple(
        Button(
            words("tasks.proof_button", proof=proof, chosen=proof == task.proof),
            f"task:{task.id}:proof:{proof}",
        )
        for proof in PROOFS
    )
    days = tuple(
        Button(words("tasks.days_button", weekdays=weekdays_of(bits)), f"task:{task.id}:days:{bits}")
        for bits in (EVERY_DAY, 0b0011111, 0b1100000)
    )
    late = Button(words("tasks.late_button", late=task.late), f"task:{task.id}:late:{int(not task.late)}")
    whole_day = Button(words("tasks.whole_day_button"), f"task:{task.id}:window:all")
    archive = Button(words("tasks.archive_button"), f"task:{task.id}:archive")
    return (proofs[:3], proofs[3:], days, (late, whole_day), (archive, Button(words("tasks.back"), "task")))


def press(ctx: Context, arguments: str) -> None:
    """The buttons of an admin: `task`, `task:<id>`, `task:<id>:<what>:<value>`."""
    number, _, change = arguments.partition(":")
    known = tasks.of_community(ctx.tx, ctx.community.id)
    task = next((task for task in known if str(task.id) == number), None)
    if not number:
        _list(ctx, known)
    elif task is None:
        ctx.answer(words("core.button_gone"))
    else:
        _press_change(ctx, task, *change.partition(":")[::2])


def _press_change(ctx: Context, task: Task, what: str, value: str) -> None:
    bits = {str(bits): bits for bits in (EVERY_DAY, 0b0011111, 0b1100000)}
    if what == "archive":
        _archive(ctx, task, "")
    elif what == "proof" and value in PROOFS:
        _card(ctx, change_task(ctx, task, proof=value))
    elif what == "days" and value in bits:
        _card(ctx, change_task(ctx, task, weekdays=bits[value]))
    elif what == "late" and value in {"0", "1"}:
        _card(ctx, change_task(ctx, task, late=value == "1"))
    elif what == "window" and value == "all":
        _card(ctx, change_task(ctx, task, window=None))
    else:
        _card(ctx, task)


FEATURE = Feature(
    name="tasks",
    commands=(
        Command("tasks", show, ("任务", "今日任务", "任務", "今日任務")),
        Command("task", command, ("设置任务", "設定任務"), takes=True, needs="tasks"),
    ),
    buttons={"task": Press(press, "tasks")},
    readers=(Reader(wants_words, read_words, begins="添新加任"),),
    undo={"task": Undo("tasks", changing.change_back)},
)
