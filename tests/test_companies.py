from odoo.fields import Command

from .common import CsCase

# Masters and drafts of dialogs hold nothing of a customer.
OF_NO_CUSTOMER = {
    "cs.churn.reason",
    "cs.competitor",
    "cs.contact.role",
    "cs.handoff.check",
    "cs.industry",
    "cs.machine",
    "cs.machine.round",
    "cs.metric",
    # Which nobody may read, see test_metric_source_fetch.
    "cs.metric.source.secret",
    "cs.package",
    "cs.phase",
}


class TestCompanies(CsCase):
    """Company B sees nothing of company A, whatever the model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "CS B"})
        cls.stranger = cls.make_user(
            "cs_b",
            "customer_success.group_cs_admin",
            company_ids=[Command.set(cls.other.ids)],
            company_id=cls.other.id,
        )
        cls.account = cls.followed_customer()

    @classmethod
    def followed_customer(cls):
        """Walk a deal of this company to a followed customer with an alert."""
        product = cls.env["product.product"].create({"name": "A", "type": "service"})
        person = cls.env["res.partner"].create({"name": "Marta"})
        for model in ("cs.segment", "cs.scorecard", "cs.alert.rule"):
            cls.env[model].search([]).write({"company_id": cls.company.id})
        cls.env["cs.segment.phase"].create(
            {
                "segment_id": cls.env["cs.segment"].search([], limit=1).id,
                "phase_id": cls.env.ref("customer_success.cs_phase_ongoing").id,
                "followup_days": 30,
            }
        )
        handoff = cls.env["cs.handoff"].create(
            {
                "partner_id": cls.make_partner("Aurora").id,
                "employees": 50,
                "mrr": 900,
                "contract_months": 1,
                "line_ids": [Command.create({"product_id": product.id, "mrr": 900})],
                "contact_ids": [Command.create({"partner_id": person.id})],
            }
        )
        handoff.action_submit()
        handoff.action_accept()
        account = handoff.account_id
        account.subscription_ids.billing_months = 12
        cls.env["cs.interaction"].create({"account_id": account.id, "kind": "call"})
        cls.env["cs.billing.line"].create(
            {"account_id": account.id, "month": "2026-01-01", "amount": 900}
        )
        cls.env["cs.alert.rule"].search([])._run()
        cls.env["cs.team.member"].create({"user_id": cls.csm.id})
        cls.source_with_a_run()
        cls.feature_of(product)
        keys = cls.env["cs.ingest.key.make"].with_user(cls.admin)
        keys.create({"name": "Hub"}).action_make()
        cls.record(account, csat=4)
        reading = cls.env["cs.metric.reading"].search(
            [("account_id", "=", account.id), ("metric_id.key", "=", "csat")]
        )
        reading.with_user(cls.admin).action_withdraw("A slip")
        return account

    @classmethod
    def feature_of(cls, product):
        cls.env["cs.metric"].create(
            {
                "key": "of_the_product",
                "name": "Of the product",
                "product_id": product.id,
                "feature_kind": "essential",
                "full_use": 10,
            }
        )

    @classmethod
    def source_with_a_run(cls):
        source = cls.env["cs.metric.source"].create(
            {
                "name": "Planilha",
                "kind": "sheet",
                "company_id": cls.company.id,
                "customer_column": "who",
                "line_ids": [
                    Command.create(
                        {
                            "column": "users",
                            "metric_id": cls.env.ref(
                                "customer_success.cs_metric_active_users"
                            ).id,
                        }
                    )
                ],
            }
        )
        source._note({"read": 1}, 1)
        source.unmatched_ids = [Command.create({"reference": "Quem?"})]
        cls.env["cs.metric.source.item"].create(
            {
                "source_id": source.id,
                "kind": "ticket",
                "key": "1",
                "seen_at": "2026-01-01",
            }
        )
        cls.env["cs.sheet.load"].create(
            {
                "source_id": source.id,
                "kind": "measurements",
                "company_id": cls.company.id,
                "page_ids": [Command.create({"number": 0, "cells": [[2, ["a"]]]})],
            }
        )

    def test_every_model(self):
        """Each model that holds something of a customer is empty for company B."""
        empty = []
        for name, model in self.env.registry.models.items():
            if not name.startswith("cs.") or model._abstract or model._transient:
                continue
            if name in OF_NO_CUSTOMER or name.startswith("cs.journey.template"):
                continue
            if not self.env[name].search_count([]):
                empty.append(name)
            seen = self.env[name].with_user(self.stranger).search([])
            theirs = seen.filtered(lambda record: not self.is_shared(record))
            self.assertFalse(theirs, name)
        self.assertFalse(empty, "Nothing to see in the first place")

    def is_shared(self, record):
        """Whether a record is of no company: shipped for all of them."""
        record = record.sudo()
        return "company_id" in record._fields and not record.company_id
