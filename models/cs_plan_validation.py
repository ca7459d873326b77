from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

#: What is known of the customer's agreement.
VALIDATION = ("validated_by_id", "validated_on", "validated_on_portal")


class CsPlan(models.Model):
    """The customer agreed to the plan: who did, and when.

    It holds for the plan as it was then: a plan that is moved is agreed to again.
    """

    _inherit = "cs.plan"

    validated_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Validated by",
        copy=False,
        tracking=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Who at the customer agreed to the plan.",
    )
    validated_on = fields.Date(string="Validated on", copy=False, tracking=True)
    validated_on_portal = fields.Boolean(
        string="Validated there by itself",
        readonly=True,
        copy=False,
        help="The customer said so on the portal: it is not written by hand.",
    )

    @api.onchange("validated_by_id")
    def _onchange_validated_by_id(self):
        if self.validated_by_id and not self.validated_on:
            self.validated_on = self.account_id._today(self.company_id)

    @api.constrains("validated_by_id", "validated_on")
    def _check_validation(self):
        for plan in self:
            person, day = plan.validated_by_id, plan.validated_on
            customer = plan.partner_id.commercial_partner_id
            if person and person.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s: only who belongs "
                        "to the customer can agree to its plan.",
                        person=person.display_name,
                        customer=customer.display_name,
                    )
                )
            if day and day > plan.account_id._today(plan.company_id):
                raise ValidationError(
                    self.env._(
                        "%(plan)s cannot have been validated in the future.",
                        plan=plan.name,
                    )
                )

    def write(self, vals):
        """Keep hands off what the customer itself said.

        :raise UserError: the customer validated on the portal
        """
        if not self.env.su and not vals.keys().isdisjoint(VALIDATION):
            self.filtered("validated_on_portal")._check_not_validated()
        return super().write(vals)

    def action_validate(self, partner=None):
        """Keep that the customer agreed to the plan.

        :param partner: who, a res.partner; the customer itself by default
        :return: True
        :raise UserError: it was validated already
        """
        self._check_not_validated()
        for plan in self:
            plan.write(
                {
                    "validated_by_id": (partner or plan.partner_id).id,
                    "validated_on": plan.account_id._today(plan.company_id),
                }
            )
        return True

    def _check_not_validated(self):
        for plan in self.filtered("validated_on"):
            raise UserError(
                self.env._(
                    "%(plan)s was validated on %(date)s, and this stays. When the plan "
                    "changes, re-plan it: the customer is asked again.",
                    plan=plan.name,
                    date=format_date(self.env, plan.validated_on),
                )
            )

    def _take_back_validation(self):
        """Let the customer be asked again: it agreed to other dates.

        Checks no access: who calls has.

        :return: what was agreed to so far, as a sentence, or an empty text
        """
        self.ensure_one()
        if not self.validated_on and not self.validated_by_id:
            return ""
        said = self.env._(
            "It was validated by %(person)s on %(date)s, as it was before. The "
            "customer has to agree again.",
            person=self.validated_by_id.name or self.partner_id.name,
            date=format_date(self.env, self.validated_on),
        )
        # sudo: what came from the portal is kept from hands
        self.sudo().write(dict.fromkeys(VALIDATION, False))
        return said
