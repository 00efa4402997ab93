"""Benchmarks: modules with a `main(arguments)` that print their own table; `python -m benchmarks` runs all.

Not shipped. Absolute figures depend on the machine; the ratios within one run are what counts.
"""
