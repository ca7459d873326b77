from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..facts.account_resolver import vat_key
from ..sheets.cells import BadRow
from ..sheets.partner_index import PartnerIndex

_CNPJ_LENGTH = 14


class CsUnmatchedCustomer(models.TransientModel):
    """Makes customers of names that a source calls them by."""

    _name = "cs.unmatched.customer"
    _inherit = "cs.company.choice"
    _description = "Customers of Unmatched Names"

    unmatched_ids = fields.Many2many(
        comodel_name="cs.metric.unmatched", string="Names", readonly=True
    )
    csm_id = fields.Many2one(
        comodel_name="res.users",
        string="CSM",
        domain=lambda self: self.env["res.users"]._domain_of_csms("company_id"),
        help="In whose portfolio they are. Empty: nobody's yet.",
    )
    line_ids = fields.One2many(
        comodel_name="cs.unmatched.customer.line",
        inverse_name="wizard_id",
        string="Customers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        names = self.env["cs.metric.unmatched"].browse(
            self.env.context.get("default_unmatched_ids")
        )
        if len(names.source_id.company_id) == 1:
            values["company_id"] = names.source_id.company_id.id
        return values

    @api.depends("unmatched_ids", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            rows = {name: _row_of(name.reference) for name in wizard.unmatched_ids}
            index = PartnerIndex(self.env, wizard.company_id, list(rows.values()))
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "unmatched_id": name._origin.id,
                            "name": row["name"],
                            "vat": row["vat"],
                            "partner_id": _known(index, row),
                        }
                    )
                    for name, row in rows.items()
                ),
            ]

    def action_confirm(self):
        """Make the customers, and record what waited for them.

        :raise UserError: some are no more among the names that wait, or somebody is a
            customer already
        """
        self.ensure_one()
        if not self.env["cs.account"].has_access("create"):
            raise AccessError(self.env._("You may not make customers."))
        lines = self.line_ids
        if lines.unmatched_id.filtered(lambda name: name.state != "waiting"):
            raise UserError(
                self.env._("Somebody dealt with these names meanwhile: look again.")
            )
        lines._make_partners()
        accounts = self.env["cs.account"].create(
            [
                {
                    "partner_id": line.partner_id.id,
                    "company_id": self.company_id.id,
                    "csm_id": self.csm_id.id,
                }
                for line in lines
            ]
        )
        lines.unmatched_id._explain(
            dict(zip(lines.unmatched_id, accounts, strict=True))
        )
        return {"type": "ir.actions.act_window_close"}


def _row_of(reference):
    """Return what a name says of a company: its name, and its CNPJ if it is one."""
    is_cnpj = len(vat_key(reference)) == _CNPJ_LENGTH
    vat = reference if is_cnpj else False
    return {"ref": reference, "vat": vat, "name": reference}


def _known(index, row):
    try:
        partner = index.find(row)
    except BadRow:
        return False
    return partner.id if partner else False
