"""Agreement, reliability, soft labels and metrics in plain NumPy and SciPy: no Django, no Celery,
nothing else of ours.

Sizes are named the same everywhere: n_items (N), n_annotators (M), n_labels (K), n_answers (A).
Logarithms are natural.
"""

# of the arithmetic: it enters the digest of every stored result, so raise it when a result can
# change
VERSION = "6"
