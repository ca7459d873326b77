from odoo.fields import Datetime
from odoo.tools import SQL

from .common import CsCase


class FactsCase(CsCase):
    """Short words for facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = cls.env["cs.metric.value"]
        cls.readings = cls.env["cs.metric.reading"]
        cls.account = cls.make_account("Padaria Sol")

    @classmethod
    def reading(cls, metric="nps", value=9, account=None, **more):
        """Return a reading of ``cls.account``, or of another reference."""
        account = cls.account.id if account is None else account
        return {"account": account, "metric": metric, "value": value, **more}

    @classmethod
    def record_all(cls, *readings, source=None):
        return cls.values.record(list(readings), source)

    @classmethod
    def make_source(cls, name="Planilha", **values):
        return cls.env["cs.metric.source"].create(
            {"name": name, "kind": "sheet", **values}
        )

    @classmethod
    def present(cls, metric="nps", account=None):
        """Return the present fact, an empty recordset if there is none."""
        return cls.values.search(
            [
                ("account_id", "=", (account or cls.account).id),
                ("metric_id.key", "=", metric),
            ]
        )

    @classmethod
    def history(cls, metric="nps", account=None):
        """Return ``[(at, value)]`` in order of time."""
        readings = cls.readings.search(
            [
                ("account_id", "=", (account or cls.account).id),
                ("metric_id.key", "=", metric),
            ],
            order="at",
        )
        return [
            (Datetime.to_string(one.at), one.value if one.is_known else None)
            for one in readings
        ]

    def judged(self, as_of=None, metric="nps", account=None):
        """Return the value that verdicts read, None if it is unknown."""
        rows = self.rows(as_of)
        account = account or self.account
        return rows.get(
            (account.id, self.env.ref(f"customer_success.cs_metric_{metric}").id)
        )

    def rows(self, as_of=None):
        """Return all that verdicts read: ``{(account id, metric id): value}``."""
        return {
            (account_id, metric_id): value
            for account_id, metric_id, value, _at in self.env.execute_query(
                SQL(
                    "SELECT v.account_id, v.metric_id, v.value, v.at FROM (%s) v",
                    self.values._sql_values(as_of),
                )
            )
        }

    def check_refused(self, answer, *reasons):
        """Every error of an answer, in order, contains its word."""
        self.assertEqual(len(answer["errors"]), len(reasons), answer)
        for error, reason in zip(answer["errors"], reasons, strict=True):
            self.assertIn(reason, error["reason"])
