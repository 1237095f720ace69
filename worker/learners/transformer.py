"""Fine-tuning a small encoder on soft labels, on a GPU with mixed precision where there is one
and on the CPU otherwise.
"""

import hashlib
import json
import math
import resource
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from worker.contract import CHECKPOINTS, CONFIG, MODEL, PACKAGED, TRANSFORMER, USUAL_LONGEST, Cost
from worker.learners import checkpoints
from worker.learners.batches import epoch_order, in_order, padded, token_ids
from worker.learners.encoders import (
    empty_encoder,
    encoder_folder,
    load_encoder,
    load_tokenizer,
)
from worker.learners.heads import MeanPoolClassifier
from worker.learners.losses import soft_cross_entropy
from worker.learners.protocol import (
    Diverged,
    Fitted,
    Floats,
    Split,
    Task,
    Tell,
    check_parent,
)
from worker.patience import patiently


@dataclass(frozen=True)
class TransformerSettings:
    """warmup: share of all steps; longest: tokens of a text."""

    encoder: str = PACKAGED
    epochs: int = 5
    batch_size: int = 16
    learning_rate: float = 1e-4
    head_learning_rate: float = 2e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    dropout: float = 0.1
    longest: int = USUAL_LONGEST
    checkpoint_steps: int = 50


TELL_EVERY = 5  # steps


class TransformerPredictor:
    def __init__(
        self,
        model: MeanPoolClassifier,
        tokenizer: PreTrainedTokenizerBase,
        longest: int,
        device: torch.device,
    ) -> None:
        self._model, self._tokenizer, self._longest, self._device = (
            model.eval(),
            tokenizer,
            longest,
            device,
        )

    @torch.no_grad()
    def logits(self, texts: Sequence[str]) -> Floats:
        ids = token_ids(self._tokenizer, texts, self._longest)
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        result = np.zeros((len(ids), self._model.head.out_features))
        for batch in in_order(len(ids), 32):
            places = [order[place] for place in batch]
            inputs = padded([ids[place] for place in places], _pad(self._tokenizer), self._device)
            result[places] = self._model(*inputs).float().cpu().numpy()
        return result


class Transformer:
    spec = TRANSFORMER

    def fit(self, task: Task, folder: Path, tell: Tell) -> Fitted:
        settings = TransformerSettings(**task.settings)  # type: ignore[arg-type]
        training = Training(task, settings, folder, tell)
        training.run()
        return Fitted(training.cost(), self.load(folder / MODEL).logits(task.validation.texts))

    def load(self, folder: Path) -> TransformerPredictor:
        config = json.loads((folder / "learner.json").read_text(encoding="utf-8"))
        model = MeanPoolClassifier(empty_encoder(folder), config["n_labels"], 0.0)
        model.load_state_dict(load_file(folder / "model.safetensors"))
        device = best_device()
        return TransformerPredictor(
            model.to(device), load_tokenizer(folder), config["longest"], device
        )


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _pad(tokenizer: PreTrainedTokenizerBase) -> int:
    return int(tokenizer.pad_token_id or 0)


class Training:
    """One fine-tuning: its model, optimizer and place in the data. Everything that a checkpoint
    must hold is here.
    """

    def __init__(self, task: Task, settings: TransformerSettings, folder: Path, tell: Tell) -> None:
        torch.manual_seed(task.seed)
        self.task, self.settings, self.folder, self.tell = task, settings, folder, tell
        self.device = best_device()
        self.source = encoder_folder(settings.encoder)
        self.tokenizer = load_tokenizer(self.source)
        encoder = load_encoder(self.source)
        self.model = MeanPoolClassifier(encoder, len(task.labels), settings.dropout).to(self.device)
        self.ids = token_ids(self.tokenizer, task.train.texts, settings.longest)
        self.steps_an_epoch = math.ceil(len(self.ids) / settings.batch_size)
        self.n_steps = self.steps_an_epoch * settings.epochs
        self.step, self.best_loss = 0, math.inf
        groups = [
            {"params": list(self.model.encoder.parameters()), "lr": settings.learning_rate},
            {"params": list(self.model.head.parameters()), "lr": settings.head_learning_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)

    def _rate(self, step: int) -> float:
        """Linear warm-up, then linear decay to 0."""
        warm = max(1, round(self.settings.warmup * self.n_steps))
        rate = (
            (step + 1) / warm
            if step < warm
            else (self.n_steps - step) / max(1, self.n_steps - warm)
        )
        return float(max(0.0, rate))

    def run(self) -> None:
        self._resume()
        while self.step < self.n_steps:
            epoch, place = divmod(self.step, self.steps_an_epoch)
            lengths = [len(ids) for ids in self.ids]
            for batch in epoch_order(lengths, self.settings.batch_size, self.task.seed, epoch)[
                place:
            ]:
                self._one_step(batch)
            self._end_of_epoch(epoch)
        patiently(self._write_model, check_parent)

    def _one_step(self, batch: list[int]) -> None:
        self.model.train()
        inputs = padded([self.ids[place] for place in batch], _pad(self.tokenizer), self.device)
        with torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"
        ):
            logits = self.model(*inputs)
        loss = soft_cross_entropy(logits.float(), *self._targets(self.task.train, batch))
        value = float(loss.detach())
        if not math.isfinite(value):
            raise Diverged
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        if self.step <= TELL_EVERY or self.step % TELL_EVERY == 0 or self.step == self.n_steps:
            self.tell(step=self.step, n_steps=self.n_steps, loss=value)
        if self.step % self.settings.checkpoint_steps == 0 and self.step % self.steps_an_epoch:
            self._checkpoint()

    def _targets(self, split: Split, batch: Sequence[int]) -> tuple[Tensor, Tensor]:
        target = torch.tensor(split.target[list(batch)], dtype=torch.float32, device=self.device)
        return target, torch.tensor(
            split.weight[list(batch)], dtype=torch.float32, device=self.device
        )

    def _end_of_epoch(self, epoch: int) -> None:
        """Look at the validation split and keep the weights when they are the best so far."""
        loss = self._validation_loss()
        if not math.isfinite(loss):
            raise Diverged
        if loss < self.best_loss:
            self.best_loss = loss
            patiently(self._keep_best, check_parent)
        self.tell(step=self.step, n_steps=self.n_steps, validation_loss=loss, epoch=epoch + 1)
        self._checkpoint()

    def _keep_best(self) -> None:
        save_file(_whole(self.model), self.folder / "best.part")
        (self.folder / "best.part").rename(self.folder / "best.safetensors")

    def _validation_loss(self) -> float:
        predictor = TransformerPredictor(
            self.model, self.tokenizer, self.settings.longest, self.device
        )
        logits = torch.tensor(predictor.logits(self.task.validation.texts))
        target = torch.tensor(self.task.validation.target)
        return float(
            soft_cross_entropy(logits, target, torch.ones(len(target), dtype=torch.float64))
        )

    @property
    def config_digest(self) -> str:
        config = (self.folder / CONFIG).read_bytes()
        return hashlib.sha256(config).hexdigest()

    def _checkpoint(self) -> None:
        def fill(folder: Path) -> None:
            save_file(_whole(self.model), folder / "model.safetensors")
            save_file(_optimizer_tensors(self.optimizer), folder / "optimizer.safetensors")
            save_file({"cpu": torch.get_rng_state()}, folder / "rng.safetensors")
            if (self.folder / "best.safetensors").exists():
                shutil.copyfile(self.folder / "best.safetensors", folder / "best.safetensors")

        about = {
            "config_digest": self.config_digest,
            "best_loss": self.best_loss if math.isfinite(self.best_loss) else None,
        }
        home = self.folder / CHECKPOINTS
        patiently(lambda: checkpoints.save(home, self.step, fill, about), check_parent)

    def _resume(self) -> None:
        checkpoint = checkpoints.newest(self.folder / CHECKPOINTS, self.config_digest)
        if checkpoint is None:
            return
        path, manifest = checkpoint
        self.model.load_state_dict(load_file(path / "model.safetensors"))
        _load_optimizer(self.optimizer, load_file(path / "optimizer.safetensors"))
        torch.set_rng_state(load_file(path / "rng.safetensors")["cpu"])
        if (path / "best.safetensors").exists():
            shutil.copyfile(path / "best.safetensors", self.folder / "best.safetensors")
        self.best_loss = math.inf if manifest["best_loss"] is None else manifest["best_loss"]
        self.step = manifest["step"]
        self.schedule.last_epoch = self.step
        for group, base in zip(self.optimizer.param_groups, self.schedule.base_lrs, strict=True):
            group["lr"] = base * self._rate(self.step)
        self.tell(step=self.step, n_steps=self.n_steps, resumed=True)

    def _write_model(self) -> None:
        model = self.folder / MODEL
        model.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / "best.safetensors", model / "model.safetensors")
        self.tokenizer.save_pretrained(model)
        self.model.encoder.config.save_pretrained(model)
        config = {"n_labels": len(self.task.labels), "longest": self.settings.longest}
        (model / "learner.json").write_text(json.dumps(config), encoding="utf-8")

    def cost(self) -> Cost:
        sizes = [
            (parameter.numel(), parameter.requires_grad) for parameter in self.model.parameters()
        ]
        on_gpu = self.device.type == "cuda"
        peak = (
            torch.cuda.max_memory_allocated()
            if on_gpu
            else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        )
        name = torch.cuda.get_device_name() if on_gpu else "cpu"
        return Cost(
            sum(n for n, trained in sizes if trained), sum(n for n, _ in sizes), name, int(peak)
        )


def _whole(model: torch.nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The state of AdamW as named tensors, so that no pickle is needed to read it back."""
    state = optimizer.state_dict()["state"]
    return {
        f"{place}.{name}": tensor.detach().cpu().contiguous()
        for place, tensors in state.items()
        for name, tensor in tensors.items()
    }


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    whole = optimizer.state_dict()
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        place, _, name = key.partition(".")
        state.setdefault(int(place), {})[name] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": whole["param_groups"]})
