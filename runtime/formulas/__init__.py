"""Formulas outside of a tenant's records: lines of JSON, the model and rows that such a line brings along.

Used by `strata formula`; nothing here knows of tenants, sessions or HTTP.
"""
