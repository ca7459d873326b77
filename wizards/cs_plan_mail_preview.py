from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CsPlanMailPreview(models.TransientModel):
    """The progress e-mail as it would go now: what it says, and to whom."""

    _name = "cs.plan.mail.preview"
    _description = "Preview of a Progress E-mail"

    plan_id = fields.Many2one(comodel_name="cs.plan", required=True, ondelete="cascade")
    is_shared = fields.Boolean(
        related="plan_id.visible_to_customer", related_sudo=False
    )
    people = fields.Char(string="To", compute="_compute_message")
    problem = fields.Text(compute="_compute_message")
    subject = fields.Char(compute="_compute_message")
    # As sent: made by our own template, shown to who may write the plan.
    body = fields.Html(compute="_compute_message", sanitize=False)

    @api.depends("plan_id")
    def _compute_message(self):
        for preview in self:
            plan = preview.plan_id
            plan.check_access("read")
            preview.update({"people": False, "problem": False})
            try:
                people = plan._people_of_progress()
                preview.people = ", ".join(people.mapped("name"))
            except UserError as missing:
                people = plan.partner_id
                preview.problem = str(missing)
            preview.update(preview._render(plan, people[:1]))

    def _render(self, plan, person):
        # sudo: the template may be read by who keeps templates only
        plan = plan.sudo()
        try:
            template = plan._message_template("mail_template_plan_progress")
            lang = person.lang or plan.partner_id.lang or self.env.lang
            rendered = plan._render_message(
                template.with_context(
                    lang=lang, template_preview_lang=lang, person_name=person.name
                ),
                plan,
            )
        except UserError as broken:
            return {"problem": str(broken), "subject": False, "body": False}
        # QWeb has escaped what is not the template's own.
        body = Markup(rendered["body_html"] or "")  # noqa: S704
        return {"subject": rendered["subject"], "body": body}

    def action_send(self):
        """Send it now.

        :return: the action that closes the window
        """
        self.plan_id.action_send_progress()
        return {"type": "ir.actions.act_window_close"}
