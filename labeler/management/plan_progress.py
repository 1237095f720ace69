"""A plan's progress as lines of text."""

from annotate.selectors.plans import PlanProgress


def described(progress: PlanProgress) -> str:
    state = "stopped" if progress.stopped_at else "running"
    head = (
        f"Plan {progress.number}, {state}: {progress.n_done} of {progress.n_planned} answers given,"
        f" {progress.n_items} items."
    )
    rows = [
        f"  {one.name:<20} {one.n_first_done:>6} of {one.n_first:<6} first"
        f" {one.n_repeat_done:>6} of {one.n_repeat:<6} repeats"
        + (f"  {one.n_skipped} skipped" if one.n_skipped else "")
        for one in progress.people
    ]
    return "\n".join([head, *rows])
