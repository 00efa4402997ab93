"""How a batch of changes becomes rows, journal entries and an answer: a tuple of passes (`pipeline.py`).

One pass is one file. Every pass works on the whole batch, so the number of statements does not depend on
its size.
"""
