"""Access explained: why somebody may or may not, what would turn it, who else may, what a change would alter.

Every answer comes from the Decisions that enforcement makes; nothing here decides.
"""
