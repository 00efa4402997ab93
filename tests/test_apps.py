"""The packages that come along speak every language of the product."""

import pytest

from runtime.bootstrap import compose
from runtime.packages import APPS, texts_of
from runtime.web.texts import read_texts


@pytest.mark.parametrize(
    "name", sorted(path.name for path in APPS.iterdir() if (path / "package.yaml").exists())
)
def test_a_package_that_comes_along_is_wholly_translated(name: str) -> None:
    package, texts = texts_of(compose(), APPS / name)
    assert set(package.languages) >= read_texts().keys()
    gaps = [
        f"{gap.language} {gap.kind}: {gap.path}" for code in package.languages[1:] for gap in texts.gaps(code)
    ]
    assert gaps == [], "see `strata translations`"
