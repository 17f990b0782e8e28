"""An OpenAI-compatible server that answers from a script and writes every request down: the bank statement.

`python -m tests.scripted_server --script FILE --log FILE --port N`; port 0 takes a free one and prints it.
"""
