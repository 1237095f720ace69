"""The learners there are, each with its name and settings. A new one is one file and one line."""

from worker.learners.baseline import Baseline
from worker.learners.protocol import Learner
from worker.learners.transformer import Transformer

ALL: tuple[Learner, ...] = (Baseline(), Transformer())
LEARNERS = {learner.spec.name: learner for learner in ALL}
