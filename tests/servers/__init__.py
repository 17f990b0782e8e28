"""Our recipes on OpenAI-compatible servers of other people: `make verify-providers`."""
