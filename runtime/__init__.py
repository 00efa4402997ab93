"""The running product: tenants, publishing, sign-in, REST API, generated web UI, workers, command line.

The only room that may import every other one; `runtime/bootstrap.py` joins them.
"""
