"""The engines that people use today, each in an environment of its own, for `python -m benchmarks.calls --peers`."""
