"""`python -m benchmarks [NAME…]`: run the benchmarks named, or all of them, one after the other."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("api", "start", "pages", "formula", "filters", "access", "search", "metadata")


def main(names: list[str]) -> int:
    """Run benchmarks by name with their default options; 2 for a name that is none."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}. Benchmarks: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in names or NAMES:
        import_module(f"benchmarks.{name}").main([])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
