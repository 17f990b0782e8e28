"""Runs in an environment of its own with LLaMA-Factory: its own loader and preprocessing over one of our bundles.

    python llama_factory_probe.py FOLDER

reads `FOLDER/jobs.json`, a list of {"name", "stage", "folder", "dataset"}, where `folder` holds data and
`dataset_info.json`, and prints one JSON line for each: rows loaded, rows that reached the trainer, the first row as the
trainer will see it, and the error where there was one.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", DISABLE_VERSION_CHECK="1")
# Only sounds are decoded with torchaudio, which has no build for a machine without CUDA; nothing here decodes any.
silent = types.ModuleType("torchaudio")
silent.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = silent

from llamafactory.data import get_template_and_fix_tokenizer  # noqa: E402
from llamafactory.data.loader import _get_merged_dataset, _get_preprocessed_dataset  # noqa: E402
from llamafactory.hparams import DataArguments, ModelArguments  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import PreTrainedTokenizerFast, Seq2SeqTrainingArguments  # noqa: E402

SPECIAL = ["<pad>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes and the marks of ChatML: nothing is downloaded."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate([*SPECIAL, *alphabet])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.add_special_tokens(SPECIAL)
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="<|endoftext|>")


def load(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What the loader makes of the bundle, and what is left of it for the trainer."""
    here = str(folder / job["folder"])
    data_args = DataArguments(
        dataset=job["dataset"], dataset_dir=here, media_dir=here, template="qwen", cutoff_len=4096,
        overwrite_cache=True, preprocessing_num_workers=1,
    )  # fmt: skip
    training = Seq2SeqTrainingArguments(output_dir=str(folder / "out"), do_train=True, use_cpu=True, report_to="none")
    words = tokenizer()
    template = get_template_and_fix_tokenizer(words, data_args)
    model_args = ModelArguments(model_name_or_path="none", cache_dir=str(folder / "cache"))
    stage = job["stage"]
    merged = _get_merged_dataset([job["dataset"]], model_args, data_args, training, stage)
    told: dict[str, Any] = {"loaded": len(merged), "first": {name: merged[0][name] for name in sorted(merged[0])}}
    if job.get("media"):
        found = [os.path.isfile(path) for path in merged[0]["_images"]]
        if not found or not all(found):
            raise FileNotFoundError("a picture of the first row is not where the entry says")
        return told
    ready = _get_preprocessed_dataset(merged, data_args, training, stage, template, words, None)
    return told | {"trained_on": len(ready)}


def main(folder: Path) -> None:
    """One line for each job."""
    for job in json.loads((folder / "jobs.json").read_text("utf-8")):
        told: dict[str, Any] = {"name": job["name"]}
        try:
            told |= load(job, folder)
        except Exception as error:  # a refusal may be of any class
            told["error"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        print("PROBE " + json.dumps(told, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
