from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cs_account import MOODS

INTERACTION_KINDS = [
    ("meeting", "Meeting"),
    ("results_meeting", "Results meeting"),
    ("call", "Call"),
    ("email", "E-mail"),
    ("visit", "Visit"),
    ("training", "Training"),
    ("message", "Message"),
]
#: What the facts of a customer are made of.
OF_FACTS = {"account_id", "date", "kind", "mood", "contact_ids"}


class CsInteraction(models.Model):
    """Something that happened with a customer: the history that the team shares."""

    _name = "cs.interaction"
    _inherit = "cs.account.part"
    _description = "Interaction"
    _order = "date desc, id desc"

    kind = fields.Selection(
        selection=INTERACTION_KINDS, default="meeting", required=True
    )
    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    minutes = fields.Integer(string="Duration (minutes)", aggregator="sum")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        default=lambda self: self.env.user,
        index=True,
        domain=[("share", "=", False)],
    )
    contact_ids = fields.Many2many(
        comodel_name="cs.contact",
        string="With",
        domain="[('account_id', '=', account_id)]",
    )
    mood = fields.Selection(
        selection=MOODS, help="How the customer left: it becomes the customer's mood."
    )
    notes = fields.Html()
    next_step = fields.Char(string="Next step")
    task_id = fields.Many2one(
        comodel_name="cs.task", ondelete="set null", index="btree_not_null"
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "A duration cannot be negative."
    )

    @api.depends("account_id", "kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for interaction in self:
            customer = interaction.account_id.display_name
            interaction.display_name = f"{kinds.get(interaction.kind, '')}: {customer}"

    @api.constrains("date")
    def _check_has_happened(self):
        # Clocks differ by some minutes; a plan for tomorrow is not an interaction.
        limit = fields.Datetime.now() + timedelta(minutes=5)
        for interaction in self:
            if interaction.date > limit:
                raise ValidationError(
                    self.env._(
                        "An interaction has happened already: %(date)s is in the "
                        "future.",
                        date=fields.Datetime.to_string(interaction.date),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Record interactions; the newest one gives its mood to the customer."""
        interactions = super().create(vals_list)
        interactions._refresh_facts(interactions.account_id)
        return interactions

    def write(self, vals):
        accounts = self.account_id
        result = super().write(vals)
        if not vals.keys().isdisjoint(
            {"account_id", "date", "kind", "mood", "contact_ids"}
        ):
            self._refresh_facts(accounts | self.account_id)
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        self._refresh_facts(accounts)
        return result

    @api.model
    def _refresh_facts(self, accounts):
        """Let the customers show their newest interaction and newest known mood."""
        if accounts:
            accounts._refresh_at_once(["interaction", "contact"])
            accounts._refresh_followups(accounts)
