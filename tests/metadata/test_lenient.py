"""Material from elsewhere can be read though its references lead nowhere; they are told as warnings."""

import pytest

from formula.issue import Rejected
from metadata.compile import compile as compile_packages
from tests.metadata.fake_kinds import KINDS
from tests.metadata.samples import above, base, formulas, locked

FOREIGN = above(
    {
        "package.yaml": "package: mod\nversion: 1.0.0\nrequires: {base: '>=1', elsewhere: '>=1'}\n",
        "objects/order.yaml": """\
object: order
label: Order
title: name
fields:
  name:  {type: text, label: Name}
  quote: {type: lookup, label: Quote, to: quote}
  twice: {type: formula, label: Twice, returns: number, formula: total * 2}
rules:
  paid: {when: quote.paid, message: Paid already., at: quote}
""",
        "layouts/order.yaml": "layout: order\nsections: {main: {label: Order, fields: [name, colour]}}\n",
        "views/all.yaml": "view: all\nobject: order\nlabel: All\ncolumns: [name, colour]\n",
        "objects/invoice.yaml": "extend: object invoice\nlabel: Bill\n",
        "apps/sales.yaml": "app: trade\nlabel: Trade\nobjects: [order, invoice]\n",
    }
)


def test_what_leads_nowhere_is_left_out_and_told() -> None:
    catalog = compile_packages(locked([base(), FOREIGN]), KINDS, formulas(), lenient=True)
    assert {issue.severity for issue in catalog.warnings} == {"warning"}
    assert {"M401", "M405", "M501", "M502", "F101"} == {issue.code.id for issue in catalog.warnings}
    order = catalog.object("order")
    assert [field.name for section in order.layout.sections for field in section.fields] == ["name"]
    assert [path.name for path in order.views["all"].columns] == ["name"]
    assert catalog.apps["trade"].objects == (order,)
    assert order.fields["twice"].formula is None


def test_it_is_refused_otherwise() -> None:
    with pytest.raises(Rejected):
        compile_packages(locked([base(), FOREIGN]), KINDS, formulas())


def test_faults_of_another_kind_are_refused_all_the_same() -> None:
    faulty = above({"objects/a.yaml": "object: a\nlabel: A\nfields: {one: {type: txt, label: One}}\n"})
    with pytest.raises(Rejected):
        compile_packages(locked([base(), faulty]), KINDS, formulas(), lenient=True)
