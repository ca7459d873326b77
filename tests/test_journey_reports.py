from ast import literal_eval

from odoo.fields import Command
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyReports(JourneyCase):
    """What the reports count, on four customers whose story is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            (
                {"name": "Start", "expected_days": 10},
                [cls.task("Call", duration_days=5, effort_hours=1)],
            ),
            (
                {"name": "Adopt", "expected_days": 20, "min_days": 20},
                [
                    cls.task(
                        "Meet",
                        duration_days=7,
                        recurrence_days=7,
                        mandatory=False,
                        effort_hours=2,
                    ),
                    cls.task("Send data", responsible="customer", duration_days=3),
                    cls.task("Review", 2, duration_days=5, effort_hours=0.5),
                ],
            ),
            (
                {"name": "Live", "endless": True},
                [
                    cls.task(
                        "Follow up",
                        duration_days=45,
                        recurrence_days=45,
                        mandatory=False,
                        effort_hours=1,
                    )
                ],
            ),
        )

    def stories(self):
        """A is in Adopt, B stays in Start, C was cancelled there, D is of another."""
        a, b, c = (self.make_account(name) for name in "ABC")
        d = self.make_account("D", csm_id=self.other_csm.id)
        with self.at("2026-03-02"):
            journeys = {
                account: account.start_journey(self.template)
                for account in (a, b, c, d)
            }
        with self.at("2026-03-05"):
            # In time: due on the 7th.
            self.done(journeys[a], "Call")
        with self.at("2026-03-09"):
            journeys[c].action_cancel("They went away")
            journeys[a].action_return("The call was with the wrong person")
        with self.at("2026-03-16"):
            # Late: opened on the 9th again, due on the 14th.
            self.done(journeys[a], "Call")
        with self.at("2026-03-20"):
            # Late: due on the 7th.
            self.done(journeys[d], "Call")
        return journeys

    def done(self, journey, name):
        self.named(journey, name, "open").action_done()

    def totals(self, model, domain, groups, sums, user=None):
        """Return ``{group values: sums}`` as a user sees the report."""
        report = self.env[model].with_user(user or self.manager)
        domain = [("template_id", "=", self.template.id), *domain]
        rows = report._read_group(domain, groups, sums)
        width = len(groups)
        return {
            tuple(
                value.display_name if hasattr(value, "_name") else value
                for value in row[:width]
            ): row[width:]
            for row in rows
        }

    def test_funnel(self):
        self.stories()
        sums = [
            "entered:sum",
            "advanced:sum",
            "now_there:sum",
            "stopped:sum",
            "conversion:avg",
        ]
        found = self.totals("cs.journey.funnel", [], ["stage_id"], sums)
        # Start: all four; A and D advanced, B is there, C was cancelled.
        self.assertEqual(found[("Start",)], (4, 2, 1, 1, 50.0))
        # Adopt: A and D entered, A was returned from it once; both are there now.
        self.assertEqual(found[("Adopt",)], (2, 0, 2, 0, 0.0))
        self.assertNotIn(("Live",), found)
        stages = self.template.stage_ids.with_context(cs_stage_with_template=True)
        self.assertEqual(stages[0].display_name, "Start (Walk)")
        mine = self.totals("cs.journey.funnel", [], ["stage_id"], sums, self.csm)
        self.assertEqual(mine[("Start",)][:4], (3, 1, 1, 1))

    def test_time_in_stages(self):
        self.stories()
        with self.at("2026-03-24"):
            self.env.invalidate_all()
            found = self.totals(
                "cs.journey.visit.report",
                [],
                ["stage_id"],
                [
                    "__count",
                    "days:avg",
                    "expected_days:avg",
                    "days_over:avg",
                    "over_share:avg",
                ],
            )
        # Start: A 3 and 7 days, B 22 until today, C 7, D 18; 10 are expected.
        self.assertEqual(
            found[("Start",)],
            (5, (3 + 7 + 22 + 7 + 18) / 5, 10, (12 + 8) / 5, 40.0),
        )
        # Adopt: A 4 days, then 8 until today; D 4 until today.
        self.assertEqual(found[("Adopt",)][:3], (3, (4 + 8 + 4) / 3, 20))

    def test_pauses_do_not_count(self):
        account = self.make_account()
        with self.at("2026-03-02"):
            journey = account.start_journey(self.template)
        with self.at("2026-03-04"):
            journey.action_pause("Holidays")
        with self.at("2026-03-10"):
            self.env.invalidate_all()
            days = self.totals(
                "cs.journey.visit.report", [], ["stage_id"], ["days:avg"]
            )
            self.assertEqual(days[("Start",)], (2,))
            journey.action_resume()
        with self.at("2026-03-12"):
            self.env.invalidate_all()
            days = self.totals(
                "cs.journey.visit.report", [], ["stage_id"], ["days:avg"]
            )
        self.assertEqual(days[("Start",)], (4,))

    def test_repeats_and_returns_say_why(self):
        self.stories()
        action = self.env.ref("customer_success.cs_journey_visit_report_action_moves")
        domain = [*literal_eval(action.domain), ("template_id", "=", self.template.id)]
        report = self.env["cs.journey.visit.report"].with_user(self.csm)
        row = report.search(domain)
        self.assertEqual(
            (row.stage_id.name, row.outcome, row.why, row.turn),
            ("Adopt", "return", "The call was with the wrong person", 1),
        )
        self.assertFalse(report.with_user(self.other_csm).search(domain))

    def test_late_and_on_time(self):
        self.stories()
        with self.at("2026-03-24"):
            self.env.invalidate_all()
            sums = ["is_late:sum", "is_done:sum", "on_time:avg", "days_late:sum"]
            found = self.totals("cs.task.report", [], ["responsible"], sums)
            users = self.totals("cs.task.report", [], ["user_id"], sums[:3])
        # Calls: A in time and 2 days late, B open since the 7th (17), D 13 late.
        # Meet: A's due on the 23rd (1 late) and D's on the 27th.
        self.assertEqual(found[("csm",)], (2, 3, 100 / 3, 2 + 17 + 13 + 1))
        # Send data of A is due on the 19th, of D on the 23rd.
        self.assertEqual(found[("customer",)], (2, 0, False, 5 + 1))
        self.assertEqual(users[(self.csm.name,)], (2, 2, 50.0))
        self.assertEqual(users[(self.other_csm.name,)], (0, 1, 0.0))

    def test_work_to_come(self):
        account = self.make_account()
        with self.at("2026-03-02"):
            journey = account.start_journey(self.template)
            self.env.invalidate_all()
            found = self.totals("cs.workload", [], ["stage_id"], ["hours:sum"])
            rows = self.env["cs.workload"].search([("account_id", "=", account.id)])
            days = {
                name: [str(row.date) for row in rows if row.task_id.name == name]
                for name in ("Call", "Meet", "Review", "Follow up")
            }
        # Call is due on the 7th, then 20 days of Adopt, then Live without an end.
        self.assertEqual(days["Call"], ["2026-03-07"])
        self.assertEqual(days["Meet"], ["2026-03-07", "2026-03-14", "2026-03-21"])
        self.assertEqual(days["Review"], ["2026-03-10"])
        self.assertEqual(days["Follow up"], ["2026-03-27", "2026-05-11"])
        self.assertEqual(found[("Adopt",)], (3 * 2 + 0.5,))
        self.assertEqual(found[("Live",)], (2,))
        with self.at("2026-03-12"):
            self.env.invalidate_all()
            late = self.env["cs.workload"].search(
                [("account_id", "=", account.id), ("state", "=", "open")]
            )
            self.assertEqual(str(late.date), "2026-03-12", "What is late is for today")
        journey.action_pause("Holidays")
        self.env.invalidate_all()
        self.assertFalse(self.totals("cs.workload", [], ["stage_id"], ["hours:sum"]))

    def test_another_company_sees_nothing(self):
        self.stories()
        other = self.env["res.company"].create({"name": "CS B"})
        stranger = self.make_user(
            "cs_b",
            "customer_success.group_cs_admin",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        for model in (
            "cs.journey.funnel",
            "cs.journey.visit.report",
            "cs.task.report",
            "cs.workload",
        ):
            self.assertTrue(self.env[model].search([]))
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
            mine = self.env[model].with_user(self.csm).search([])
            self.assertFalse(mine.csm_id - self.csm, model)
