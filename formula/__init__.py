"""The formula language: text to a typed expression, and from there to Python and to SQL.

Knows nothing of objects, tables or HTTP. Also the home of `Source`, `Span` and `Issue`, because YAML
embeds formulas and not the reverse.
"""
