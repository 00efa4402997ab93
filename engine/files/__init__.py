"""Files: their bytes in a store, what is known of each in a table, and who may have them.

A file's bytes are a blob named after its digest; a file is a blob with a name, and never changes. Fields hold
files as values (`engine/fields/file.py`), so that access to bytes is access to a record and its field.
"""
