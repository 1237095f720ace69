"""What is wrong with a file: which row, which column, which value, and why. Collected, so that
one look shows all of it.
"""

from dataclasses import asdict, dataclass

from annotate.errors import Invalid

AT_MOST = 100
LONGEST_VALUE = 120


@dataclass(frozen=True)
class Problem:
    """`row` counts as a spreadsheet does (the header is row 1); `line` is the physical line,
    which differs after a cell of many lines.
    """

    reason: str
    row: int | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "file"
        if self.line and self.line != self.row:
            place += f" (line {self.line})"
        if self.column:
            place += f", column “{self.column}”"
        if self.value is not None:
            place += f", value {shortened(self.value)!r}"
        return f"{place}: {self.reason}"


def shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


class BadFile(Invalid):
    """The file was not imported; nothing of it was stored."""

    code = "bad-file"

    def __init__(self, problems: list[Problem]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}", errors=[problem.as_dict() for problem in problems])
        self.problems = problems


class Problems:
    """Collects problems up to AT_MOST, then stops the reading: the hundred-first says nothing
    new.
    """

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, problem: Problem) -> None:
        self.found.append(problem)
        if len(self.found) >= AT_MOST:
            self.stop_if_any()

    def stop_if_any(self) -> None:
        if self.found:
            raise BadFile(self.found)
