"""Starts LiteLLM's proxy over a custom model that answers from a script. Runs in LiteLLM's own environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONFIG = """
model_list:
  - model_name: scripted-1
    litellm_params: {model: scripted/one}
litellm_settings:
  telemetry: false
  custom_provider_map:
    - {provider: scripted, custom_handler: handler.scripted}
"""
HANDLER = """
import os
from pathlib import Path
import litellm
from tests.scripted_server.script import load

SCRIPT = load(Path(os.environ["SCRIPT"]))


class Scripted(litellm.CustomLLM):
    async def acompletion(self, *args, **kwargs):
        messages = kwargs["messages"]
        try:
            body = {"messages": messages, "temperature": kwargs["optional_params"].get("temperature")}
            _name, rule, arrival, _attempt = SCRIPT.answer(body)
            reply = rule.reply(arrival)
        except LookupError:  # a test of the connection
            reply = {"text": '{"n": 1}'}
        made = litellm.completion(model="gpt-4o-mini", messages=messages, mock_response=reply["text"])
        made.choices[0].finish_reason = reply.get("finish_reason", "stop")
        return made


scripted = Scripted()
"""

if __name__ == "__main__":
    port, script = sys.argv[1:]
    folder = Path.cwd() / f"litellm-{port}"
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "handler.py").write_text(HANDLER, encoding="utf-8")
    os.environ["SCRIPT"] = script
    os.chdir(folder)
    program = str(Path(sys.executable).parent / "litellm")
    os.execv(program, [program, "--config", "config.yaml", "--port", port, "--host", "127.0.0.1"])
