from odoo.tests import tagged

from .common import CsCase


@tagged("post_install", "-at_install")
class TestRecord(CsCase):
    """The one door through which facts come in."""

    def test_the_same_call_twice_changes_nothing(self):
        account = self.make_account()
        call = [
            {"account": account.id, "metric": "nps", "value": 9, "at": "2026-01-05"},
            {"account": account.id, "metric": "csat", "value": 4.5, "at": "2026-01-05"},
        ]
        self.assertEqual(
            self.values.record(call), {"recorded": 2, "unchanged": 0, "errors": []}
        )
        self.assertEqual(
            self.values.record(call), {"recorded": 0, "unchanged": 2, "errors": []}
        )
