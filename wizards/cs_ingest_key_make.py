from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CsIngestKeyMake(models.TransientModel):
    """Asks for which system a key is, makes it and shows it once."""

    _name = "cs.ingest.key.make"
    _description = "Make a Key for Recording Facts"

    name = fields.Char(
        string="System", required=True, help="Who will send facts with this key."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="API user",
        domain=lambda self: self._domain_user(),
        help="Empty: a new user is made that can record facts and nothing else.",
    )
    company_ids = fields.Many2many(
        comodel_name="res.company",
        string="Companies",
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        help="Of whose customers it may record facts.",
    )
    expires_on = fields.Date(
        string="Good until",
        required=True,
        default=lambda self: self.env["cs.account"]._today() + relativedelta(years=1),
        help="Administrators are told 30 days before.",
    )

    @api.model
    def _domain_user(self):
        group = self.env.ref("customer_success.group_cs_ingest")
        return [("group_ids", "in", group.ids), ("share", "=", True)]

    @api.constrains("expires_on")
    def _check_expires_on(self):
        if any(make.expires_on <= self.env["cs.account"]._today() for make in self):
            raise UserError(self.env._("A key must be good until a day to come."))

    def action_make(self):
        """Make the key and show it, this once."""
        self.ensure_one()
        keys = self.env["cs.ingest.key"]
        keys._check_is_administrator()
        user = self.user_id or self._make_user()
        _key, text = keys._make(self.name, user, self.expires_on)
        view = self.env.ref("customer_success.cs_ingest_key_show_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Your key"),
            "res_model": "res.users.apikeys.show",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_key": text},
        }

    def _make_user(self):
        """Make a user who can record facts of the chosen companies and nothing else."""
        companies = self.company_ids or self.env.company
        group = self.env.ref("customer_success.group_cs_ingest")
        users = self.env["res.users"].with_context(no_reset_password=True)
        # sudo: an administrator of customer success may make no users but these, of
        # this one group and of companies that they may read; nobody signs in as one.
        return users.sudo().create(
            {
                "name": self.env._("%(system)s (facts)", system=self.name),
                "login": f"cs-ingest-{self.id}-{fields.Datetime.now():%Y%m%d%H%M%S}",
                "group_ids": [Command.set(group.ids)],
                "company_ids": [Command.set(companies.ids)],
                "company_id": companies[:1].id,
            }
        )
