"""What an annotator can fetch, byte by byte: tokens planted in others' answers, in what an import
brought beside the text and in their own first answers are nowhere in it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from annotate.models import Assignment, Member, PlannedAssignment, Project
from annotate.services.annotations import submit
from annotate.services.by_hand import ask_the_same_again
from annotate.validity import Answer
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)
LINKS = re.compile(r"""(?:href|src|action|hx-get|hx-post)="([^"]+)\"""")
FOLDER = "/projects/answered/"
CANARIES = ("CANARY-other", "CANARY-own", "CANARY-gold")
VALUES = {
    "slug": "answered",
    "pk": "1",
    "number": "1",
    "key": "guess",
    "uidb36": "1",
    "app_label": "annotate",
    "object_id": "1",
    "content_type_id": "1",
    "url": "x",
    "path": "x",
}


@pytest.fixture
def project(now: datetime) -> Project:
    """Full of what must not be seen; ann is about to be asked again what she answered."""
    project = making.answered_project(now, n_items=60)
    gold = 'item_id,text,gold,annotator,label,why\ng1,"A text.",yes,cleo,no,CANARY-other'
    making.import_rows(project, gold.split("\n"), now)
    project.items.filter(external_id="g1").update(attributes={"source": "CANARY-gold"})
    dan, ann = (making.member(project, name, now) for name in ("dan", "ann"))
    for who, token in ((dan, "CANARY-other"), (ann, "CANARY-own")):
        for n in range(3):
            claimed = making.claim(who, now)
            assert claimed is not None
            answer = Answer("unclear", 2, "no", f"{token} {n}", is_flagged=True)
            submit(assignment=claimed, answer=answer, key=f"{token}{n}", now=now)
    answered = list(project.items.filter(assignments__annotator=ann))
    assert ask_the_same_again(items=answered, gap_days=0, now=now - timedelta(days=1)) == 3
    freeze_answers(
        project=project, settings=SoftLabelSettings(), rule=SplitRule(), author=None, now=now
    )
    return project


def routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the site, its places filled with what is there."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern).replace("^", ""))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


def addresses(project: Project, ann: Member) -> set[str]:
    ids = [str(item.public_id) for item in project.items.all()[:3]]
    ids += [str(one.public_id) for one in Assignment.objects.filter(annotator=ann)]
    found = set()
    for route in routes(get_resolver()):
        plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: VALUES.get(m[1], f"<{m[1]}>"), route)
        found |= {plain.replace("<public_id>", one) for one in ids}
    downloads = {f"{FOLDER}data/download/?what=long&type={kind}" for kind in ("jsonl", "csv")}
    return {one for one in found if re.fullmatch(r"[\w/.-]+", one)} | downloads


def crawl(client: Client, starts: set[str]) -> dict[str, bytes]:
    """By GET, along every link of every page."""
    seen: dict[str, bytes] = {}
    waiting = sorted(starts)
    while waiting:
        address = waiting.pop()
        if address in seen or "logout" in address:
            continue
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        seen[address] = body + str(response.headers).encode()
        waiting += [
            urljoin(address, link.replace("&amp;", "&")).partition("#")[0]
            for link in LINKS.findall(body.decode(errors="replace"))
            if not urlsplit(link).netloc and not link.startswith("/static/")
        ]
    return seen


def test_nothing_an_annotator_can_fetch_holds_others_answers_gold_or_their_own_first_ones(
    project: Project, now: datetime
) -> None:
    ann = Member.objects.get(name="ann")
    client = making.browser(ann)

    seen = crawl(client, addresses(project, ann))

    assert len(seen) > 60
    assert sum(b"<h1" in body for body in seen.values()) >= 5
    leaks = {
        (address, canary)
        for address, body in seen.items()
        for canary in CANARIES
        if canary.encode() in body
    }
    assert leaks == set()
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))
    found = b"".join(crawl(boss, addresses(project, ann)).values())
    assert all(canary.encode() in found for canary in CANARIES)  # the crawl can find them


def test_after_the_repeats_ones_own_answers_are_there_again(
    project: Project, now: datetime
) -> None:
    ann = Member.objects.get(name="ann")
    PlannedAssignment.objects.filter(annotator=ann).delete()

    seen = crawl(making.browser(ann), addresses(project, ann))

    assert any(b"CANARY-own" in body for body in seen.values())
    assert not any(b"CANARY-other" in body or b"CANARY-gold" in body for body in seen.values())
