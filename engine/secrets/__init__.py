"""Fields whose values are encrypted at rest: keys, sealing in the save, revealing, and giving up old keys.

A value is sealed before it is written and stays so everywhere – in its table, the journal, a backup. What
records, lists, exports and formulas see in its place are dots; the value itself is told one at a time.
"""
