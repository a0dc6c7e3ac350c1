"""Where in a TOML file each key stands: tomllib tells the values, but no lines."""

import re
import tomllib

Key = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


def key_lines(source: str) -> dict[Key, int]:
    """The line (from 1) of every table, key and list item, by its path as tomllib nests it.

    The source must be valid TOML: give it to tomllib first.
    """
    return _Scanner(source.replace("\r\n", "\n")).scan()


class _Scanner:
    """Walks once over valid TOML and notes where keys begin."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.lines: dict[Key, int] = {}
        self.lengths: dict[Key, int] = {}  # how many items each array of tables has so far

    def scan(self) -> dict[Key, int]:
        """Walk over the whole source."""
        table: Key = ()
        while self.skip_blank() < len(self.source):
            if self.source[self.position] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def skip_blank(self) -> int:
        """Go past white space and comments; the new position."""
        self.take(_BLANK)
        return self.position

    def take(self, pattern: re.Pattern[str]) -> str:
        """Go past what the pattern matches here; its text, empty if it does not match."""
        match = pattern.match(self.source, self.position)
        text = match[0] if match else ""
        self.position += len(text)
        return text

    def note(self, key: Key, position: int) -> None:
        """Remember the line of a position for the key, and for tables that are first named within it."""
        line = self.source.count("\n", 0, position) + 1
        for length in range(1, len(key) + 1):
            self.lines.setdefault(key[:length], line)

    def header(self) -> Key:
        """Read [table] or [[table]]; its path."""
        start = self.position
        brackets = 2 if self.source.startswith("[[", start) else 1
        self.position += brackets
        *parents, name = self.key()
        path: Key = ()
        for parent in parents:
            path = self.newest((*path, parent))
        path = (*path, name)
        if brackets == 2:
            self.lengths[path] = self.lengths.get(path, 0) + 1
            path = self.newest(path)
        self.position += brackets
        self.note(path, start)
        return path

    def newest(self, path: Key) -> Key:
        """The path itself, or that of the newest item if it is an array of tables."""
        length = self.lengths.get(path)
        return path if length is None else (*path, length - 1)

    def key(self) -> list[str]:
        """Read a key, dotted or not, and the white space after it; its parts."""
        parts = []
        while True:
            self.skip_blank()
            quoted = self.string()
            parts.append(tomllib.loads(f"key = {quoted}")["key"] if quoted else self.take(_BARE_KEY))
            self.skip_blank()
            if self.source[self.position] != ".":
                return parts
            self.position += 1

    def string(self) -> str:
        """Read a string if one begins here; as it is written, with its quotes."""
        return next(filter(None, map(self.take, _STRINGS)), "")

    def pair(self, table: Key) -> None:
        """Read `key = value`."""
        start = self.position
        path = (*table, *self.key())
        self.note(path, start)
        self.position += 1
        self.value(path)

    def value(self, path: Key) -> None:
        """Read a value, noting what is inside it."""
        self.skip_blank()
        opening = self.source[self.position]
        if opening == "[":
            self.items(path)
        elif opening == "{":
            self.inline_table(path)
        elif not self.string():
            self.take(_BARE_VALUE)

    def items(self, path: Key) -> None:
        """Read a list."""
        self.position += 1
        index = 0
        while self.source[self.skip_blank()] != "]":
            self.note((*path, index), self.position)
            self.value((*path, index))
            index += 1
            self.skip_comma()
        self.position += 1

    def inline_table(self, path: Key) -> None:
        """Read a table in braces."""
        self.position += 1
        while self.source[self.skip_blank()] != "}":
            self.pair(path)
            self.skip_comma()
        self.position += 1

    def skip_comma(self) -> None:
        """Go past the comma between items, if there is one."""
        if self.source[self.skip_blank()] == ",":
            self.position += 1
