from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CsJourneyUpdate(models.TransientModel):
    """Shows what the template would change on a journey under way, then does it."""

    _name = "cs.journey.update"
    _description = "Update of a Journey from its Template"

    journey_id = fields.Many2one(
        comodel_name="cs.journey", required=True, ondelete="cascade", readonly=True
    )
    account_id = fields.Many2one(related="journey_id.account_id", related_sudo=False)
    template_id = fields.Many2one(related="journey_id.template_id", related_sudo=False)
    line_ids = fields.One2many(
        comodel_name="cs.journey.update.line",
        inverse_name="wizard_id",
        string="Changes",
        readonly=True,
    )

    def _list_changes(self):
        """Write down what would change, for people to see before it does."""
        changes = self.journey_id._engine()._template_changes()
        self.line_ids = [Command.clear()] + [
            Command.create(
                {
                    "change": change.kind,
                    "stage": change.stage,
                    "task": change.title,
                    "detail": change.detail,
                }
            )
            for change in changes
        ]

    def action_confirm(self):
        """Take over exactly what was shown.

        :raise UserError: template or journey have moved on since it was shown
        """
        self.ensure_one()
        self.journey_id._check_may_move()
        shown = [
            (line.change, line.stage, line.task or "", line.detail)
            for line in self.line_ids
        ]
        changes = self.journey_id._engine()._template_changes()
        if shown != [change.shown for change in changes]:
            raise UserError(
                self.env._(
                    "The template or the journey changed while you were looking. "
                    "Close this window and look again."
                )
            )
        self.journey_id._update_from_template()
        return {"type": "ir.actions.act_window_close"}


class CsJourneyUpdateLine(models.TransientModel):
    """One thing that an update from the template would change."""

    _name = "cs.journey.update.line"
    _description = "Change from the Template"

    wizard_id = fields.Many2one(
        comodel_name="cs.journey.update", required=True, ondelete="cascade"
    )
    change = fields.Selection(
        selection=[
            ("added", "Added"),
            ("removed", "Removed"),
            ("changed", "Changed"),
        ],
        required=True,
    )
    stage = fields.Char()
    task = fields.Char(help="Empty: the stage itself.")
    detail = fields.Char(string="What changes")
