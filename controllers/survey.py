from odoo.addons.survey.controllers.main import Survey


class CsSurvey(Survey):
    """Who answers again answers for the same customer."""

    def _prepare_retry_additional_values(self, answer):
        return {
            **super()._prepare_retry_additional_values(answer),
            "cs_account_id": answer.cs_account_id.id,
            "cs_task_id": answer.cs_task_id.id,
            "lang_id": answer.lang_id.id,
        }
