"""The handlers of the interface's pages: each asks the Session once or a few times and builds components.

Nothing here knows SQL or decides a right; what a reader may not do is not offered, and refused by the Session
if asked for all the same.
"""
