"""Our exports in the hands of the real trainers: `make verify-exports`."""
