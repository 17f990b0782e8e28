"""The project: settings, addresses and the leaf helpers of both apps."""

import gc

# What is loaded at the start makes hundreds of thousands of objects that stay: looking through them as often as Python
# would by itself takes a sixth of every start.
gc.set_threshold(5_000, 10, 10)
