"""The step types of flows, one per file. A new one is a new file with a `STEP`, and its case in the tests."""
