from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsTaskDefinition(models.AbstractModel):
    """What a task needs to do its own work, and what the customer sees of it."""

    _inherit = "cs.task.definition"

    survey_id = fields.Many2one(
        comodel_name="survey.survey",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('cs_measure', '!=', False)]",
        help="Sent to the customer when the task opens; the answer concludes the task.",
    )
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail template",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('model', 'in', ('cs.task', 'cs.account'))]",
        help="Sent to the customer when the task opens, to who agreed to such e-mails.",
    )
    contact_role_id = fields.Many2one(
        comodel_name="cs.contact.role",
        string="To whom",
        ondelete="restrict",
        help="The contacts of the customer with this role get the message; the main "
        "contact does when nobody has it.",
    )
    visible_to_customer = fields.Boolean(
        string="Shown to the customer",
        help="The customer sees on the portal that this will happen, and when: its "
        "title and day, nothing else. Tasks of the customer are always shown.",
    )
    plan_activity = fields.Boolean(
        string="Plan an activity",
        help="Whoever it is assigned to gets an activity as well, which ends with the "
        "task, and concludes it when marked as done.",
    )

    @api.constrains("mail_template_id")
    def _check_mail_template(self):
        for task in self:
            # sudo: who edits journeys need not see the templates of others
            template = task.mail_template_id.sudo()
            if template and template.model not in ("cs.task", "cs.account"):
                raise ValidationError(
                    self.env._(
                        "The template %(template)s writes about something else. Choose "
                        "one for customers, or for their tasks.",
                        template=template.name,
                    )
                )

    @api.constrains("survey_id")
    def _check_survey(self):
        for task in self:
            # sudo: who edits journeys need not have rights on surveys
            survey = task.survey_id.sudo()
            if survey and not survey.cs_measure:
                raise ValidationError(
                    self.env._(
                        "The survey %(survey)s measures no satisfaction. Say on the "
                        "survey whether it asks NPS, CSAT or CES.",
                        survey=survey.title,
                    )
                )
