from itertools import product

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .journey_common import JourneyCase

KINDS = ("plain", "continuous")
RESULTS = {"holds": 30, "fails": 10, "unknown": None}
STAGES = ("first", "middle", "last")


@tagged("post_install", "-at_install")
class TestJourneyIndicators(JourneyCase):
    """A finished stage ends by what its indicators show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.env.ref("customer_success.cs_metric_weekly_active_users")
        cls.users.stale_after_days = 0
        cls.invoices = cls.env.ref("customer_success.cs_metric_volume_invoices")

    @classmethod
    def indicator(cls, name="Weekly active users", metric=None, **values):
        """Return an indicator of a template: at least 20, unless said otherwise."""
        return cls.task(
            name,
            kind="indicator",
            metric_id=(metric or cls.users).id,
            **{"operator": ">=", "threshold": 20, **values},
        )

    def know(self, account, at, **facts):
        """Record facts of the morning of a day."""
        at = fields.Datetime.to_datetime(f"{at} 08:00:00")
        self.record(account, at=at, **facts)

    def start(self, *stages, day="2026-01-05", **facts):
        """Start a journey with a customer of whom some facts are known."""
        account = self.make_account()
        with self.at(day):
            known = {key: value for key, value in facts.items() if value is not None}
            if known:
                self.know(account, day, **known)
            return account.start_journey(self.make_template(*stages))

    def conclude(self, journey, day):
        with self.at(day):
            journey.task_ids.filtered(lambda t: t.state == "open").action_done()

    # The rule

    def expected(self, stage, own, carried):
        """Return how a stage ends, as the domain says it.

        :param own: ``(kind, result)`` of the indicator of the stage itself, or None
        :param carried: result of a continuous one of the stage before, or None
        """
        if carried in ("fails", "unknown"):
            return "return"
        if own and own[1] != "holds":
            return "repeat"
        return "advance"

    def test_outcome_of_every_combination(self):
        """{plain, continuous} × {holds, fails, unknown} × {first, middle, last}."""
        owns = [None, *product(KINDS, RESULTS)]
        for stage, own, carried in product(STAGES, owns, (None, *RESULTS)):
            if stage == "first" and carried:
                continue
            with self.subTest(stage=stage, own=own, carried=carried):
                self.check_outcome(stage, own, carried)

    def check_outcome(self, stage, own, carried):
        index = STAGES.index(stage)
        stages = [[self.task("Work")] for _stage in STAGES]
        if carried:
            stages[index - 1].append(
                self.indicator("Carried", self.invoices, continuous=True)
            )
        if own:
            stages[index].append(self.indicator(continuous=own[0] == "continuous"))
        journey = self.start(*stages, volume_invoices=30)
        for _stage in range(index):
            self.conclude(journey, "2026-01-06")
        visit = journey.visit_id
        self.assertEqual(visit.stage_id, journey.template_id.stage_ids[index])
        with self.at("2026-01-07"):
            facts = {"volume_invoices": RESULTS[carried]} if carried else {}
            if own and RESULTS[own[1]] is not None:
                facts["weekly_active_users"] = RESULTS[own[1]]
            self.know(journey.account_id, "2026-01-07", **facts)
        self.conclude(journey, "2026-01-07")
        outcome = self.expected(stage, own, carried)
        self.assertEqual(visit.outcome, outcome)
        self.assertEqual(visit.left_on, self.day("2026-01-07"))
        self.assertEqual(len(visit.verdict_ids), bool(own) + bool(carried))
        step = {"advance": 1, "repeat": 0, "return": -1}[outcome]
        if index + step == len(STAGES):
            self.assertEqual(journey.state, "done")
        else:
            now = journey.template_id.stage_ids[index + step]
            self.assertEqual(journey.visit_id.stage_id, now)
            self.assertEqual(self.open_names(journey), ["Work"])

    def test_a_continuous_one_is_carried_past_several_stages(self):
        work = [self.task("Work")]
        journey = self.start(
            [*work, self.indicator(continuous=True)],
            work,
            work,
            weekly_active_users=30,
        )
        self.conclude(journey, "2026-01-06")
        self.conclude(journey, "2026-01-06")
        with self.at("2026-01-07"):
            self.know(journey.account_id, "2026-01-07", weekly_active_users=5)
        self.conclude(journey, "2026-01-07")
        stages = journey.template_id.stage_ids
        self.assertEqual(journey.stage_id, stages[1], "to the stage before this one")
        # It still fails there: back to where it comes from, where it repeats.
        self.conclude(journey, "2026-01-08")
        self.conclude(journey, "2026-01-09")
        self.assertEqual(journey.stage_id, stages[0])
        self.assertEqual(
            journey.visit_ids.mapped("outcome"),
            ["advance", "advance", "return", "return", "repeat", False],
        )
        with self.at("2026-01-10"):
            self.know(journey.account_id, "2026-01-10", weekly_active_users=50)
        for _stage in stages:
            self.conclude(journey, "2026-01-10")
        self.assertEqual(journey.state, "done")

    def test_every_continuous_one_is_carried_once(self):
        work = [self.task("Work")]
        journey = self.start(
            [*work, self.indicator(continuous=True)],
            [*work, self.indicator("Invoices", self.invoices, continuous=True)],
            work,
            weekly_active_users=30,
            volume_invoices=30,
        )
        self.conclude(journey, "2026-01-06")
        self.conclude(journey, "2026-01-06")
        carried = journey.visit_id.task_ids.filtered("origin_stage_id")
        self.assertEqual(self.names(carried), ["Invoices", "Weekly active users"])
        self.assertEqual(
            carried.sorted("name").origin_stage_id.sorted("sequence"),
            journey.template_id.stage_ids[:2],
        )

    # When

    def test_not_judged_before_the_stage_is(self):
        journey = self.start(
            (
                {"min_days": 10},
                [self.task("A", 1), self.indicator(position=1), self.task("B", 2)],
            ),
            [self.task("C")],
            weekly_active_users=30,
        )
        self.conclude(journey, "2026-01-06")
        self.conclude(journey, "2026-01-07")
        self.assertFalse(journey.visit_id.verdict_ids)
        one = self.named(journey, "Weekly active users")
        self.assertEqual(one.state, "waiting")
        self.assertEqual(one.date_planned, self.day("2026-01-15"))
        with self.at("2026-01-14"):
            self.nightly()
            self.assertFalse(journey.visit_id.verdict_ids)
        with self.at("2026-01-15"):
            self.nightly()
        self.assertEqual(one.state, "done")
        self.assertEqual(self.open_names(journey), ["C"])

    def test_a_stale_value_counts_as_failing(self):
        self.users.stale_after_days = 14
        journey = self.start([self.task("A"), self.indicator()], weekly_active_users=50)
        self.conclude(journey, "2026-01-25")
        self.assertIn("unknown", journey.visit_ids[0].judged_values)
        self.assertEqual(journey.visit_ids[0].outcome, "repeat")

    def test_what_was_judged_is_kept_in_words(self):
        journey = self.start([self.task("A"), self.indicator()], weekly_active_users=12)
        first = journey.visit_id
        self.conclude(journey, "2026-01-06")
        with self.at("2026-01-07"):
            self.know(journey.account_id, "2026-01-07", weekly_active_users=50)
        self.assertEqual(
            first.with_user(self.csm).judged_values,
            "Weekly active users 12 — expected ≥ 20: fails",
        )
        self.assertEqual(first.judged_on, self.day("2026-01-06"))
        self.assertFalse(first.decided_by_id)

    def test_a_repeated_stage_without_work_of_people_waits_for_the_next_day(self):
        journey = self.start([self.indicator()], [self.task("B")])
        self.assertEqual(len(journey.visit_ids), 2)
        with self.at("2026-01-05"):
            self.nightly()
            journey._engine()._run()
            self.assertEqual(len(journey.visit_ids), 2)
        with self.at("2026-01-06"):
            self.nightly()
            self.assertEqual(len(journey.visit_ids), 3)
            self.know(journey.account_id, "2026-01-06", weekly_active_users=20)
        with self.at("2026-01-07"):
            self.nightly()
        self.assertEqual(self.open_names(journey), ["B"])

    def test_tech_touch_has_no_work_of_people(self):
        template = self.make_template([self.task("A"), self.indicator()])
        account = self.make_account(touch_model="tech")
        with self.at("2026-01-05"):
            journey = account.start_journey(template)
            self.assertEqual(len(journey.visit_ids), 2)
            self.know(account, "2026-01-05", weekly_active_users=50)
        with self.at("2026-01-06"):
            self.nightly()
        self.assertEqual(journey.state, "done")

    def test_once_tasks_do_not_come_again_when_a_stage_repeats(self):
        journey = self.start(
            [
                self.task("Mail", kind="email"),
                self.task("Call"),
                self.task("Left", mandatory=False),
                self.indicator(),
            ]
        )
        with self.at("2026-01-06"):
            (self.named(journey, "Mail") | self.named(journey, "Call")).action_done()
        self.assertEqual(journey.visit_id.repeat_number, 1)
        self.assertEqual(self.open_names(journey), ["Call", "Left"])

    # More than three repeats

    def test_the_fourth_repeat_calls_a_person_who_decides(self):
        journey = self.start([self.task("A"), self.indicator()], [self.task("B")])
        alerts = journey.account_id.alert_ids
        for day in range(6, 10):
            self.assertFalse(
                alerts.search([("account_id", "=", journey.account_id.id)])
            )
            self.conclude(journey, f"2026-01-{day:02}")
        alert = alerts.search([("account_id", "=", journey.account_id.id)])
        self.assertEqual(alert.rule_id.event, "stage_repeated")
        self.assertEqual(alert.user_id, self.csm)
        self.assertIn("Stage 1 was repeated 4 times", alert.explanation)
        self.assertIn("unknown — expected ≥ 20: fails", alert.explanation)
        with self.at("2026-01-10"):
            self.know(journey.account_id, "2026-01-10", weekly_active_users=50)
        for day in range(10, 20):
            self.conclude(journey, f"2026-01-{day}")
            with self.at(f"2026-01-{day}"):
                self.nightly()
        self.assertEqual(journey.visit_ids.mapped("outcome"), ["repeat"] * 4 + [False])
        self.env["cs.alert.rule"].search([])._run()
        self.assertEqual(alert.state, "open", "no night closes what a person decides")
        with self.at("2026-01-20"):
            journey.with_user(self.csm).action_advance("They use it by the app")
        self.assertEqual(self.open_names(journey), ["B"])

    def test_a_closed_alert_is_quiet_for_its_days(self):
        journey = self.start([self.indicator()], [self.indicator(), self.task("B")])
        rule = self.env.ref("customer_success.cs_alert_rule_stage_repeated")

        def repeat_too_often(day):
            for number in range(5):
                with self.at(f"2026-01-{day + number:02}"):
                    self.nightly()

        repeat_too_often(6)
        alert = rule.alert_ids
        self.assertEqual(len(alert), 1)
        alert.action_close("Seen")
        with self.at("2026-01-12"):
            journey.action_advance("On")
            journey.action_return("Back")
        repeat_too_often(13)
        self.assertEqual(rule.alert_ids, alert)

    # Endless

    def test_an_endless_stage_is_judged_every_30_days_and_never_advances(self):
        journey = self.start(
            [self.task("A"), self.indicator(continuous=True)],
            ({"endless": True}, [self.task("Follow", recurrence_days=7)]),
            weekly_active_users=30,
        )
        self.conclude(journey, "2026-01-06")
        visit = journey.visit_id
        [carried] = visit.task_ids.filtered("origin_stage_id")
        self.assertEqual(carried.date_planned, self.day("2026-02-05"))
        for day, judged in (("2026-02-04", 0), ("2026-02-05", 1), ("2026-03-06", 1)):
            with self.at(day):
                self.nightly()
                self.assertEqual(len(visit.verdict_ids), judged, day)
        with self.at("2026-03-07"):
            self.nightly()
            self.assertEqual(len(visit.verdict_ids), 2)
            self.assertEqual(journey.visit_id, visit)
            self.know(journey.account_id, "2026-03-07", weekly_active_users=1)
        with self.at("2026-04-06"):
            self.nightly()
        self.assertEqual(visit.outcome, "return")
        self.assertEqual(journey.stage_id, journey.template_id.stage_ids[0])

    def test_a_pause_shifts_the_day_of_judging(self):
        journey = self.start(
            [self.task("A"), self.indicator(continuous=True)],
            ({"endless": True}, []),
            weekly_active_users=30,
        )
        self.conclude(journey, "2026-01-06")
        with self.at("2026-02-05"):
            self.nightly()
        with self.at("2026-02-10"):
            journey.action_pause("Holidays")
        with self.at("2026-02-20"):
            journey.action_resume()
        one = journey.visit_id.task_ids
        self.assertEqual(one.date_planned, self.day("2026-03-17"))
        self.assertEqual(journey.visit_id.judged_on, self.day("2026-02-05"))
        with self.at("2026-03-17"):
            self.nightly()
        self.assertEqual(one.date_planned, self.day("2026-04-16"))

    def test_an_endless_stage_that_repeats_keeps_what_recurs(self):
        journey = self.start(
            (
                {"endless": True},
                [
                    self.task("Follow", recurrence_days=7, duration_days=3),
                    self.task("Check"),
                    self.indicator(),
                ],
            ),
        )
        late = self.named(journey, "Follow")
        with self.at("2026-01-06"):
            self.named(journey, "Check").action_done()
        with self.at("2026-02-04"):
            self.nightly()
            self.assertEqual(journey.visit_ids.mapped("outcome"), ["repeat", False])
            self.assertEqual(late.state, "open")
            self.assertEqual(late.date_deadline, self.day("2026-01-08"))
            self.assertEqual(self.open_names(journey), ["Check", "Follow"])
            late.action_done()
        for day in ("2026-03-06", "2026-04-05"):
            with self.at(day):
                self.nightly()
                follow = self.named(journey, "Follow").filtered(
                    lambda task: task.state in ("open", "waiting")
                )
                self.assertEqual(len(follow), 1)
                self.assertEqual(follow.visit_id, journey.visit_id)
                follow.action_done()
        self.assertEqual(journey.visit_id.repeat_number, 3)
        with self.at("2026-05-05"):
            self.know(journey.account_id, "2026-05-05", weekly_active_users=50)
            self.nightly()
        self.assertEqual(journey.visit_id.repeat_number, 0, "it held in between")

    def test_a_person_lets_it_go_on_where_it_is(self):
        journey = self.start([self.task("A"), self.indicator()], [self.task("B")])
        with self.assertRaisesRegex(UserError, "by itself"):
            journey.with_user(self.csm).action_continue("On")
        for day in range(6, 10):
            self.conclude(journey, f"2026-01-{day:02}")
        self.assertTrue(journey.with_user(self.csm).waits_for_decision)
        with self.at("2026-01-10"):
            journey.with_user(self.csm).action_continue("They need more time")
        self.assertFalse(journey.waits_for_decision)
        self.assertEqual(journey.visit_id.reason, "They need more time")
        with self.at("2026-01-11"):
            self.know(journey.account_id, "2026-01-11", weekly_active_users=50)
        self.conclude(journey, "2026-01-11")
        self.assertEqual(self.open_names(journey), ["B"])

    # By hand

    def test_nobody_concludes_or_skips_an_indicator(self):
        journey = self.start([self.task("A"), self.indicator()], weekly_active_users=12)
        one = self.named(journey, "Weekly active users").with_user(self.csm)
        for act in (one.action_done, lambda: one.action_skip("No")):
            with self.assertRaisesRegex(UserError, "judged by itself.*2026-01-06"):
                act()
        with self.at("2026-01-05"):
            self.assertEqual(
                one.indicator_answer, "Weekly active users 12 — expected ≥ 20: fails"
            )
        for values in ({"threshold": 1}, {"kind": "task"}, {"operator": "<"}):
            with self.assertRaises(UserError):
                one.write(values)

    def test_none_is_created_on_a_running_journey(self):
        journey = self.start([self.task("A")])
        with self.assertRaisesRegex(UserError, "template"):
            self.env["cs.task"].with_user(self.csm).create(
                {
                    **self.indicator(),
                    "account_id": journey.account_id.id,
                    "journey_id": journey.id,
                }
            )

    def test_an_indicator_needs_its_metric(self):
        with self.assertRaisesRegex(UserError, "metric"):
            self.make_template([self.task("Users", kind="indicator")])

    def test_what_was_judged_is_seen_by_who_sees_the_customer(self):
        journey = self.start([self.indicator(), self.task("A")])
        self.conclude(journey, "2026-01-06")
        verdict = journey.visit_ids.verdict_ids
        self.assertTrue(verdict.with_user(self.csm).display_name)
        self.assertTrue(verdict.with_user(self.manager).display_name)
        with self.assertRaises(AccessError):
            verdict.with_user(self.other_csm).read(["value"])
        with self.assertRaises(AccessError):
            verdict.with_user(self.admin).write({"holds": True})

    def test_editing_the_template_changes_no_running_indicator(self):
        journey = self.start(
            [self.task("A"), self.indicator()], [self.task("B")], weekly_active_users=30
        )
        template_task = journey.template_id.stage_ids.task_ids.filtered("metric_id")
        template_task.threshold = 99
        template_task.copy()
        template_task.unlink()
        self.conclude(journey, "2026-01-06")
        self.assertEqual(self.open_names(journey), ["B"])
