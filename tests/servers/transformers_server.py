"""Starts `transformers serve` over a tiny model made here, which has learnt our script by heart. Runs in its own
environment.

The server, its chat template, its tokens and how it counts them and cuts answers off are theirs; of the model only what
`generate` brings is ours. A prompt that no rule of the script knows gets a plain answer.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

NAME = "scripted-1"
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROLES = ("system", "user", "assistant")
_TURN = re.compile(r"<\|(system|user|assistant)\|>(.*?)<\|end\|>", re.DOTALL)
WORDS = 6000


def make_model(folder: Path, text: str) -> None:
    """A Llama of random weights, a few thousand of them, with a tokenizer that knows the words of `text`."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    signs = ["<|end|>", *(f"<|{role}|>" for role in ROLES)]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=WORDS, special_tokens=signs, initial_alphabet=alphabet)
    tokenizer.train_from_iterator([text] * 2, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>", clean_up_tokenization_spaces=False
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    end = fast.eos_token_id
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=65_536, bos_token_id=end, eos_token_id=end, pad_token_id=end,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)


def learn(script: Path) -> None:
    """Has every Llama say what the script says."""
    import torch
    from transformers import LlamaForCausalLM

    from tests.scripted_server.script import load

    told = load(script)

    def generate(model: Any, *, input_ids: Any, generation_config: Any, tokenizer: Any, **_: Any) -> Any:
        """The prompt's tokens and those of the answer; filled up to the limit where the script cuts an answer off."""
        said = tokenizer.decode(input_ids[0], skip_special_tokens=False)
        turns = [{"role": role, "content": content} for role, content in _TURN.findall(said)]
        try:
            body = {"messages": turns, "temperature": generation_config.temperature}
            _name, rule, arrival, _attempt = told.answer(body)
            reply = rule.reply(arrival)
        except LookupError:  # a test of the connection
            reply = {"text": '{"n": 1}'}
        answer, most = tokenizer.encode(reply["text"], add_special_tokens=False), generation_config.max_new_tokens
        if reply.get("finish_reason") == "length":
            answer += [tokenizer.eos_token_id] * (most - len(answer))
        return torch.cat([input_ids, torch.tensor([answer[:most]], dtype=input_ids.dtype)], dim=-1)

    LlamaForCausalLM.generate = generate


if __name__ == "__main__":
    port, script = sys.argv[1:]
    folder = Path.cwd() / f"transformers-{port}"
    os.environ.update(HF_HOME=str(folder), HF_HUB_OFFLINE="1")
    (folder / "hub").mkdir(parents=True)
    os.chdir(folder)
    make_model(folder / NAME, Path(script).read_text(encoding="utf-8"))
    learn(Path(script))

    from transformers.cli.transformers import main

    sys.argv = ["transformers", "serve", NAME, "--host", "127.0.0.1", "--port", port, "--device", "cpu"]
    main()
