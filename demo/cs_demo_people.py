from odoo import Command, models

from . import demo_stories as stories


class CsDemo(models.AbstractModel):
    """The people of the demo company's customers."""

    _inherit = "cs.demo"

    def _prepare_people(self, number, partner):
        """Return the commands that make the stakeholders of customer ``number``."""
        people = partner.child_ids.sorted("id")
        if number in stories.SINGLE_CONTACT:
            people = people[:1]
        rows = zip(people, stories.PEOPLE, stories.STAKES, strict=False)
        return [
            Command.create(
                {
                    "partner_id": person.id,
                    "role_id": self._ref(
                        f"cs_contact_role_{self._role(number, role)}"
                    ).id,
                    "influence": influence,
                    "attitude": self._attitude(number, attitude),
                    "expectations": expectations,
                    "need": need,
                }
            )
            for person, (_name, _function, role), (
                influence,
                attitude,
                expectations,
                need,
                _above,
            ) in rows
        ]

    @staticmethod
    def _role(number, role):
        if role == "sponsor" and number in stories.NO_SPONSOR:
            return "finance"
        return role

    @staticmethod
    def _attitude(number, attitude):
        if attitude == "neutral" and number in stories.UNHAPPY:
            return "critic"
        return attitude

    def _say_who_reports_to_whom(self, accounts):
        for account in accounts:
            people = account.contact_ids
            for person, (*_stake, above) in zip(people, stories.STAKES, strict=False):
                if above is not None and above < len(people):
                    person.reports_to_id = people[above]
