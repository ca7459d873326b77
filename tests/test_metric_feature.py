from contextlib import contextmanager
from datetime import date

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .facts_common import FactsCase


class FeatureCase(FactsCase):
    """A product with features, and a customer that has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.make_product("Travel")
        cls.account.csm_id = cls.csm
        cls.subscribe(cls.product)

    @classmethod
    def make_product(cls, name):
        return cls.env["product.product"].create({"name": name, "type": "service"})

    @classmethod
    def make_feature(cls, key, product=None, kind="essential", full_use=10, **values):
        return cls.env["cs.metric"].create(
            {
                "key": key,
                "name": key.replace("_", " ").capitalize(),
                "product_id": (product or cls.product).id,
                "feature_kind": kind,
                "full_use": full_use,
                "stale_after_days": 30,
                **values,
            }
        )

    @classmethod
    def subscribe(cls, product, account=None, start="2025-01-01", end=None):
        subscriptions = cls.env["cs.subscription"].with_context(cs_facts_later=True)
        return subscriptions.create(
            {
                "account_id": (account or cls.account).id,
                "product_id": product.id,
                "start_on": start,
                "end_on": end,
            }
        )

    @classmethod
    def use(cls, day="2026-01-10", account=None, **values):
        moment = fields.Datetime.to_datetime(f"{day} 12:00:00")
        cls.record(account or cls.account, at=moment, **values)

    def engagement_at(self, moment, account=None):
        """Count it at a moment; None where it is unknown."""
        account = account or self.account
        with self.at_time(moment):
            self.env["cs.metric.source"]._run_builtin(account, ["engagement"])
            return self.judged(metric="engagement", account=account)

    @contextmanager
    def refused(self, reason):
        """What is done within is refused for a reason, and leaves nothing."""
        with self.assertRaisesRegex(ValidationError, reason), self.env.cr.savepoint():
            yield


@tagged("post_install", "-at_install")
class TestFeature(FeatureCase):
    """Which features of a product are followed."""

    def test_at_most_five_of_a_product_are_followed(self):
        features = [self.make_feature(f"feature_{n}") for n in range(5)]
        with self.refused("5 features of Travel"):
            self.make_feature("feature_6")
        self.make_feature("of_another", self.make_product("Cards"))
        archived = self.make_feature("kept_for_later", active=False)
        with self.refused("Archive"):
            archived.action_unarchive()
        features[0].action_archive()
        archived.action_unarchive()
        moved = self.env["cs.metric"].search([("key", "=", "of_another")])
        with self.refused("5 features"):
            moved.product_id = self.product

    def test_adding_a_feature_is_seen_by_who_adds_another_at_once(self):
        before = self.row_version()
        self.make_feature("first")
        self.env.flush_all()
        self.assertNotEqual(self.row_version(), before)

    def row_version(self):
        self.env.cr.execute(
            "SELECT ctid FROM product_product WHERE id = %s", (self.product.id,)
        )
        return self.env.cr.fetchone()

    @mute_logger("odoo.sql_db")
    def test_a_feature_is_whole(self):
        for missing in ({"kind": False}, {"full_use": 0}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.make_feature("half", **missing)

    def test_what_cannot_be_used_more_is_no_feature(self):
        for values, reason in (
            ({"metric_kind": "days_since"}, "is a date"),
            ({"higher_is_better": False}, "better when lower"),
        ):
            kind = values.pop("metric_kind", "number")
            with self.refused(reason):
                feature = self.make_feature("no_feature", **values)
                feature.kind = kind

    def test_specialists_follow_features_by_the_form(self):
        action = self.product.with_user(self.specialist).action_open_cs_features()
        metrics = self.env["cs.metric"].with_user(self.specialist)
        form = Form(metrics.with_context(**action["context"]))
        form.name = "Agencies compared"
        form.key = "agencies_compared"
        form.feature_kind = "differentiator"
        form.full_use = 20
        form.feature_benefit = "What it saves by using more than one agency"
        feature = form.save()
        self.assertEqual(feature.product_id, self.product)
        template = self.product.product_tmpl_id.with_user(self.specialist)
        domain = template.action_open_cs_features()["domain"]
        self.assertEqual(metrics.search(domain), feature)
        with self.assertRaises(AccessError):
            feature.with_user(self.manager).full_use = 1


@tagged("post_install", "-at_install")
class TestKnown(FactsCase):
    """A metric says how much of it is known, and who feeds it."""

    def test_customers_known_fresh_and_sources(self):
        nps = self.env.ref("customer_success.cs_metric_nps")
        sheet = self.make_source()
        others = self.make_accounts(3, csm_id=self.csm.id)
        with self.at_time("2026-06-30 12:00:00"):
            self.record_all(self.reading(at="2026-06-01"), source=sheet)
            self.record_all(
                self.reading(account=others[0].id, at="2025-01-01"),
                self.reading(account=others[1].id, value=None, at="2026-06-01"),
            )
            nps.invalidate_recordset()
            known = nps.with_user(self.specialist)
            self.assertEqual((known.known_count, known.fresh_count), (2, 1))
            self.assertEqual(known.source_ids, sheet)
            own = nps.with_user(self.csm)
            self.assertEqual((own.known_count, own.fresh_count), (1, 0))
        values = self.values.search(nps.action_open_values()["domain"])
        self.assertEqual(values.account_id, self.account | others[:2])


@tagged("post_install", "-at_install")
class TestShipped(FactsCase):
    """Metrics that are there from the start."""

    def test_the_keys_that_integrations_rely_on(self):
        keys = set(self.env["cs.metric"].search([]).mapped("key"))
        self.assertLessEqual(
            {
                *("employees", "mrr", "products", "contacts", "from_competitor"),
                *("nps", "csat", "ces", "mood", "last_interaction", "renewal"),
                *("engagement", "overdue_tasks", "potential", "tenure"),
                *("tickets_open", "tickets_30d", "tickets_out_of_sla"),
                *("overdue_invoices", "overdue_amount", "portal_logins"),
                *("weekly_active_users", "trainings_held", "autonomy"),
                *("volume_invoices", "volume_boletos", "volume_cards"),
                *("volume_receipts", "last_results_meeting", "go_live"),
                "last_potential_review",
            },
            keys,
        )

    def test_what_is_kept_here_never_grows_stale(self):
        from ..sources import registry

        keys = [key for count in registry.BUILTINS.values() for key in count.metrics]
        metrics = self.env["cs.metric"].search([("key", "in", keys)])
        self.assertEqual(set(metrics.mapped("key")), set(keys))
        aging = metrics.filtered("stale_after_days").mapped("key")
        # An opinion and a review lose their worth, whoever keeps them; what is overdue
        # is known as of the last file of billing.
        overdue = {"overdue_invoices", "overdue_amount"}
        self.assertEqual(set(aging), {"mood", "potential"} | overdue)

    def test_each_shipped_metric_says_what_it_is(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "customer_success"), ("model", "=", "cs.metric")]
        )
        for metric in self.env["cs.metric"].browse(shipped.mapped("res_id")):
            if not metric.product_id:
                self.assertTrue(metric.description and metric.dimension, metric.key)


@tagged("post_install", "-at_install")
class TestByHand(FactsCase):
    """What people write on a customer is a fact at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.csm_id = cls.csm
        cls.own = cls.account.with_user(cls.csm)
        cls.argo = cls.env["cs.competitor"].create({"name": "Argo"})

    def test_the_previous_vendor(self):
        self.assertIsNone(self.judged(metric="from_competitor"))
        self.own.competitor_id = self.argo
        self.assertEqual(self.judged(metric="from_competitor"), 1)
        self.own.write({"competitor_id": False, "competitor_known": True})
        self.assertEqual(self.judged(metric="from_competitor"), 0)
        self.own.competitor_known = False
        self.assertIsNone(self.judged(metric="from_competitor"))

    def test_a_customer_made_with_it(self):
        account = self.make_account("Nova", competitor_id=self.argo.id)
        self.assertEqual(self.judged(metric="from_competitor", account=account), 1)
        self.assertIsNone(self.judged(metric="potential", account=account))

    def test_the_potential_is_as_old_as_its_review(self):
        with self.at_time("2026-01-10 12:00:00"):
            self.own.write({"potential": "high", "potential_mrr": 900})
            self.assertEqual(self.account.potential_reviewed_on, date(2026, 1, 10))
            self.assertEqual(self.judged(metric="potential"), 900)
        self.assertEqual(self.history("potential"), [("2026-01-10 03:00:00", 900)])
        with self.at_time("2026-03-01 12:00:00"):
            self.assertEqual(self.judged(metric="last_potential_review"), 50)
            self.own.action_potential_reviewed()
            self.assertEqual(self.judged(metric="last_potential_review"), 0)
        self.assertEqual(
            self.history("potential"),
            [("2026-01-10 03:00:00", 900), ("2026-03-01 03:00:00", 900)],
        )

    def test_nothing_more_to_sell_is_known_too(self):
        self.own.potential_mrr = 0
        self.assertEqual(self.judged(metric="potential"), 0)

    def test_a_review_has_happened(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self.own.potential_reviewed_on = "2999-01-01"

    def test_merged_customers_keep_what_was_written(self):
        older = self.make_account("Antiga")
        self.account.write({"competitor_id": self.argo.id, "potential_mrr": 50})
        older._merge_into_self(self.account)
        self.assertEqual(older.competitor_id, self.argo)
        self.assertEqual(older.potential_mrr, 50)
        self.assertTrue(older.potential_reviewed_on)


@tagged("post_install", "-at_install")
class TestMoments(FactsCase):
    """Moments of the relationship that interactions and journeys tell."""

    def log(self, kind, when):
        self.env["cs.interaction"].create(
            {"account_id": self.account.id, "kind": kind, "date": when}
        )

    def test_meetings_visits_and_trainings(self):
        with self.at_time("2026-03-01 12:00:00"):
            self.assertIsNone(self.judged(metric="trainings_held"))
            self.log("results_meeting", "2026-01-10 15:00:00")
            self.log("results_meeting", "2025-10-10 15:00:00")
            self.assertEqual(self.judged(metric="trainings_held"), 0)
            self.log("training", "2026-01-12 15:00:00")
            self.log("training", "2026-01-13 15:00:00")
            self.assertEqual(self.judged(metric="last_results_meeting"), 50)
            self.assertIsNone(self.judged(metric="last_visit"))
            self.assertEqual(self.judged(metric="trainings_held"), 2)
            meeting = self.env["cs.interaction"].search(
                [("account_id", "=", self.account.id)], order="date desc", limit=1
            )
            meeting.kind = "visit"
            self.assertEqual(self.judged(metric="last_visit"), 47)
            self.assertEqual(self.judged(metric="trainings_held"), 1)

    def test_the_end_of_the_contract(self):
        with self.at_time("2026-01-20 12:00:00"):
            subscription = self.env["cs.subscription"].create(
                {
                    "account_id": self.account.id,
                    "name": "Plan",
                    "start_on": "2025-01-01",
                    "end_on": "2025-12-31",
                }
            )
            self.assertEqual(self.judged(metric="contract_ended"), 20)
            subscription.copy({"start_on": "2026-01-15", "end_on": False})
            self.assertIsNone(self.judged(metric="contract_ended"))

    def test_go_live_and_the_phase(self):
        template = self.env.ref("customer_success.cs_journey_template_enterprise")
        sources = self.env["cs.metric.source"]
        with self.at_time("2026-01-05 12:00:00"):
            journey = self.account.start_journey(template)
            sources._run_builtin(self.account)
            self.assertIsNone(self.judged(metric="go_live"))
            self.assertEqual(self.judged(metric="phase_since"), 0)
        for day in ("2026-01-20", "2026-02-01", "2026-03-20"):
            with self.at_time(f"{day} 12:00:00"):
                journey.action_advance("done")
        with self.at_time("2026-03-23 12:00:00"):
            sources._run_builtin(self.account)
            self.assertEqual(self.judged(metric="go_live"), 50)
            self.assertEqual(self.judged(metric="phase_since"), 3)
