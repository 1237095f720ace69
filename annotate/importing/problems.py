"""What is wrong with a file: which row, which column, which value, and why. Collected, so that one
look shows all of it; and what it leaves open, as questions with the answers there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from annotate.errors import Invalid
from annotate.importing.accounting import AccountReport
from annotate.jsonform import as_json

AT_MOST = 100
LONGEST_VALUE = 120


@dataclass(frozen=True)
class Problem:
    """`row` counts as a spreadsheet does (the header is row 1); `line` is the physical line, which
    differs after a cell of many lines.
    """

    reason: str
    row: int | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "file"
        if self.line and self.line != self.row:
            place += f" (line {self.line})"
        if self.column:
            place += f", column “{self.column}”"
        if self.value is not None:
            place += f", value {shortened(self.value)!r}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class Question:
    """What only a person can decide: `name` as `--choose name=option` takes it."""

    name: str
    text: str
    options: Sequence[tuple[str, str]]  # option, what it does

    def as_dict(self) -> dict[str, object]:
        options = [{"option": option, "does": does} for option, does in self.options]
        return {"name": self.name, "text": self.text, "options": options}

    def __str__(self) -> str:
        ways = "; ".join(f"--choose {self.name}={option} ({does})" for option, does in self.options)
        return f"{self.text} Choose: {ways}."


def shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


class BadFile(Invalid):
    """The file was not imported; nothing of it was stored. `account`: what would have become of its
    columns and rows, where the reading came that far.
    """

    code = "bad-file"

    def __init__(
        self,
        problems: list[Problem],
        questions: Sequence[Question] = (),
        account: AccountReport | None = None,
    ) -> None:
        said: list[Problem | Question] = [*problems, *questions]
        more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
        super().__init__(
            f"{said[0]}{more}",
            errors=[as_json(problem) for problem in problems],
            questions=[question.as_dict() for question in questions],
            account=as_json(account) if account else {},
        )
        self.problems, self.questions = problems, list(questions)


class Problems:
    """Collects problems up to AT_MOST, then stops the reading: the hundred-first says nothing
    new. Questions are kept beside them.
    """

    def __init__(self, account: AccountReport | None = None) -> None:
        self.account = account
        self.listed: list[Problem] = []
        self.questions: list[Question] = []

    def add(self, problem: Problem) -> None:
        self.listed.append(problem)
        if len(self.listed) >= AT_MOST:
            self.stop_if_any()

    def ask(self, question: Question) -> None:
        self.questions.append(question)

    def stop_if_any(self) -> None:
        if self.listed or self.questions:
            listed = sorted(self.listed, key=lambda one: one.row or 0)
            raise BadFile(listed, self.questions, self.account)
