"""Stored values that follow from others – roll-ups, stored formulas – and what must always hold of them.

Which depends on which is the graph's; the save follows it level by level; repair proves that none is wrong.
"""
