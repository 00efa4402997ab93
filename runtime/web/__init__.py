"""The generated web interface: pages made from the Catalog, data only through the Session.

`component` is what a page consists of; modules named by a noun build components from plain values; `pages`
holds the handlers, which ask the Session and hand the answers to components. No module here knows SQL.
"""
