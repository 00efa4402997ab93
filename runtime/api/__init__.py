"""The REST API: `/api/v1/{object}` and what belongs to it, as routes for `runtime/server.py`."""
