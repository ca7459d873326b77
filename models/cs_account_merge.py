from odoo import Command, api, fields, models
from odoo.tools import SQL

# Rows of which an account may have one only, by the columns that tell them apart:
# where both accounts have one, the kept account's stays.
UNIQUE_PER_ACCOUNT = {
    "cs.contact": "partner_id",
    "cs.health.snapshot": "day",
}
# A person may be on each of these once only: by the model, of what.
UNIQUE_PER_PERSON = {
    "cs.contact": "account_id",
    "cs.handoff.contact": "handoff_id",
}
# What the row that stays takes from the one that goes, where it is empty.
FILLED_BY_TWIN = {
    "cs.contact": ("role_id", "expectations"),
    "cs.handoff.contact": ("role_id", "expectations"),
}
# What a customer takes from another one, where the first of them is empty.
FILLED_TOGETHER = (
    ("csm_id",),
    ("touch_model_by_hand", "touch_model"),
    ("industry_id",),
    ("package_id",),
    ("competitor_id",),
    ("competitor_known",),
    ("potential_reviewed_on", "potential", "potential_mrr"),
)
# What a customer shows of its lifecycle journey.
SHOWN_OF_LIFECYCLE = (
    "phase_id",
    "phase_entered_on",
    "phase_deadline",
    "pace",
    "stage_progress",
)


class CsAccount(models.Model):
    """Two customers that turn out to be one: everything moves to the older."""

    _inherit = "cs.account"

    @api.model
    def _merge_for_partners(self, partners):
        """Merge the accounts of partners that are about to become one contact.

        :param partners: the res.partner records of one merge
        """
        # sudo: whoever may merge contacts need not see the customers behind them
        accounts = self.sudo().with_context(active_test=False)
        same = accounts.search([("partner_id", "in", partners.ids)], order="id")
        for of_company in same.grouped("company_id").values():
            of_company[0]._merge_into_self(of_company[1:])
        accounts._merge_people(partners)

    def _merge_into_self(self, others):
        """Move all that hangs on other accounts to this one, then delete them."""
        self.ensure_one()
        if not others:
            return
        self.env.flush_all()
        self._take_facts(others)
        of_all = SQL("account_id IN %s", tuple((self | others).ids))
        for model, name in UNIQUE_PER_ACCOUNT.items():
            self._drop_twins(model, of_all, name, "account_id")
        self._settle_rivals(others)
        lifecycle = (self | others).lifecycle_journey_id
        shown = {name: lifecycle.account_id[name] for name in SHOWN_OF_LIFECYCLE}
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._update_foreign_keys_generic("cs.account", others, self)
        merge._update_reference_fields_generic("cs.account", others, self)
        self.env.invalidate_all()
        if lifecycle:
            self.write(shown)
        self._fill_from(others)
        others.with_context(tracking_disable=True).unlink()
        self._judge_anew()

    @api.model
    def _drop_twins(self, model, scope, alike, order):
        """Delete rows that are the same as an older one, which stays.

        :param model: the name of the model
        :param scope: an ``SQL`` condition on its table
        :param alike: the column that is the same in twins
        :param order: the column by which the oldest comes first
        """
        self.env.flush_all()
        records = self.env[model]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, kept FROM (
                    SELECT id, first_value(id)
                               OVER (PARTITION BY %(alike)s ORDER BY %(order)s, id)
                               AS kept
                      FROM %(table)s WHERE %(scope)s) t
                 WHERE id != kept
                 ORDER BY id
                """,
                alike=SQL.identifier(alike),
                order=SQL.identifier(order),
                table=SQL.identifier(records._table),
                scope=scope,
            )
        )
        for twin_id, kept_id in rows:
            self._give_to_twin(records.browse(twin_id), records.browse(kept_id))
        records.browse(twin_id for twin_id, _kept_id in rows).unlink()

    @api.model
    def _give_to_twin(self, twin, kept):
        """Let what hangs on a row, and what only it knows, go to the one that stays."""
        names = FILLED_BY_TWIN.get(twin._name, ())
        kept.write(
            {name: twin[name] for name in names if twin[name] and not kept[name]}
        )
        if twin._name == "cs.contact":
            met = self.env["cs.interaction"].search([("contact_ids", "in", twin.ids)])
            met.write({"contact_ids": [Command.link(kept.id)]})
            self.env["cs.plan"]._write_to_instead(twin, kept)

    def _settle_rivals(self, others):
        """End what a customer has once only, where an older account has it too."""
        alive = [("state", "in", ("running", "paused"))]
        rivals = (self | others)._later_twins(
            "cs.journey",
            alive,
            lambda journey: journey.kind == "lifecycle" or journey.template_id,
        )
        reason = self.env._("Merged with another customer")
        rivals.action_cancel(reason)
        (self | others)._later_twins(
            "cs.alert", [("state", "=", "open")], lambda alert: alert.rule_id
        )._close(reason)
        others._close_overrides(fields.Datetime.now())
        self.env.flush_all()

    def _later_twins(self, model, domain, key):
        """Return records of these accounts whose like an older account has."""
        records = self.env[model].search(
            [("account_id", "in", self.ids), *domain], order="account_id, id"
        )
        records = records.sorted(lambda record: (record.account_id.id, record.id))
        same = records.grouped(key)
        return records.browse().concat(*(alike[1:] for alike in same.values()))

    def _fill_from(self, others):
        """Take from the others what this account does not know."""
        for names in FILLED_TOGETHER:
            if not self[names[0]]:
                knowing = others.filtered(names[0])[:1]
                self.write({name: knowing[name] for name in names})
        if any(others.mapped("active")):
            self.active = True
        if self.state == "churned" and "active" in others.mapped("state"):
            self._reactivate()
        if any(other.csm_id != self.csm_id for other in others):
            self._hand_tasks_to_csm(others.csm_id)

    def _judge_anew(self):
        """Count, segment and score the customer with all that came to it."""
        self.env["cs.metric.source"]._run_builtin(self)
        self.env["cs.segment"]._assign(self)
        self._score()

    @api.model
    def _merge_people(self, partners):
        """A person merged from two contacts is one on each account and handoff."""
        for model, name in UNIQUE_PER_PERSON.items():
            scope = SQL("partner_id IN %s", tuple(partners.ids))
            self._drop_twins(model, scope, name, "id")
