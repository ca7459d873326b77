from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.customer_success.sources import registry
from odoo.addons.customer_success.sources.fetched import FetchedSource, Page

from .facts_common import FactsCase


class GivenRows(FetchedSource):
    """A kind whose pages are given by the test."""

    given = ()

    def pages(self, position=None):
        for number, rows in enumerate(self.given[position or 0 :], position or 0):
            if isinstance(rows, Exception):
                raise rows
            is_last = number == len(self.given) - 1
            yield Page(rows, None if is_last else number + 1)


class FetchedCase(FactsCase):
    """A source that fetches rows with a customer, users and a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.ref = "SOL"

    @classmethod
    def make_fetched(cls, lines=None, user=None, **values):
        """Make a source as a person would; its kind is that of given rows."""
        lines = lines or {"users": "active_users"}
        values = {"customer_column": "who", "kind": "sheet", **values}
        values["line_ids"] = [
            (
                0,
                0,
                {
                    "column": column,
                    "metric_id": cls.env.ref(f"customer_success.cs_metric_{key}").id,
                },
            )
            for column, key in lines.items()
        ]
        sources = cls.env["cs.metric.source"].with_user(user or cls.specialist)
        return sources.create({"name": "Hub", **values})

    def fetch_due(self, source):
        """Run the scheduled action that fetches, in a transaction of its own."""
        self.env.flush_all()
        self.env.ref("customer_success.ir_cron_fetch_facts").method_direct_trigger()
        source.invalidate_recordset()

    @contextmanager
    def giving(self, *pages):
        """Let every source give these pages; an exception breaks there."""

        def kind_of(source):
            kind = GivenRows(source)
            kind.given = pages
            return kind

        fetched = patch.object(
            type(self.env["cs.metric.source"]), "_fetched_kinds", lambda _s: ["sheet"]
        )
        with (
            patch.object(registry, "kind_of", kind_of),
            fetched,
            self.enter_registry_test_mode(),
        ):
            yield
