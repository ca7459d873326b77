from datetime import timedelta

from odoo import models

#: How long a past stage took, as a share of the days that are expected.
PACES = (0.7, 0.9, 1.0, 1.0, 1.3, 0.8, 1.7)
#: Days before (-) or after the deadline on which a past task was done.
DELAYS = (-1, 0, -2, 0, 3, -1, 0, 1, 0, -3, 6)
RETURNS = (
    "O patrocinador saiu: é preciso refazer os objetivos com quem entrou",
    "Usuários-chave trocados; o treinamento precisa ser repetido",
    "A integração com o ERP parou de funcionar",
)


class CsDemo(models.AbstractModel):
    """The past of the journeys: stages that took their time, work done or late.

    The demo walks everybody in one moment; here each gets the days it would have
    taken.
    """

    _inherit = "cs.demo"

    def _send_back(self, accounts):
        """Let some customers have gone back a stage, and on again."""
        for number, account in enumerate(accounts):
            journey = account.lifecycle_journey_id.with_user(account.csm_id)
            journey.action_return(RETURNS[number % len(RETURNS)])
            if number % 3:
                journey.action_advance("Resolvido com o cliente")

    def _give_a_past(self, journeys):
        """Date what is behind these journeys back from where they are now."""
        for number, journey in enumerate(journeys.sudo()):
            following = journey.visit_id.entered_on
            for turn, visit in enumerate((journey.visit_ids - journey.visit_id)[::-1]):
                expected = visit.planned_stage_id.expected_days or 20
                days = round(expected * PACES[(number + turn) % len(PACES)])
                visit.write(
                    {
                        "entered_on": following - timedelta(days=days),
                        "left_on": following,
                    }
                )
                self._do_past_tasks(visit, number + turn)
                following = visit.entered_on
            journey.started_on = following

    @staticmethod
    def _do_past_tasks(visit, number):
        """Let the tasks of a past visit have been done, most of them in time."""
        clock = visit.entered_on
        tasks = visit.task_ids.filtered(lambda task: task.kind != "indicator")
        for turn, task in enumerate(tasks.sorted("position")):
            opened = min(clock, visit.left_on)
            deadline = opened + timedelta(days=task.duration_days)
            late = timedelta(days=DELAYS[(number + turn) % len(DELAYS)])
            done = max(opened, min(deadline + late, visit.left_on))
            task.write(
                {
                    "state": "done",
                    "date_open": opened,
                    "date_planned": opened,
                    "date_done": done,
                    "done_by_id": task.user_id.id,
                    "reason": False,
                }
            )
            if not task.recurrence_days and task.mandatory:
                clock = done
