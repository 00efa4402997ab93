"""What happens next: flows, approvals, timers, assignment and durable runs.

Reads events and comes back through the engine's `Session`, with its own Actor; never touches SQL of
business tables.
"""
