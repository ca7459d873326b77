from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .health_common import HealthCase


class TestScorecard(HealthCase):
    """Versions, caps, ages and grace, and the editor of who keeps scorecards."""

    def judged(self, moment="2026-03-02 12:00", **facts):
        account = self.make_account()
        with self.at_time(moment):
            self.record(account, **facts)
            account._score()
        account.invalidate_recordset()
        return account

    def draft_of(self, card):
        action = card.with_user(self.specialist).action_new_draft()
        return self.env["cs.scorecard"].browse(action["res_id"])

    def change_card(self, card):
        self.card.is_default = False
        self.env.flush_all()
        card.is_default = True

    def test_limits_far_below_one_are_kept(self):
        # Use per currency unit: a limit of two decimals would be 0 or 0.01.
        self.card.write(
            {
                "measure_ids": [
                    Command.clear(),
                    self.measure(
                        "active_users",
                        1,
                        0,
                        0.007,
                        basis="ratio",
                        per_metric_id=self.metric("mrr").id,
                    ),
                ]
            }
        )
        account = self.judged(active_users=7, mrr=2000)
        self.assertEqual(account.health_score, 50)
        measure = self.card.measure_ids
        self.assertEqual(measure._seen_in_words(0.0035), "0.0035")
        self.assertEqual(measure._seen_in_words(0.25), "0.25")
        self.assertEqual(measure._seen_in_words(0), "0")

    # Versions

    def test_what_has_judged_is_frozen(self):
        self.judged(nps=8)
        with self.assertRaisesRegex(UserError, "new draft"):
            self.card.min_coverage = 1
        with self.assertRaisesRegex(UserError, "new draft"):
            self.card.measure_ids[0].weight = 1
        with self.assertRaisesRegex(UserError, "new draft"):
            self.card.measure_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "new draft"):
            self.card.write({"cap_ids": [self.cap("nps", "<", 5, 10)]})
        self.card.name = "Another name"

    def test_a_draft_judges_nobody_until_it_is_published(self):
        account = self.judged(nps=8)
        self.assertEqual(account.health_score, 80)
        draft = self.draft_of(self.card)
        draft.measure_ids.filtered(lambda one: one.metric_id.key == "nps").best = 20
        with self.at_time("2026-03-03 12:00"):
            self.assertEqual(account._score(), 0)
            draft.with_user(self.specialist).action_publish()
            self.assertEqual(account._score(), 1)
        account.invalidate_recordset()
        self.assertEqual(account.health_score, 40)
        self.assertEqual(account.health_scorecard_id, draft)
        self.assertEqual((draft.version, draft.published_by_id), (2, self.specialist))
        self.assertTrue(draft.is_frozen)

    def test_each_moment_has_its_version(self):
        account = self.judged("2026-03-02 12:00", nps=8)
        draft = self.draft_of(self.card)
        draft.measure_ids.filtered(lambda one: one.metric_id.key == "nps").best = 20
        with self.at_time("2026-03-03 12:00"):
            draft.action_publish(datetime(2026, 3, 10))
            account._score()
            account.invalidate_recordset()
            self.assertEqual(account.health_score, 80)
        cards = [
            self.verdict(account, moment)["scorecard_id"]
            for moment in (date(2026, 3, 5), date(2026, 3, 11))
        ]
        self.assertEqual(cards, [self.card.id, draft.id])
        with self.at_time("2026-03-11 12:00"):
            self.assertEqual(account._score(), 1)
        with self.at_time("2026-03-12 12:00"):
            late = self.draft_of(draft)
            with self.assertRaises(UserError):
                late.action_publish(datetime(2026, 3, 11))

    def test_one_draft_at_a_time(self):
        draft = self.draft_of(self.card)
        self.assertEqual(self.draft_of(self.card), draft)
        self.assertEqual(self.card.draft_id, draft)

    def test_an_empty_draft_cannot_be_published(self):
        draft = self.env["cs.scorecard"].create({"name": "New", "state": "draft"})
        with self.assertRaises(ValidationError):
            draft.action_publish()

    def test_the_segment_of_that_day_judges(self):
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        account = self.judged("2026-03-02 12:00", nps=8)
        own = self.make_card("Own", self.measure("nps", 1, 0, 20), min_coverage=0)
        enterprise.scorecard_id = own
        with self.at_time("2026-03-10 12:00"):
            account.action_set_segment(enterprise, "Brand")
            account._score()
        account.invalidate_recordset()
        self.assertEqual(account.health_score, 40)
        rows = account._score(as_of=[date(2026, 3, 5), date(2026, 3, 10)])
        self.assertEqual([row["score"] for row in rows], [80, 40])
        self.assertEqual(rows[0]["as_of"], date(2026, 3, 5))

    # What a card may say

    def test_a_cap_holds_the_score_down_and_is_a_line(self):
        card = self.make_card(
            "Capped",
            self.measure("nps", 10, 0, 10),
            cap_ids=[
                self.cap("overdue_tasks", ">", 3, 45.5),
                self.cap("overdue_tasks", ">", 1, 60),
            ],
        )
        self.change_card(card)
        account = self.judged(nps=9, overdue_tasks=5)
        self.assertEqual((account.health_score, account.health_band), (45.5, "yellow"))
        lines = account.explain_health()
        caps = [line for line in lines if line["kind"] == "cap"]
        self.assertEqual([line["contribution"] for line in caps], [-44.5, 0.0])
        self.assertEqual(self.total(lines), 45.5)

    def test_a_new_customer_is_not_judged_yet_and_it_says_so(self):
        card = self.make_card("Grace", self.measure("nps", 1, 0, 10), grace_days=30)
        self.change_card(card)
        account = self.judged("2026-03-02 12:00", nps=9, tenure="2026-02-20")
        self.assertEqual(account.health_band, "unknown")
        self.assertIn("first 30 days", account.health_note)
        with self.at_time("2026-03-22 12:00"):
            account._score()
            account.invalidate_recordset()
            self.assertEqual(account.health_band, "green")
        self.assertEqual(self.judged(nps=9).health_band, "green")

    def test_a_measure_for_customers_of_an_age(self):
        card = self.make_card(
            "Ages",
            self.measure("nps", 10, 0, 10, months_to=3),
            self.measure("csat", 10, 0, 5, months_from=3),
            min_coverage=0,
        )
        self.change_card(card)
        account = self.judged("2026-03-02 12:00", nps=2, csat=5, tenure="2026-02-01")
        self.assertEqual(account.health_score, 20)
        with self.at_time("2026-05-15 12:00"):
            account._score()
            account.invalidate_recordset()
            self.assertEqual(
                (account.health_score, account.health_coverage), (100, 100)
            )

    def test_its_own_maximum_age(self):
        card = self.make_card(
            "Fresh", self.measure("nps", 10, 0, 10, max_age_days=10), min_coverage=0
        )
        self.change_card(card)
        account = self.judged("2026-03-02 12:00", nps=9)
        self.assertEqual(account.health_band, "green")
        with self.at_time("2026-03-13 12:00"):
            account._score()
            account.invalidate_recordset()
            self.assertEqual(account.health_band, "unknown")

    def test_something_gone_dark_is_not_green_and_it_says_so(self):
        account = self.judged("2026-03-02 12:00", nps=9, overdue_tasks=3)
        self.assertEqual(
            account.health_band, "green" if account.health_score >= 70 else "yellow"
        )
        with self.at_time("2026-03-03 12:00"):
            self.record(account, overdue_tasks=None)
            account._score()
            account.invalidate_recordset()
        self.assertEqual((account.health_score, account.health_band), (90, "yellow"))
        self.assertIn("could pull it under 70", account.health_note)

    # The editor

    def test_it_is_tried_while_typing_and_nothing_is_written(self):
        account = self.judged(fields.Datetime.now(), nps=8)
        draft = self.draft_of(self.card)
        with self.enter_registry_test_mode():
            form = Form(draft.with_user(self.specialist))
            with form.measure_ids.edit(0) as line:
                line.best = 20
            form.preview_account_id = account
            form.show_portfolio = True
        self.assertIn("40.0", form.preview)
        self.assertIn("1 of 1 customers would change band", form.portfolio_preview)
        draft.invalidate_recordset()
        self.assertEqual(draft.measure_ids[0].best, 10)
        self.assertEqual(len(self.snapshots(account)), 1)

    def test_shares_of_the_weight(self):
        shares = self.card.measure_ids.mapped("weight_share")
        self.assertEqual(shares, [50, 30, 20])
        self.assertEqual(self.card.dimension_summary, "Use 100 %")

    def test_publishing_says_whom_it_moves_and_judges_at_once(self):
        account = self.judged(fields.Datetime.now(), nps=8)
        draft = self.draft_of(self.card)
        draft.measure_ids[0].best = 20
        wizard = self.env["cs.scorecard.publish"].with_user(self.specialist)
        wizard = wizard.create({"scorecard_id": draft.id})
        self.assertIn("would change band", wizard.preview)
        wizard.action_confirm()
        account.invalidate_recordset()
        self.assertEqual((account.health_score, account.health_band), (40, "yellow"))

    def test_the_past_recomputed_stands_beside_what_was_judged(self):
        today = self.env["cs.account"]._today()
        account = self.make_account()
        start = fields.Datetime.now() - timedelta(days=6)
        self.record(account, at=start, nps=8)
        self.record(account, at=start + timedelta(days=3), nps=6)
        with self.at_time(start + timedelta(hours=1)):
            account._score()
        before = self.snapshots(account).read()
        draft = self.draft_of(self.card)
        draft.measure_ids[0].best = 20
        draft.action_publish()
        rebuild = (
            self.env["cs.health.rebuild"]
            .with_user(self.specialist)
            .create(
                {
                    "scorecard_id": draft.id,
                    "date_from": today - timedelta(days=9),
                    "date_to": today - timedelta(days=1),
                }
            )
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_success.ir_cron_rebuild_health"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((rebuild.state, rebuild.progress), ("done", 100))
        rebuilt = self.snapshots(account).filtered("is_rebuilt")
        self.assertEqual(rebuilt.mapped("score"), [40, 30])
        self.assertEqual(rebuilt.scorecard_id, draft)
        kept = self.snapshots(account).filtered(lambda one: not one.is_rebuilt)
        self.assertEqual(kept.read(), before)
        self.assertEqual(self.total(account.explain_health()), kept[-1].score)
        again = account._rebuild_history(
            today - timedelta(days=9), today - timedelta(days=1), draft
        )
        self.assertEqual((again, len(self.snapshots(account))), (2, 3))

    def test_a_wish_half_filled_shows_no_progress_yet(self):
        wish = self.env["cs.health.rebuild"].new({"scorecard_id": self.card.id})
        self.assertEqual(wish.progress, 0)
        wish.date_from = "2026-01-01"
        self.assertEqual(wish.progress, 0)

    # Who may

    def test_specialists_keep_scorecards_csms_read_them(self):
        self.judged(nps=8)
        for call in (
            lambda card: card.action_new_draft(),
            lambda card: card.try_out(),
            lambda card: card.action_make_default(),
        ):
            with self.assertRaises(AccessError):
                call(self.card.with_user(self.csm))
        draft = self.draft_of(self.card)
        with self.assertRaises(AccessError):
            draft.with_user(self.csm).action_publish()
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).min_coverage = 3
        draft.with_user(self.specialist).min_coverage = 3
        self.assertTrue(draft.with_user(self.csm).name)

    def test_another_company_sees_neither_card_nor_customer(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user(
            "cs_far",
            "customer_success.group_cs_specialist",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        account = self.judged(nps=8)
        own = self.make_card("Own", company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            own.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            account.with_user(stranger).explain_health()
        shared = self.draft_of(self.card)
        customers = [row["account_id"] for row in shared.with_user(stranger).try_out()]
        self.assertNotIn(account.id, customers)
