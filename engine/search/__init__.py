"""Search: the tokens of each record's searchable fields, kept with every save, and the questions put to them.

A document belongs to a record. Each of its tokens begins with the slot of the field it comes from, and who
asks names the slots she may read: what stands in a hidden field is never even compared.
"""
