"""Texts of like length together, so that little of a batch is padding; the order is fixed by
seed and epoch.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase


def token_ids(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], longest: int
) -> list[list[int]]:
    if not texts:
        return []
    ids: list[list[int]] = tokenizer(list(texts), truncation=True, max_length=longest)["input_ids"]
    return ids


def epoch_order(lengths: Sequence[int], batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """Batches of item places. Lengths are jittered before sorting, so that batches differ
    between epochs.
    """
    rng = np.random.default_rng((seed, epoch))
    jittered = np.asarray(lengths) * rng.uniform(0.8, 1.2, size=len(lengths))
    order = np.argsort(jittered, kind="stable")
    batches = [
        order[start : start + batch_size].tolist() for start in range(0, len(order), batch_size)
    ]
    return [batches[place] for place in rng.permutation(len(batches))]


def padded(ids: Sequence[Sequence[int]], pad: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """input_ids and attention_mask, (B, longest in the batch)."""
    longest = max(len(row) for row in ids)
    filled = torch.full((len(ids), longest), pad, dtype=torch.long)
    mask = torch.zeros((len(ids), longest), dtype=torch.long)
    for place, row in enumerate(ids):
        filled[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
    return filled.to(device), mask.to(device)


def in_order(n: int, batch_size: int) -> Iterator[range]:
    for start in range(0, n, batch_size):
        yield range(start, min(n, start + batch_size))
