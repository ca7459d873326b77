from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .facts_common import FactsCase

NOON = "2026-01-05 12:00:00"


@tagged("post_install", "-at_install")
class TestReferences(FactsCase):
    """Without foreign keys, facts refer to nothing that is not there."""

    def facts_of(self, account_id):
        """Return how many readings and values an account has, deleted or not."""
        return tuple(
            self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s WHERE account_id = %s",
                    SQL.identifier(table),
                    account_id,
                )
            )[0][0]
            for table in ("cs_metric_reading", "cs_metric_value")
        )

    def test_a_deleted_customer_takes_its_facts_along(self):
        stays = self.make_account("Fica")
        self.record_all(
            self.reading("nps", 9, at=NOON),
            self.reading("nps", 8, at="2026-01-06"),
            self.reading("nps", 7, stays.id, at=NOON),
        )
        account_id = self.account.id
        self.assertEqual(self.facts_of(account_id), (2, 1))
        self.account.with_user(self.admin).unlink()
        self.assertEqual(self.facts_of(account_id), (0, 0))
        self.assertEqual(self.facts_of(stays.id), (1, 1))

    def test_a_metric_that_is_known_of_somebody_stays(self):
        metrics = self.env["cs.metric"]
        known, unknown = metrics.create(
            [{"key": key, "name": key.title()} for key in ("logins", "clicks")]
        )
        self.record_all(self.reading("logins", 3))
        with self.assertRaisesRegex(UserError, "Logins.*archive it"):
            (known + unknown).with_user(self.specialist).unlink()
        unknown.with_user(self.specialist).unlink()
        self.assertEqual(self.present("logins").value, 3)

    def test_what_a_deleted_source_brought_is_nobodys(self):
        gone, stays = self.make_source("Vai"), self.make_source("Fica")
        self.record_all(self.reading(at=NOON), source=gone)
        self.record_all(self.reading("csat", 4, at=NOON), source=stays)
        gone.with_user(self.specialist).unlink()
        readings = self.readings.search([("account_id", "=", self.account.id)])
        self.assertEqual(readings.source_id, stays)
        self.assertFalse(self.present().source_id)
        self.assertEqual(self.present("csat").source_id, stays)
        self.assertFalse(self.record_all(self.reading(value=3))["errors"])

    def test_readings_of_customers_that_are_no_more_are_refused(self):
        account_id = self.account.id
        self.account.unlink()
        self.check_refused(
            self.record_all(self.reading(account=account_id)), "Unknown customer"
        )
        self.assertEqual(self.facts_of(account_id), (0, 0))
