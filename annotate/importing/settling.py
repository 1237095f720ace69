"""What a file leaves open, settled by the choices that were made, and asked where none was."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotate.importing.accounting import LEFT_OUT, TO_ITEM
from annotate.importing.addresses import address_columns
from annotate.importing.choices import (
    ACCOUNTS,
    ADDRESSES,
    NAMES,
    NO_ANSWERS,
    PEOPLE,
    REPEATS,
    SCALE,
)
from annotate.importing.drafts import AnswerRow, Draft, ItemRow
from annotate.importing.people import joined, no_people, spellings
from annotate.importing.problems import Problems
from annotate.models import Member

LIKE_ANSWERS = ("label", "annotator", "worker", "choice", "confidence", "answer", "rater", "vote")


@dataclass(frozen=True)
class Settlement:
    """`chosen`: the option of each choice; `spelt`: spelling → label key; `keys`: the labels."""

    chosen: Mapping[str, str]
    spelt: Mapping[str, str]
    keys: Sequence[str]
    problems: Problems

    def addresses(self, draft: Draft) -> list[ItemRow]:
        """The items without columns of computers' addresses, unless they are to be kept."""
        columns = address_columns(draft.items)
        chosen = self.chosen.get("addresses")
        if not columns or chosen == "keep":
            return draft.items
        if chosen is None:
            text = f"The column “{columns[0]}” holds addresses of people's computers."
            self.problems.ask(ADDRESSES.ask(text))
        why = "addresses of people's computers"
        draft.account.columns[:] = [
            dataclasses.replace(use, became=LEFT_OUT, why=why) if use.column in columns else use
            for use in draft.account.columns
        ]
        return [dataclasses.replace(i, attributes=_without(i, columns)) for i in draft.items]

    def passes(self, answers: Sequence[AnswerRow]) -> list[AnswerRow]:
        """With a pass for each. Several answers of one person to one item without a round are
        asked about; the same round twice is a problem.
        """
        groups: defaultdict[tuple[str, str], list[AnswerRow]] = defaultdict(list)
        for answer in answers:
            groups[answer.external_id, answer.annotator].append(answer)
        unnumbered = [group for group in groups.values() if _is_unnumbered(group)]
        if unnumbered and "repeats" not in self.chosen:
            text = (
                "Somebody answers one item more than once and no round is given:"
                f" {len(unnumbered)} such {'cases' if len(unnumbered) > 1 else 'case'}, first in"
                f" row {unnumbered[0][1].row.number}."
            )
            self.problems.ask(REPEATS.ask(text))
        return [answer for group in groups.values() for answer in self._passes(group)]

    def _passes(self, group: list[AnswerRow]) -> list[AnswerRow]:
        if _is_unnumbered(group):
            rule = self.chosen.get("repeats", "")
            kept = {"first": group[:1], "last": group[-1:]}.get(rule, group)
            return [dataclasses.replace(a, pass_number=n) for n, a in enumerate(kept, start=1)]
        seen: dict[int, AnswerRow] = {}
        for answer in group:
            first = seen.setdefault(answer.pass_number or 1, answer)
            if first is not answer:
                reason = (
                    f"This annotator answered this item in row {first.row.number} already, in the"
                    " same round."
                )
                self.problems.add(answer.problem(reason, "annotator"))
        return [dataclasses.replace(a, pass_number=a.pass_number or 1) for a in group]

    def scale(self, answers: list[AnswerRow], own: int) -> list[AnswerRow]:
        """With confidence on the project's own scale, 1 to `own`."""
        others = [answer.scale for answer in answers if answer.scale not in (None, own)]
        if others and "scale" not in self.chosen:
            text = (
                f"The file's confidence is on a scale of 1 to {others[0]}, this project's on 1 to"
                f" {own}."
            )
            self.problems.ask(SCALE.ask(text))
        return [_on_scale(answer, own) for answer in answers] if others else answers

    def spellings(self, answers: Sequence[AnswerRow]) -> list[AnswerRow]:
        """Labels by their keys; a spelling of none is one problem, however many rows have it."""
        unknown: Counter[tuple[str, str]] = Counter()
        first: dict[tuple[str, str], AnswerRow] = {}
        settled = []
        for answer in answers:
            label = self.spelt.get(answer.label, answer.label)
            secondary = self.spelt.get(answer.secondary or "", answer.secondary)
            for name, key in (("label", label), ("secondary", secondary)):
                if key is not None and key not in self.keys:
                    unknown[name, key] += 1
                    first.setdefault((name, key), answer)
            settled.append(dataclasses.replace(answer, label=label, secondary=secondary))
        for (name, key), n in unknown.items():
            reason = unknown_label(key, n, self.keys)
            self.problems.add(first[name, key].problem(reason, name))
        return settled

    def people(
        self, answers: Sequence[AnswerRow], members: Mapping[str, Member]
    ) -> list[AnswerRow]:
        """With one name a person. Spellings of one name, and names that are no person's, are asked
        about.
        """
        groups = spellings((answer.annotator for answer in answers), members)
        if groups and "people" not in self.chosen:
            pairs = [" and ".join(f"“{name}”" for name in group) for group in groups.values()]
            text = f"These are probably the same person: {'; '.join(pairs[:5])}."
            self.problems.ask(PEOPLE.ask(text))
        into = joined(groups) if self.chosen.get("people") == "join" else {}
        strange = no_people({answer.annotator for answer in answers} - set(members))
        if strange and "names" not in self.chosen:
            text = f"“{strange[0]}” does not look like somebody who annotates."
            self.problems.ask(NAMES.ask(text))
        return [
            dataclasses.replace(answer, annotator=into.get(answer.annotator, answer.annotator))
            for answer in answers
        ]

    def accounts(self, answering: Sequence[Member]) -> None:
        """Asks before answers become those of somebody who can sign in here."""
        own = [member for member in answering if member.user_id]
        if own and "accounts" not in self.chosen:
            text = (
                f"“{own[0].name}” is an account in this project ({own[0].get_role_display()})."
                " Rename the person in the file if it is somebody else."
            )
            self.problems.ask(ACCOUNTS.ask(text))

    def columns_like_answers(self, draft: Draft) -> None:
        """Of a file that brings no answers."""
        looks = [
            use.column
            for use in draft.account.columns
            if use.became in (TO_ITEM, LEFT_OUT)
            and use.n_cells
            and any(word in use.column.casefold() for word in LIKE_ANSWERS)
        ]
        if looks and "answers" not in self.chosen:
            text = (
                f"The column “{looks[0]}” looks like answers, and the file brings none as it is"
                " read. Name the columns with --map annotator=NAME label=NAME."
            )
            self.problems.ask(NO_ANSWERS.ask(text))


def _without(item: ItemRow, columns: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in item.attributes.items() if name not in columns}


def _is_unnumbered(group: Sequence[AnswerRow]) -> bool:
    return len(group) > 1 and all(answer.pass_number is None for answer in group)


def _on_scale(answer: AnswerRow, own: int) -> AnswerRow:
    """Evenly: the lowest step stays the lowest and the highest the highest."""
    scale = answer.scale or own
    if answer.confidence is None or scale == own or scale < 2:
        return answer
    share = (answer.confidence - 1) / (scale - 1)
    return dataclasses.replace(answer, confidence=round(1 + share * (own - 1)), scale=own)


def near_label(key: str, keys: Sequence[str]) -> str | None:
    """The label that a spelling means as good as surely: other letter case, or 1.0 for 1."""
    plain = key.strip().casefold()
    plain = plain[:-2] if plain.endswith(".0") else plain
    return next((label for label in keys if label.casefold() == plain), None)


def unknown_label(key: str, n: int, keys: Sequence[str]) -> str:
    """What to say of a spelling that `n` rows have and no label."""
    near = near_label(key, keys)
    rows = f" {n} rows have it." if n > 1 else ""
    hint = f" Did you mean “{near}”? Say so (in a command: --label {key}={near})." if near else ""
    return f"This is not a label of the project, which has: {', '.join(keys)}.{rows}{hint}"
