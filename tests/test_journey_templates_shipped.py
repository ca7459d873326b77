from odoo.tests import tagged

from .journey_common import JourneyCase

LIFECYCLES = ("enterprise", "me_pme")


@tagged("post_install", "-at_install")
class TestJourneyTemplatesShipped(JourneyCase):
    """What is installed can be walked from the first day to Ongoing."""

    def make_active(self, account):
        """Let enough of the customer's people use the product, and go on to."""
        self.env.ref("customer_success.cs_metric_weekly_active_users").write(
            {"stale_after_days": 0}
        )
        self.record(account, weekly_active_users=80, employees=100)

    def shipped(self, name):
        return self.env.ref(f"customer_success.cs_journey_template_{name}")

    def test_every_kind_of_task_is_shown(self):
        for name in LIFECYCLES:
            kinds = set(self.shipped(name).stage_ids.task_ids.mapped("kind"))
            self.assertEqual(
                kinds, {"task", "interaction", "survey", "indicator", "email"}
            )

    def test_lifecycles_begin_with_handoff_and_kick_off(self):
        for name in LIFECYCLES:
            template = self.shipped(name)
            first, second = template.stage_ids[0].task_ids[:2]
            self.assertEqual(first.name, "Handoff Sales <> CS")
            self.assertEqual(first.closed_by, "handoff_accepted")
            self.assertTrue(first.once)
            self.assertEqual(second.name, "Kick-off meeting")
            self.assertEqual(second.duration_days, 3)
            kinds = template.stage_ids.phase_id.mapped("kind")
            self.assertEqual(kinds, ["project", "onboarding", "adoption", "ongoing"])

    def test_walk_from_the_handoff_to_ongoing(self):
        for name, meetings in zip(LIFECYCLES, (6, 3), strict=True):
            account = self.make_account(name)
            with self.at("2026-01-05"):
                self.make_active(account)
                journey = account.start_journey(self.shipped(name))
            with self.at("2026-01-23"):
                account._settle_tasks_closed_by("handoff_accepted")
                kick_off = self.named(journey, "Kick-off meeting")
                self.assertEqual(kick_off.date_deadline, self.day("2026-01-26"))
            with self.calendar("2026-01-23") as next_day:
                for _day in range(120):
                    today = next_day()
                    self.nightly()
                    journey.task_ids.filtered(
                        lambda t, d=today: t.state == "open" and t.date_deadline <= d
                    ).with_user(self.csm).action_done()
            self.assertEqual(account.phase_id.kind, "ongoing", name)
            adoption = journey.visit_ids.filtered(
                lambda v: v.phase_id.kind == "adoption"
            )
            self.assertGreaterEqual((adoption.left_on - adoption.entered_on).days, 45)
            recurring = adoption.task_ids.filtered(
                lambda t: t.recurrence_days and t.date_open
            )
            self.assertGreaterEqual(len(recurring), meetings)

    def test_playbooks_can_be_walked_to_their_end(self):
        for name in ("renewal", "risk"):
            account = self.make_account(name)
            with self.at("2026-01-05"):
                self.make_active(account)
            journey = account.start_journey(self.shipped(name))
            for _round in range(20):
                journey.task_ids.filtered(
                    lambda t: t.state == "open" and not t.recurrence_days
                ).action_done()
            self.assertEqual(journey.state, "done", name)
