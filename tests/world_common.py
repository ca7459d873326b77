from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .common import CsCase


class WorldCase(CsCase):
    """Makes a customer of whom every model of the addon holds something."""

    @classmethod
    def followed_customer(cls, csm=None, **deal):
        """Walk a deal of the current company to a followed customer with an alert.

        :param csm: who follows the customer and is of the team
        :param deal: more values of the handoff
        """
        csm = csm or cls.csm
        product = cls.env["product.product"].create({"name": "A", "type": "service"})
        person = cls.env["res.partner"].create({"name": "Marta"})
        ongoing = cls.env.ref("customer_success.cs_phase_ongoing")
        cls.env["cs.segment"].create(
            {
                "name": "Of one company",
                "sequence": 99,
                "company_id": cls.env.company.id,
                "phase_ids": [
                    Command.create({"phase_id": ongoing.id, "followup_days": 30})
                ],
            }
        )
        handoff = cls.env["cs.handoff"].create(
            {
                "partner_id": cls.make_partner("Aurora").id,
                "csm_id": csm.id,
                "employees": 50,
                "mrr": 900,
                "contract_months": 1,
                "line_ids": [Command.create({"product_id": product.id, "mrr": 900})],
                "contact_ids": [Command.create({"partner_id": person.id})],
                **deal,
            }
        )
        handoff.action_submit()
        handoff.action_accept()
        account = handoff.account_id
        account.subscription_ids.billing_months = 12
        cls.judged_stage(account)
        cls.env["cs.interaction"].create({"account_id": account.id, "kind": "call"})
        cls.env["cs.billing.line"].create(
            {"account_id": account.id, "month": "2026-01-01", "amount": 900}
        )
        cls.env["cs.alert.rule"].search([])._run()
        cls.env["cs.team.member"].create({"user_id": csm.id})
        cls.source_with_a_run()
        cls.feature_of(product)
        keys = cls.env["cs.ingest.key.make"].with_user(cls.admin)
        keys.create({"name": "Hub"}).action_make()
        account.action_override_health("The sponsor left", band="yellow")
        yesterday = account._today() - timedelta(days=1)
        wish = cls.env["cs.health.rebuild"].create(
            {
                "scorecard_id": account.health_scorecard_id.id,
                "date_from": yesterday - timedelta(days=1),
                "date_to": yesterday,
            }
        )
        wish._rebuild_next_day()
        cls.record(account, csat=4)
        reading = cls.env["cs.metric.reading"].search(
            [("account_id", "=", account.id), ("metric_id.key", "=", "csat")]
        )
        reading.with_user(cls.admin).action_withdraw("A slip")
        cls.backtest_of(account)
        cls.diagnosed(account)
        # What waits to be judged is judged at once by now: something comes later.
        cls.env["cs.health.due"].create({"account_id": account.id})
        return account

    @classmethod
    def masters_of_company(cls, company):
        """Make a copy for one company of what is shipped for all."""
        for name in ("segment_enterprise", "scorecard_default", "alert_rule_use_fell"):
            shipped = cls.env.ref(f"customer_success.cs_{name}")
            shipped.copy({"company_id": company.id})

    @classmethod
    def diagnosed(cls, account):
        """Let the customer have a diagnostic of its company, a plan, an objective."""
        template = cls.env["cs.diagnostic.template"].create(
            {"name": "Of one company", "company_id": cls.env.company.id}
        )
        action = {"name": "Act", "template_id": template.id}
        action = cls.env["cs.diagnostic.action"].create(action)
        area = {"name": "Area", "template_id": template.id}
        area = cls.env["cs.diagnostic.area"].create(area)
        cls.env["cs.diagnostic.question"].create(
            {
                "name": "Is it so?",
                "area_id": area.id,
                "partly_action_ids": [Command.set(action.ids)],
            }
        )
        goal = {"name": "Reach it", "template_id": template.id}
        cls.env["cs.diagnostic.goal"].create(goal)
        cls.env["cs.diagnostic.probe"].create(
            {
                "question_id": template.question_ids.id,
                "erp_id": cls.env.ref("customer_success.diagnostic_erp_odoo").id,
                "query": "SELECT 1 AS value",
                "note": "{value}",
                "done_at": 1,
            }
        )
        cls.env["cs.customer.database"].create(
            {
                "account_id": account.id,
                "name": "Copy",
                "host": "db.example.com",
                "database": "erp",
                "username": "cs_reader",
                "password": "secret",
                "copied_on": account._today(),
            }
        )
        diagnostic = cls.env["cs.diagnostic"].start(account, template)
        diagnostic.answer_ids.answer = "partly"
        diagnostic.create_plan()
        cls.asked_for(account)

    @classmethod
    def asked_for(cls, account):
        """Let the customer have asked for something."""
        topic = {"name": "Of one company", "company_id": account.company_id.id}
        request = {"account_id": account.id, "name": "Ask", "kind": "request"}
        request["topic_id"] = cls.env["cs.improvement.topic"].create(topic).id
        cls.env["cs.improvement"].create(request)

    @classmethod
    def backtest_of(cls, account):
        card = cls.env.ref("customer_success.cs_scorecard_default")
        backtest = cls.env["cs.health.backtest"].create(
            {
                "scorecard_id": card.id,
                "state": "done",
                "line_ids": [Command.create({"kind": "band", "band": "red"})],
                "customer_ids": [Command.create({"account_id": account.id})],
            }
        )
        cls.env["cs.health.backtest.observation"].create(
            {
                "backtest_id": backtest.id,
                "account_id": account.id,
                "day": "2026-01-01",
                "band": "red",
            }
        )
        cls.judged_before(account, card)

    @classmethod
    def judged_before(cls, account, card):
        """Let the customer have gone from red to yellow a month ago."""
        month = account._today().replace(day=1)
        account.subscription_ids.start_on = month - relativedelta(months=6)
        lines = [{"measure_id": card.measure_ids[0].id, "points": 50, "weight": 1}]
        cls.env["cs.health.snapshot"].create(
            [
                {
                    "account_id": account.id,
                    "day": month - relativedelta(months=months),
                    "at": month - relativedelta(months=months),
                    "scorecard_id": card.id,
                    "band": band,
                    "lines": lines,
                }
                for months, band in ((2, "red"), (1, "yellow"))
            ]
        )

    @classmethod
    def judged_stage(cls, account):
        """Let the customer be judged in a stage by an indicator."""
        indicator = {
            "name": "NPS",
            "kind": "indicator",
            "metric_id": cls.env.ref("customer_success.cs_metric_nps").id,
        }
        stage = {"name": "Ask", "task_ids": [Command.create(indicator)]}
        question = {"metric_id": indicator["metric_id"], "operator": "known"}
        gated = {
            "name": "Answered",
            "sequence": 20,
            "gate": "condition",
            "gate_condition_ids": [Command.create(question)],
        }
        template = cls.env["cs.journey.template"].create(
            {
                "name": "Judged",
                "kind": "risk",
                "company_id": account.company_id.id,
                "stage_ids": [Command.create(stage), Command.create(gated)],
            }
        )
        cls.env["cs.journey"]._start_journeys(account, template)

    @classmethod
    def feature_of(cls, product):
        cls.env["cs.metric"].create(
            {
                "key": f"of_the_product_{product.id}",
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
                "company_id": cls.env.company.id,
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
                "company_id": cls.env.company.id,
                "page_ids": [Command.create({"number": 0, "cells": [[2, ["a"]]]})],
            }
        )
