from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CsAccount(models.Model):
    """How closely a customer is served: as its segment, or as set by hand."""

    _inherit = "cs.account"

    touch_model_by_hand = fields.Boolean(
        readonly=True,
        help="The touch model was set on the customer: the segment's doesn't count.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_touch_by_hand(vals) for vals in vals_list])

    def write(self, vals):
        """Let a touch model that is emptied be the segment's again."""
        result = super().write(self._with_touch_by_hand(vals))
        if "touch_model" in vals and not vals["touch_model"]:
            # sudo: the segment is the company's, whoever works the customer
            self.segment_id.sudo()._give_touch_model(self)
        return result

    @api.model
    def _with_touch_by_hand(self, vals):
        if "touch_model" not in vals or "touch_model_by_hand" in vals:
            return vals
        return {**vals, "touch_model_by_hand": bool(vals["touch_model"])}

    @api.constrains("csm_id", "touch_model", "state", "active")
    def _check_exclusive_touch(self):
        """A CSM with an exclusive customer takes no other.

        :raise ValidationError: names the CSM and the customer that is exclusive
        """
        served = self.filtered(lambda one: one.state == "active" and one.active)
        # sudo: the other customer may be one that the user doesn't see
        groups = self.sudo()._read_group(
            [("csm_id", "in", served.csm_id.ids), ("state", "=", "active")],
            ["csm_id"],
            ["__count"],
        )
        several = [csm.id for csm, count in groups if count > 1]
        if not several:
            return
        exclusive = self.sudo().search(
            [
                ("csm_id", "in", several),
                ("state", "=", "active"),
                ("touch_model", "=", "exclusive"),
            ],
            limit=1,
        )
        if exclusive:
            raise ValidationError(
                self.env._(
                    "%(csm)s serves %(customer)s exclusively and takes no other "
                    "customer. Choose another CSM, or another touch model.",
                    csm=exclusive.csm_id.name,
                    customer=exclusive.display_name,
                )
            )

    # What the machine changed, many at once, without asking anybody

    def _settle_exclusive_touch(self):
        """Take customers from CSMs who may not carry them beside the others.

        For customers whose touch model or state the machine has changed: of a CSM
        who serves somebody exclusively, these leave until one customer, or none that
        is exclusive, is left. The managers are told to name somebody.

        :return: the accounts that have no CSM now
        """
        leaving = self.browse()
        if not self:
            return leaving
        # sudo: whom a colleague carries matters, whoever's action changed these
        carried_by_csm = self.sudo()._carried_beside_exclusive().grouped("csm_id")
        for carried in carried_by_csm.values():
            leaving |= carried._too_many_beside_exclusive(self)
        if leaving:
            leaving.write({"csm_id": False})
            leaving._tell_managers_who_needs_a_csm()
        return leaving.with_env(self.env)

    def _carried_beside_exclusive(self):
        """Return all that the CSMs of these carry, where one of it is exclusive."""
        self.flush_model(["csm_id", "touch_model", "state", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM cs_account
                 WHERE active AND state = 'active' AND csm_id IN (
                       SELECT e.csm_id
                         FROM cs_account e
                         JOIN cs_account a ON a.csm_id = e.csm_id
                        WHERE e.touch_model = 'exclusive'
                          AND e.active AND e.state = 'active' AND a.id = ANY(%s))
                 ORDER BY id
                """,
                self.ids,
            )
        )
        return self.browse(account_id for (account_id,) in rows)

    def _too_many_beside_exclusive(self, changed):
        """Return which of one CSM's customers leave, of those that have changed."""
        exclusive = self.filtered(lambda one: one.touch_model == "exclusive")
        late = self & changed.sudo()
        leaving = self.browse()
        # Who became exclusive first: the others of the portfolio stay where they are.
        for account in (late & exclusive) + (late - exclusive):
            if len(self - leaving) > 1 and exclusive - leaving:
                leaving += account
        return leaving

    def _tell_managers_who_needs_a_csm(self):
        members = self.env["cs.team.member"]
        for company, accounts in self.grouped("company_id").items():
            for manager in members._managers(company):
                accounts.with_context(lang=manager.lang)._tell_who_needs_a_csm(manager)

    def _tell_who_needs_a_csm(self, manager):
        links = Markup().join(
            Markup("<li>%s</li>") % account._get_html_link() for account in self[:50]
        )
        self.env["mail.thread"].message_notify(
            partner_ids=manager.partner_id.ids,
            subject=self.env._("Customers need another CSM: %s", len(self)),
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (
                self.env._(
                    "Their CSM cannot keep them: who serves one customer exclusively "
                    "takes no other. Choose a CSM for each."
                ),
                links,
            ),
        )
