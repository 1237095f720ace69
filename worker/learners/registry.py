"""The learners there are. A new one joins with one line."""

from worker.learners.baseline import Baseline
from worker.learners.protocol import Learner
from worker.learners.transformer import Transformer

LEARNERS: dict[str, Learner] = {"baseline": Baseline(), "transformer": Transformer()}
