"""A planned study carried out by simulated people over REST, under a clock that the test moves."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from django.test import Client

from annotate.models import Assignment, Member, Project
from tests import making

LABELS = ("yes", "no", "unclear")
SECONDS = timedelta(seconds=30)


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    @classmethod
    def of(cls, now: datetime, monkeypatch: pytest.MonkeyPatch) -> "Clock":
        """The moment that the site takes for the present."""
        clock = cls(now)
        monkeypatch.setattr("django.utils.timezone.now", clock)
        return clock


@dataclass(frozen=True)
class Given:
    """What one simulated person was shown, in order, and said. `shown`: every byte of it."""

    person: str
    item: str
    label: str
    at: datetime
    shown: bytes


@dataclass
class Study:
    """`truth`: what each item is; people say so nine times of ten, also against themselves."""

    project: Project
    people: Sequence[Member]
    clock: Clock
    rng: Random = field(default_factory=lambda: Random(5))
    given: list[Given] = field(default_factory=list)

    def caller(self, who: Member) -> Callable[..., tuple[int, bytes]]:
        client, key = Client(), f"Bearer {making.token(who, self.clock.now)}"

        def call(method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
            response = client.generic(
                method,
                f"/api/v1{path}",
                json.dumps(body or {}),
                "application/json",
                headers={"Authorization": key, **headers},
            )
            return response.status_code, response.content

        return call

    def work(self, n_a_day: int, days: int, people: Sequence[Member] | None = None) -> None:
        """Everybody answers up to `n_a_day`, day after day."""
        callers = {who.name: self.caller(who) for who in people or self.people}
        for _ in range(days):
            morning = self.clock.now
            for name, call in callers.items():
                self.clock.now = morning
                for _ in range(n_a_day):
                    if not self.one_answer(name, call):
                        break
            self.clock.now = morning + timedelta(days=1)

    def one_answer(self, name: str, call: Callable[..., tuple[int, bytes]]) -> bool:
        code, shown = call("POST", f"/projects/{self.project.slug}/next/")
        assert code == 200, shown
        claimed = json.loads(shown)["assignment"]
        if claimed is None:
            return False
        label = self.what_is_said(claimed["item_id"])
        code, stored = call(
            "PUT",
            f"/assignments/{claimed['public_id']}/annotation/",
            {"primary": label, "confidence": 1 + self.rng.randrange(5)},
            **{"Idempotency-Key": claimed["public_id"]},
        )
        assert code == 200, stored
        self.clock.now += SECONDS
        self.given.append(Given(name, claimed["item_id"], label, self.clock.now, shown))
        return True

    def what_is_said(self, item: str) -> str:
        truth = LABELS[int(item.split("-")[1]) % 3]
        return truth if self.rng.random() < 0.9 else self.rng.choice(LABELS)


def passes(study: Study) -> list[int]:
    """The pass of each answer in the order given, as the tables have it."""
    known: dict[tuple[str, str], list[int]] = {}
    rows = Assignment.objects.filter(project=study.project).order_by("pass_number")
    for name, item, pass_number in rows.values_list(
        "annotator__name", "item__external_id", "pass_number"
    ):
        known.setdefault((name, item), []).append(pass_number)
    return [known[one.person, one.item].pop(0) for one in study.given]
