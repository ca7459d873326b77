import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sources import registry

#: Fields that say how often, not what is fetched.
_NOT_ITS_QUESTION = {
    "name", "sequence", "active", "is_automatic", "interval_number", "interval_type",
}  # fmt: skip


class CsMetricSource(models.Model):
    """What the sources share that fetch rows from somewhere else."""

    _name = "cs.metric.source"
    _inherit = ["cs.metric.source", "cs.secret.holder"]
    _secret_model = "cs.metric.source.secret"  # noqa: S105

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        copy=False,
        readonly=True,
        help="The fetch sees what this person may see: whoever last changed what is "
        "fetched.",
    )
    customer_column = fields.Char(
        help="The column that says which customer a row is about: external id, "
        "reference or CNPJ."
    )
    at_column = fields.Char(
        string="Time column",
        help="The column with the moment of which the values were true. Empty: the "
        "moment of the fetch.",
    )
    line_ids = fields.One2many(
        comodel_name="cs.metric.source.line",
        inverse_name="source_id",
        string="Values",
        copy=True,
    )
    unmatched_ids = fields.One2many(
        comodel_name="cs.metric.unmatched",
        inverse_name="source_id",
        string="Unmatched names",
        groups="customer_success.group_cs_specialist",
    )
    unmatched_count = fields.Integer(
        string="Unmatched",
        compute="_compute_unmatched_count",
        groups="customer_success.group_cs_specialist",
    )
    secret = fields.Char(
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="base.group_system",
        copy=False,
        help="Can be written, never read again.",
    )
    position = fields.Json(
        copy=False,
        help="Where a long fetch stands that was interrupted; it goes on from there.",
    )

    @api.depends("unmatched_ids.state")
    def _compute_unmatched_count(self):
        counts = dict(
            self.env["cs.metric.unmatched"]._read_group(
                [("source_id", "in", self.ids), ("state", "=", "waiting")],
                ["source_id"],
                ["__count"],
            )
        )
        for source in self:
            source.unmatched_count = counts.get(source, 0)

    def _check_may_set_secret(self):
        if not self.env.user._is_system() and not self.env.su:
            raise AccessError(
                self.env._("Only a system administrator sets the secret of a source.")
            )

    def write(self, vals):
        if self.env.su or not set(vals) - _NOT_ITS_QUESTION:
            return super().write(vals)
        before = self._destinations()
        # Whose eyes the fetch has must not be what another one may see.
        result = super().write({**vals, "user_id": self.env.uid, **self._anew()})
        self._forget_secrets_sent_elsewhere(before)
        return result

    def _own(self):
        """Become the owner, for what is fetched was changed."""
        if not self.env.su:
            self.write({"user_id": self.env.uid})

    def _anew(self):
        """Return the values with which the next fetch begins from the beginning."""
        return {"position": False}

    def _destinations(self):
        return {source: registry.kind_of(source).destination() for source in self}

    def _forget_secrets_sent_elsewhere(self, before):
        """Drop the secrets that others than who knows them would send elsewhere.

        :param before: what :meth:`_destinations` was before the change
        """
        if self.env.user._is_system():
            return
        for source, destination in self._destinations().items():
            if destination != before[source]:
                source._forget_secret()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def _as_owner(self):
        """Return the source with the rights, companies and language of its owner.

        :raise UserError: the owner left
        """
        self.ensure_one()
        # sudo: who it is and where they work is needed to become them.
        owner = self.sudo().user_id
        if not owner.active:
            raise UserError(
                self.env._(
                    "%(owner)s, who owns this source, is no longer active: open and "
                    "save it as somebody else.",
                    owner=owner.name,
                )
            )
        companies = self.sudo().company_id or owner.company_ids
        return (
            self.with_user(owner)
            .sudo(False)
            .with_context(
                allowed_company_ids=companies.ids, lang=owner.lang, tz=owner.tz
            )
        )

    def action_test(self):
        """Show the first rows as they would be recorded; nothing is stored.

        :raise UserError: they can't be fetched, and why
        """
        self.ensure_one()
        self.check_access("write")
        try:
            preview = self.env["cs.metric.source.preview"]._of(self)
        except psycopg2.OperationalError:
            raise  # another transaction came across this one: Odoo tries again
        except Exception as error:
            # Of other classes, kinds of UserError too, the client shows a traceback.
            is_known = type(error).__module__ == UserError.__module__
            raise error if is_known else UserError(self._reason(error)) from None
        return {
            "type": "ir.actions.act_window",
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("First rows of %(name)s", name=self.name),
        }

    def action_unmatched(self):
        """Open what waits for a customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_unmatched_action"
        )
        action["domain"] = [("source_id", "=", self.id)]
        return action

    @api.constrains("kind", "line_ids", "customer_column")
    def _check_question(self):
        """Refuse settings with which the kind could fetch nothing."""
        for source in self:
            if source.kind in registry.KINDS:
                registry.kind_of(source).check()
