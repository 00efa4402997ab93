"""YAML packages in layers, compiled into one checked, immutable `Catalog`.

Also the difference of two Catalogs and where each value came from. Knows no SQL, no HTTP and no flow
behaviour: field and step kinds are Protocols that the composition root fills.
"""
