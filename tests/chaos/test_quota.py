"""Twelve processes claim and submit at once: exactly the wanted number an item, nothing doubled,
nothing lost, no database error.
"""

import json
from collections import Counter
from typing import Any

import pytest

from tests.services.site import Site, site

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]
N_PROCESSES, N_ITEMS, WANTED = 12, 60, 3
PLAN = ["--annotators", "6", "--hours", "1", "--rate", "10", "--double", ".5", "--repeat", ".5"]
PLAN += ["--gap-days", "0", "--gap-items", "1"]
READ = """
import django, json; django.setup()
from annotate.models import Annotation, Assignment, FreeSlot, PlannedAssignment
from annotate.services.integrity import check_people_and_answers
rows = Annotation.objects.select_related("assignment", "primary")
print(json.dumps({
    "stored": [[str(a.assignment.public_id), a.primary.key, a.assignment.item_id, a.annotator_id]
        for a in rows],
    "repeats": rows.filter(assignment__pass_number=2).count(),
    "wanted": list(PlannedAssignment.objects.filter(pass_number=1).values_list("item", flat=True)),
    "kept": PlannedAssignment.objects.filter(assignment=None).count(),
    "violations": len(check_people_and_answers()),
    "free": FreeSlot.objects.count(),
    "open": Assignment.objects.filter(state="open").count()}))
"""


def attack(made: Site, way: str) -> tuple[list[dict[str, list[str]]], dict[str, Any]]:
    words = [
        "-m",
        "tests.chaos.prepare",
        "a",
        str(N_ITEMS),
        str(WANTED),
        str(N_PROCESSES * 2),
        *(["unguarded"] if way == "unguarded" else []),
    ]
    prepared = made.python(*words).communicate(timeout=60)[0]
    names = list(json.loads(prepared.splitlines()[-1]))
    if way == "planned":
        made.manage("start_plan", "a", "--people", ",".join(names[:6]), *PLAN)
    processes = [
        made.python("-m", "tests.chaos.attack", "a", ",".join(names[n::N_PROCESSES]), way)
        for n in range(N_PROCESSES)
    ]
    said = [
        json.loads(process.communicate(timeout=120)[0].splitlines()[-1]) for process in processes
    ]
    return said, json.loads(made.python("-c", READ).communicate(timeout=60)[0].splitlines()[-1])


@pytest.mark.parametrize("way", ["guarded", "late"])
def test_twelve_processes_give_exactly_the_wanted_answers(way: str) -> None:
    """`late`: every lease has run out before its answer comes, and is swept meanwhile."""
    with site() as made:
        said, found = attack(made, way)

    stored = found["stored"]
    assert [error for one in said for error in one["errors"]] == []
    assert set(Counter(item for _, _, item, _ in stored).values()) == {WANTED}
    assert len(stored) == N_ITEMS * WANTED
    assert len({(item, annotator) for _, _, item, annotator in stored}) == len(stored)
    accepted = [list(row) for one in said for row in one["accepted"]]
    assert sorted(list(row[:2]) for row in stored) == sorted(accepted)
    assert (found["free"], found["open"]) == (0, 0)


def test_twelve_processes_carry_out_a_plan_beside_the_open_queue_exactly() -> None:
    """Six people of twenty-four have places of their own, repeats among them; all take open slots
    of the other items.
    """
    with site() as made:
        said, found = attack(made, "planned")

    assert [error for one in said for error in one["errors"]] == []
    planned, n_repeats = Counter(found["wanted"]), found["repeats"]
    firsts = Counter(item for _, _, item, _ in found["stored"])
    n_firsts = sum(planned.values()) + WANTED * (N_ITEMS - len(planned))
    assert n_repeats == sum(1 for n in planned.values() if n == 1) // 2
    assert len(found["stored"]) == n_firsts + n_repeats
    assert all(firsts[item] == WANTED for item in firsts if item not in planned)
    assert (found["free"], found["open"], found["kept"], found["violations"]) == (0, 0, 0, 0)


def test_the_same_attack_breaks_counting_first_and_inserting_then() -> None:
    """The attack can fail: without the constraint, and counting before inserting, items get more
    answers than they want.
    """
    with site() as made:
        _, found = attack(made, "unguarded")

    assert max(Counter(item for _, _, item, _ in found["stored"]).values()) > WANTED
