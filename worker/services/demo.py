"""What a new site has to look at: a project with simulated answers, a dataset, and a first
training.
"""

import secrets
from datetime import datetime

from annotate.demo.project import SLUG, make_demo_project
from annotate.models import Project, User
from annotate.services.members import create_account
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from worker.services.training import TrainingDraft, start_training

NAMES = MANAGER, ANNOTATOR = "demo", "annotator"


def has_demo() -> bool:
    return Project.objects.filter(slug=SLUG).exists()


def make_demo(*, now: datetime) -> dict[str, str]:
    """The passwords of the accounts that were made for it: of those that were there before, nobody
    knows them.
    """
    there = {user.username: user for user in User.objects.filter(username__in=NAMES)}
    passwords = {name: secrets.token_urlsafe(9) for name in NAMES if name not in there}
    for name, password in passwords.items():
        there[name] = create_account(username=name, password=password, now=now)
    project = make_demo_project(manager=there[MANAGER], annotator=there[ANNOTATOR], now=now)
    dataset = freeze_answers(
        project=project, settings=SoftLabelSettings(), rule=SplitRule(), author=None, now=now
    )
    start_training(
        dataset=dataset, draft=TrainingDraft(), key=f"demo:{project.pk}", author=None, now=now
    )
    return passwords
