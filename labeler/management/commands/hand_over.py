from django.core.management.base import CommandParser

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.plans import the_running_plan
from labeler.services.handing_over import USUAL_SEED, Handover, hand_over, propose_handover


class Command(JsonCommand[Handover]):
    help = "Give what people who left have not answered of the running plan to the others."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--dry-run", action="store_true", help="only say what it comes to")
        parser.add_argument("--seed", type=int, default=USUAL_SEED)

    def run(self, options: Options) -> Handover:
        plan = the_running_plan(project_named(options["slug"]))
        act = propose_handover if options["dry_run"] else hand_over
        return act(plan=plan, seed=options["seed"])

    def describe(self, result: Handover) -> str:
        loads = [f"  {name:<20} {load:>6} answers to come" for name, load in result.loads.items()]
        joined = (
            "Everybody is joined by shared items."
            if result.connected
            else "Not everybody shares items."
        )
        head = (
            f"{result.n_items} items go to others, {result.n_repeats_lost} repeats are lost,"
            f" {result.n_without_taker} items go to the open queue. {joined}"
        )
        return "\n".join([head, *loads])
