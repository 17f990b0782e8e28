"""Starts MockLLM with its answers taken from a script. Runs in MockLLM's own environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    port, script = sys.argv[1:]
    answers = Path.cwd() / f"mockllm-{port}.yml"
    answers.write_text("responses: {}\ndefaults:\n  unknown_response: 'none'\n", encoding="utf-8")
    os.environ["MOCKLLM_RESPONSES_FILE"] = str(answers)

    import mockllm.config
    import mockllm.providers.openai
    import mockllm.server
    import uvicorn

    from tests.scripted_server.script import load

    told = load(Path(script))

    def everything(messages: list[Any]) -> str:
        """All that was said, as our scripts want to see it; MockLLM looks at the last turn."""
        return "\n".join(each.content if hasattr(each, "content") else each["content"] for each in messages)

    def answer(self: Any, prompt: str) -> str:
        """What the script says to the prompt."""
        try:
            _name, rule, arrival, _attempt = told.answer({"messages": [{"content": prompt}]})
        except LookupError:  # a test of the connection
            return '{"n": 1}'
        return str(rule.reply(arrival)["text"])

    async def answer_later(self: Any, prompt: str) -> str:
        """The same."""
        return answer(self, prompt)

    mockllm.providers.openai.extract_prompt_from_messages = everything
    mockllm.config.ResponseConfig.get_response = answer
    mockllm.config.ResponseConfig.get_response_with_lag = answer_later
    uvicorn.run(mockllm.server.app, host="127.0.0.1", port=int(port), log_level="warning")
