"""Runs in an environment of its own with TRL: trains two real steps on each file, or says why the trainer refused it.

    python trl_probe.py FOLDER

reads `FOLDER/jobs.json`, a list of {"name", "stage", "file"}, and prints one JSON line for each: name, rows, steps, the
loss and, where there was one, the error. Nothing is fetched: the model and its tokenizer are made on the spot.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")

import torch
from datasets import load_dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

STEPS = 2
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL = ["<pad>", "<|im_start|>", "<|im_end|>"]


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes and three special tokens: every text has tokens, and nothing is downloaded."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: at for at, token in enumerate([*SPECIAL, *alphabet])}
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.add_special_tokens(SPECIAL)
    ready = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="<|im_end|>")
    ready.chat_template = CHATML
    return ready


def model(kind: type[Any]) -> Any:
    """A Llama of two layers, 32 wide."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=259, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=4, max_position_embeddings=1024, pad_token_id=0, eos_token_id=2, bos_token_id=None,
        num_labels=1,
    )  # fmt: skip
    return kind(config)


def train(stage: str, file: str, folder: str) -> dict[str, Any]:
    """Two steps of the stage's own trainer on the file as it is; whatever it raises is its refusal."""
    data = load_dataset("json", data_files=file, split="train", cache_dir=folder)
    words = tokenizer()
    shared = {
        "output_dir": folder, "max_steps": STEPS, "per_device_train_batch_size": 2, "report_to": "none",
        "use_cpu": True, "logging_steps": 1, "save_strategy": "no", "max_length": 512,
        "disable_tqdm": True, "bf16": False,
    }  # fmt: skip
    trainers = {
        "sft": (SFTTrainer, SFTConfig, LlamaForCausalLM),
        "dpo": (DPOTrainer, DPOConfig, LlamaForCausalLM),
        "kto": (KTOTrainer, KTOConfig, LlamaForCausalLM),
        "reward": (RewardTrainer, RewardConfig, LlamaForSequenceClassification),
    }
    trainer, config, kind = trainers[stage]
    # The trainers would look a reference model up by name; ours has none, so it is handed over.
    more = {"ref_model": model(kind)} if stage in ("dpo", "kto") else {}
    at_work = trainer(model=model(kind), args=config(**shared), train_dataset=data, processing_class=words, **more)
    result = at_work.train()
    if not math.isfinite(result.training_loss):
        raise ValueError("the loss is not finite")
    return {"rows": len(data), "steps": result.global_step, "loss": round(result.training_loss, 4)}


def main(folder: Path) -> None:
    """One line for each job."""
    for job in json.loads((folder / "jobs.json").read_text("utf-8")):
        told: dict[str, Any] = {"name": job["name"]}
        with tempfile.TemporaryDirectory() as scratch:
            try:
                told |= train(job["stage"], str(folder / job["file"]), scratch)
            except Exception as error:  # a refusal may be of any class
                told["error"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        print("PROBE " + json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
