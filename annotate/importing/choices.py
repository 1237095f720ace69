"""The choices an import can ask for, in one table: what each is called and which answers it
takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from annotate.errors import Invalid
from annotate.importing.problems import Question


class BadChoice(Invalid):
    code = "bad-choice"


@dataclass(frozen=True)
class Choice:
    name: str
    options: Mapping[str, str]

    def ask(self, text: str) -> Question:
        return Question(self.name, text, tuple(self.options.items()))


UNANSWERED = Choice("unanswered", {"leave-out": "rows that name a person and no label bring none"})
REPEATS = Choice(
    "repeats",
    {
        "number": "the second answer of a person is a repeat, in the order of the file",
        "first": "keep the first answer",
        "last": "keep the last answer",
    },
)
PEOPLE = Choice("people", {"join": "they are one person", "apart": "they are different people"})
ACCOUNTS = Choice("accounts", {"join": "the answers are this account's"})
NAMES = Choice("names", {"person": "it is a person who annotates"})
ADDRESSES = Choice("addresses", {"leave-out": "do not store them", "keep": "store them"})
NO_ANSWERS = Choice("answers", {"none": "the file brings items only"})
SCALE = Choice("scale", {"rescale": "map the steps evenly onto this project's scale"})
QUOTES = Choice("quotes", {"text": "quotes are part of the text", "quoting": "they enclose cells"})
CHOICES = (UNANSWERED, REPEATS, PEOPLE, ACCOUNTS, NAMES, ADDRESSES, NO_ANSWERS, SCALE, QUOTES)


def check_choices(chosen: Mapping[str, str]) -> None:
    """Raises BadChoice for a name or an answer that does not exist."""
    known = {choice.name: choice for choice in CHOICES}
    for name, option in chosen.items():
        if name not in known:
            raise BadChoice(f"There is no choice “{name}”. There are: {', '.join(known)}.")
        if option not in known[name].options:
            options = ", ".join(known[name].options)
            raise BadChoice(f"“{name}” is one of {options}, not “{option}”.")
