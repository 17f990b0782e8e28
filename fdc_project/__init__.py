"""The project: settings, addresses and the leaf helpers of both apps."""

import gc
import os

# What is loaded at the start makes hundreds of thousands of objects that stay: looking through them as often as Python
# would by itself takes a sixth of every start.
gc.set_threshold(5_000, 10, 10)

# The matrices of a report are small: threads of the library of linear algebra would wait for each other in loops, and
# take many times the work where workers share their cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
