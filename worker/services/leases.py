"""Ending leases that ran out, so that a free slot does not wait for somebody to ask for it."""

from datetime import datetime

from django.db import transaction

from annotate.models import Project
from annotate.services.assignments import expire_leases


def end_overdue_leases(*, now: datetime) -> int:
    n = 0
    for project in Project.objects.filter(
        assignments__state="open", assignments__lease_until__lte=now
    ).distinct():
        with transaction.atomic():
            n += expire_leases(project=project, now=now)
    return n
