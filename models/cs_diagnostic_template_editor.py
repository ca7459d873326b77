from odoo import api, fields, models


class CsDiagnosticTemplate(models.Model):
    """How a template is written by a person with nobody beside: step by step."""

    _inherit = "cs.diagnostic.template"

    missing_note = fields.Text(
        string="Still missing",
        compute="_compute_missing_note",
        help="What the template needs before it is of use at a customer.",
    )

    @api.depends(
        "area_ids.name",
        "question_ids.area_id",
        "question_ids.meaning_done",
        "question_ids.meaning_partly",
        "question_ids.meaning_not_done",
        "question_ids.partly_action_ids",
        "question_ids.not_done_action_ids",
        "action_ids.partly_question_ids",
        "action_ids.not_done_question_ids",
    )
    @api.depends_context("lang")
    def _compute_missing_note(self):
        for template in self:
            template.missing_note = "\n".join(template._say_missing()) or False

    def _say_missing(self):
        """Return what is missing, a sentence each; nothing: it is complete."""
        if not self.area_ids:
            return [self.env._("Begin with the areas: each is a corner of the radar.")]
        if not self.question_ids:
            return [
                self.env._(
                    "Now add questions: without one, no diagnostic can start with it."
                )
            ]
        return [
            sentence
            for sentence in (
                self._say_empty_areas(),
                self._say_without_meaning(),
                self._say_without_action(),
                self._say_idle_actions(),
            )
            if sentence
        ]

    def _say_empty_areas(self):
        # On the form, records have ids of their own until they are saved.
        asked = self.question_ids.area_id._origin
        empty = self.area_ids.filtered(lambda area: area._origin not in asked)
        return empty and self.env._(
            "Areas without a question: %(names)s.", names=self._names(empty)
        )

    def _say_without_meaning(self):
        silent = self.question_ids.filtered(lambda one: not one._says_its_answers())
        return silent and self.env._(
            "Questions that do not say what each answer means: %(names)s.",
            names=self._names(silent),
        )

    def _say_without_action(self):
        leading_nowhere = self.question_ids.filtered(
            lambda one: not (one.partly_action_ids | one.not_done_action_ids)
        )
        return leading_nowhere and self.env._(
            "Questions that propose no action: %(names)s.",
            names=self._names(leading_nowhere),
        )

    def _say_idle_actions(self):
        idle = self.action_ids.filtered(
            lambda one: not (one.partly_question_ids | one.not_done_question_ids)
        )
        return idle and self.env._(
            "Actions that no answer calls for: %(names)s.", names=self._names(idle)
        )

    @staticmethod
    def _names(records):
        return "; ".join(f"“{name}”" for name in records.mapped("name") if name)

    def action_add_question(self):
        """Open a dialog for one more question; a button's click saves the template.

        :return: the action of the dialog
        """
        area = self._area_to_write()
        return self._add("cs.diagnostic.question", default_area_id=area.id)

    def action_add_action(self):
        """Open a dialog for one more action.

        :return: the action of the dialog
        """
        return self._add("cs.diagnostic.action")

    def _add(self, model, **defaults):
        self.ensure_one()
        self.check_access("write")
        titles = {
            "cs.diagnostic.question": self.env._("Add a question"),
            "cs.diagnostic.action": self.env._("Add an action"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[model],
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_template_id": self.id, **defaults},
        }

    def _area_to_write(self):
        """Return the area whose turn it is: the first empty one, else the last."""
        return (self.area_ids - self.question_ids.area_id)[:1] or self.area_ids[-1:]

    def action_start_diagnostic(self):
        """Ask for the customer, to start a diagnostic with this template.

        :return: the action of the wizard
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_diagnostic_wizard_action"
        )
        return {**action, "context": {"default_template_id": self.id}}
