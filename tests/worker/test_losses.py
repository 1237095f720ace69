"""Section 3.5: the loss, by its worked numbers."""

import doctest

import pytest
import torch

from worker.learners import losses
from worker.learners.losses import soft_cross_entropy


def test_the_loss_has_the_worked_value() -> None:
    z = torch.tensor([[2, 0.5, -1], [0.1, 0.2, 0.3]], dtype=torch.float64)
    y = torch.tensor([[0.833333, 0.083333, 0.083333], [0.25, 0.75, 0]], dtype=torch.float64)

    alone = [
        float(soft_cross_entropy(z[i : i + 1], y[i : i + 1], torch.ones(1, dtype=torch.float64)))
        for i in range(2)
    ]
    weighted = float(soft_cross_entropy(z, y, torch.tensor([1.2, 0.8], dtype=torch.float64)))

    assert alone == pytest.approx([0.616310, 1.126943], abs=2e-6)
    assert weighted == pytest.approx(0.820563, abs=2e-6)


def test_it_is_not_the_loss_that_float_labels_silently_get_elsewhere() -> None:
    """Binary cross-entropy on each logit, which some trainers choose for float targets, has
    another minimum.
    """
    target = torch.tensor([[0.8, 0.1, 0.1]])
    logits = torch.zeros(1, 3, requires_grad=True)
    optimizer = torch.optim.SGD([logits], lr=1.0)
    for _ in range(500):
        optimizer.zero_grad()
        torch.autograd.backward(soft_cross_entropy(logits, target, torch.ones(1)))
        optimizer.step()

    assert torch.softmax(logits, dim=1).tolist()[0] == pytest.approx([0.8, 0.1, 0.1], abs=1e-3)


def test_the_example_in_its_documentation_is_true() -> None:
    assert doctest.testmod(losses).failed == 0
