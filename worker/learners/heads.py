"""What turns an encoder's token vectors into logits."""

from torch import Tensor, nn
from transformers import PreTrainedModel


class MeanPoolClassifier(nn.Module):
    """The mean over a text's tokens, dropout, one linear layer: what sentence encoders such as
    MiniLM are trained to be read by.
    """

    def __init__(self, encoder: PreTrainedModel, n_labels: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(int(encoder.config.hidden_size), n_labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(B, K) logits from (B, n_tokens) ids and mask."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
        logits: Tensor = self.head(self.dropout(pooled))
        return logits
