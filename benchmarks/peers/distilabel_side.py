"""distilabel's side: one TextGeneration step over so many rows. Arguments: port, calls, in flight."""

import sys

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import TextGeneration

TEXT = "Explain in two sentences why the tide comes twice a day, case {number}. " * 4


def main(port: int, calls: int, in_flight: int) -> None:
    """The rows go through; what comes of them is in the server's log."""
    rows = [{"instruction": TEXT.format(number=number)} for number in range(calls)]
    llm = OpenAILLM(
        model="m", base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-benchmark",
        generation_kwargs={"max_new_tokens": 100},
    )  # fmt: skip
    with Pipeline("benchmark") as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=in_flight)
        load >> TextGeneration(llm=llm, input_batch_size=in_flight)
    pipeline.run(use_cache=False)


if __name__ == "__main__":
    main(*[int(number) for number in sys.argv[1:]])
