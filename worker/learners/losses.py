"""The loss of every learner here: soft cross-entropy times sample weight."""

from torch import Tensor
from torch.nn import functional


def soft_cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """(1/B) Σ_i w_i · -Σ_k y_ik log softmax(z_i)_k, a scalar. logits, target: (B, K); weight: (B,).

    Divided by the number of rows and not by the sum of weights: weights have mean 1 over the
    dataset. Cook et al. (2024).

    >>> import torch
    >>> z = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3]], dtype=torch.float64)
    >>> y = torch.tensor([[0.833333, 0.083333, 0.083333], [0.25, 0.75, 0.0]], dtype=torch.float64)
    >>> round(float(soft_cross_entropy(z, y, torch.tensor([1.2, 0.8], dtype=torch.float64))), 5)
    0.82056
    """
    each = -(target * functional.log_softmax(logits, dim=1)).sum(dim=1)
    return (each * weight).mean()
