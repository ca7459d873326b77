from odoo import api, models
from odoo.tools import SQL

# Rows of which an account may have one only, by the columns that tell them apart:
# where both accounts have one, the kept account's stays.
UNIQUE_PER_ACCOUNT = {
    "cs.contact": ["partner_id"],
    "cs.health.snapshot": ["day"],
}


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
        self._merge_stakeholders(partners)

    def _merge_into_self(self, others):
        """Move all that hangs on other accounts to this one, then delete them."""
        self.ensure_one()
        if not others:
            return
        self.env.flush_all()
        self._take_facts(others)
        for model, columns in UNIQUE_PER_ACCOUNT.items():
            self._drop_twins(model, columns, others)
        self._settle_rivals(others)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._update_foreign_keys_generic("cs.account", others, self)
        merge._update_reference_fields_generic("cs.account", others, self)
        self.env.invalidate_all()
        self._fill_from(others)
        others.with_context(tracking_disable=True).unlink()

    def _drop_twins(self, model, columns, others):
        """Delete rows of the others that this account, or an older other, has too."""
        same = SQL(" AND ").join(
            SQL(
                "%s IS NOT DISTINCT FROM %s",
                SQL.identifier("twin", column),
                SQL.identifier("kept", column),
            )
            for column in columns
        )
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM %(table)s twin USING %(table)s kept
                 WHERE twin.account_id IN %(others)s
                   AND kept.account_id IN %(all)s
                   AND kept.account_id < twin.account_id AND %(same)s
                """,
                table=table,
                others=tuple(others.ids),
                all=tuple((self | others).ids),
                same=same,
            )
        )

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
        for name in ("csm_id", "industry_id", "package_id", "competitor_id"):
            if not self[name]:
                self[name] = next((o[name] for o in others if o[name]), False)
        if "active" in others.mapped("state"):
            self.state = "active"

    @api.model
    def _merge_stakeholders(self, partners):
        """A person merged from two contacts is one stakeholder of each account."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cs_contact twin USING cs_contact kept
                 WHERE twin.partner_id IN %(partners)s
                   AND kept.partner_id IN %(partners)s
                   AND kept.account_id = twin.account_id AND kept.id < twin.id
                """,
                partners=tuple(partners.ids),
            )
        )
        self.env["cs.contact"].invalidate_model()
