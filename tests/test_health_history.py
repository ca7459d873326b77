from odoo.tests import HttpCase, tagged

from .health_common import HealthCase
from .test_health_rebuild import RebuildCase

WEST_OF_GREENWICH = """
    luxon.Settings.defaultZone = "America/Sao_Paulo";
    const { dayStart, monthOf } = odoo.loader.modules.get(
        "@customer_success/health_explanation/days"
    );
    const said = monthOf(dayStart("2026-03-01"));
    if (said === luxon.DateTime.fromISO("2026-03-15").toFormat("LLL yy")) {
        console.log("test successful");
    } else {
        console.error(`March 1 is drawn in ${said}`);
    }
"""


@tagged("post_install", "-at_install")
class TestHealthHistoryDays(HealthCase, HttpCase):
    """The days of the chart, in a browser west of Greenwich."""

    def test_the_first_of_a_month_lies_in_that_month(self):
        self.browser_js(
            "/odoo/action-customer_success.cs_scorecard_action",
            WEST_OF_GREENWICH,
            ready="odoo.loader.modules.has('@customer_success/health_explanation/days')",
            login="cs_specialist",
        )


class TestHealthRecomputed(RebuildCase):
    """The past by another version, on the customer's page."""

    def shown(self):
        self.account.invalidate_recordset()
        return self.account.with_user(self.csm).health_explanation

    def test_it_stands_beside_what_was_judged(self):
        before = self.shown()
        self.assertEqual(before["recomputed"], [])
        self.wish()
        self.run_nightly()
        shown = self.shown()
        self.assertEqual(shown["history"], before["history"])
        [recomputed] = shown["recomputed"]
        self.assertEqual(recomputed["scorecard"], "Test (version 2)")
        self.assertEqual(
            [point["score"] for point in recomputed["points"]], [40, 30, 30]
        )
        self.assertEqual(
            recomputed["points"][-1]["day"],
            self.env["cs.health.rebuild"].search([], limit=1).date_to.isoformat(),
        )
