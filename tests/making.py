"""Projects, people and answers for tests, made by the services that make them in life."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from django.test import Client

from annotate.models import Assignment, Member, PlannedAssignment, Project, User
from annotate.services.annotations import submit
from annotate.services.claiming import claim_next
from annotate.services.import_plans import Source
from annotate.services.imports import import_file
from annotate.services.members import Part, add_member, create_account
from annotate.services.projects import LabelDraft, ProjectDraft, create_project
from annotate.services.tokens import create_token
from annotate.validity import Answer
from tests.rows import write_items

LEASE = timedelta(minutes=30)
PASSWORD = "correct-horse-battery"
ACCOUNTS_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def project(
    now: datetime,
    *,
    slug: str = "notes",
    labels: Sequence[str] = ("yes", "no", "unclear"),
    n_items: int = 5,
    wanted: int = 2,
) -> Project:
    made = create_project(
        draft=ProjectDraft(slug, [LabelDraft(key) for key in labels], annotators_per_item=wanted),
        now=now,
    )
    texts = {f"item-{n}": f"The text of item {n}." for n in range(1, n_items + 1)}
    write_items(made, texts, now)
    return made


def account(username: str) -> User:
    return create_account(username=username, password=PASSWORD, now=ACCOUNTS_BEGAN)


def member(
    made: Project, username: str, now: datetime, role: str = Member.Role.ANNOTATOR
) -> Member:
    user = User.objects.filter(username=username).first() or account(username)
    return add_member(user=user, part=Part(made, role), now=now)


def browser(who: Member) -> Client:
    """A browser in which this member is signed in."""
    assert who.user is not None
    client = Client()
    client.force_login(who.user)
    return client


def token(who: Member, now: datetime) -> str:
    assert who.user is not None
    return create_token(user=who.user, name="test", now=now)


def claim(who: Member, now: datetime) -> Assignment | None:
    return claim_next(project=who.project, annotator=who, now=now, lease=LEASE, rng=Random(0))


def repeat(done: Assignment, now: datetime) -> Assignment:
    """The same person is asked about the same item again, and has it before them."""
    place = {"project": done.project, "item": done.item, "annotator": done.annotator}
    again = Assignment.objects.create(
        **place, pass_number=2, created_at=now, lease_until=datetime(2099, 1, 1, tzinfo=UTC)
    )
    PlannedAssignment.objects.create(
        **place, pass_number=2, position=0, due_at=now, assignment=again
    )
    return again


def answer(
    who: Member,
    now: datetime,
    primary: str = "yes",
    confidence: int = 4,
    secondary: str | None = None,
) -> Assignment:
    assignment = claim(who, now)
    assert assignment is not None
    submit(
        assignment=assignment,
        answer=Answer(primary, confidence, secondary),
        key=str(assignment.public_id),
        now=now,
    )
    return assignment


def import_rows(made: Project, rows: Sequence[str], now: datetime) -> None:
    import_file(
        project=made, source=Source("answers.csv", "\n".join(rows).encode()), author=None, now=now
    )


def answered_project(now: datetime, *, n_items: int = 60, slug: str = "answered") -> Project:
    """Two simulated people, three labels that the words of the text give away, repeats, a few
    disagreements.
    """
    words = {"yes": "good bright happy", "no": "bad dark sad", "unclear": "grey maybe perhaps"}
    keys = list(words)
    rows = ["item_id,text,annotator,label,confidence,secondary,round"]
    for n in range(n_items):
        key = keys[n % 3]
        text = f"{words[key]} number {n} {words[keys[(n + n % 5 // 4) % 3]]}"
        second = keys[(n + 1) % 3] if n % 7 == 0 else ""
        rows.append(f"i{n},{text},ada,{key},{3 + n % 3},{second},1")
        rows.append(f"i{n},{text},ben,{keys[(n + 1) % 3] if n % 9 == 0 else key},{2 + n % 4},,1")
        if n < 20:
            rows.append(f"i{n},{text},ada,{keys[(n + 1) % 3] if n % 10 == 0 else key},4,,2")
    made = create_project(
        draft=ProjectDraft(slug, [LabelDraft(key) for key in keys], annotators_per_item=3), now=now
    )
    import_file(
        project=made, source=Source("answers.csv", "\n".join(rows).encode()), author=None, now=now
    )
    return made
