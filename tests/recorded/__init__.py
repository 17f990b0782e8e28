"""Real answers of three models to the same prompts, served under the models' names: `python -m tests.recorded`."""
