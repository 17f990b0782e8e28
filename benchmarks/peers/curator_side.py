"""curator's side: one LLM over so many rows. Arguments: port, calls, in flight.

Its tokeniser is fetched from the network when it starts; here a quarter of the characters stands for it, which costs
curator less than its own would.
"""

import sys

import tiktoken
from bespokelabs import curator

TEXT = "Explain in two sentences why the tide comes twice a day, case {number}. " * 4


class Quarter:
    """Counts four characters as a token."""

    def encode(self, text, **_):
        """As many numbers as tokens."""
        return range(len(text) // 4)


class Ask(curator.LLM):
    """One question a row."""

    def prompt(self, input):
        """The question."""
        return input["text"]

    def parse(self, input, response):
        """The answer beside it."""
        return {"text": input["text"], "answer": response}


def main(port: int, calls: int, in_flight: int) -> None:
    """The rows go through; what comes of them is in the server's log."""
    tiktoken.get_encoding = lambda _name: Quarter()
    limits = {
        "base_url": f"http://127.0.0.1:{port}/v1", "max_concurrent_requests": in_flight,
        "max_requests_per_minute": 10_000_000, "max_tokens_per_minute": 1_000_000_000_000,
    }  # fmt: skip
    llm = Ask(
        model_name="openai/m", backend="openai", backend_params=limits | {"api_key": "sk-benchmark"},
        generation_params={"max_tokens": 100},
    )  # fmt: skip
    llm([{"text": TEXT.format(number=number)} for number in range(calls)])


if __name__ == "__main__":
    main(*[int(number) for number in sys.argv[1:]])
