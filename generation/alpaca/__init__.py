"""Any rows of instructions, questions, conversations or labels as clean Alpaca rows, with a report of every change.

`conversions` says what a record means, `cleaners` change texts, `doubts` only point, `statistics` count, `construct`
puts them together. Pure: records in, records and what was done to them out.
"""
