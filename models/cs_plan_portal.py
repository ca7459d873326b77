from odoo import api, fields, models
from odoo.exceptions import UserError


class CsPlan(models.Model):
    """A plan that is shared: who sees it, and what the customer decides there."""

    _name = "cs.plan"
    _inherit = ["cs.plan", "portal.mixin"]

    shared_on = fields.Date(string="Shared since", readonly=True, copy=False)
    asks_validation = fields.Boolean(
        string="Ask the customer to validate",
        compute="_compute_asks_validation",
        store=True,
        readonly=False,
        precompute=True,
        help="The customer says on the portal that it agrees. Who and when is kept.",
    )
    document_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="cs_plan_document_rel",
        string="Documents for the customer",
        copy=False,
        help="Files that the customer may download beside the plan. What is attached "
        "to messages here stays with us.",
    )

    @api.depends("kind")
    def _compute_asks_validation(self):
        for plan in self:
            plan.asks_validation = plan.kind == "action"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the files that were given before the plan was saved."""
        plans = super().create(vals_list)
        plans.filtered("visible_to_customer")._note_sharing()
        for plan in plans:
            plan._take_documents()
        return plans

    def write(self, vals):
        """Keep the day on which the plan was shared; a link ends with the sharing."""
        shared = self.filtered("visible_to_customer")
        result = super().write(vals)
        (self - shared).filtered("visible_to_customer")._note_sharing()
        stopped = shared.filtered(lambda plan: not plan.visible_to_customer)
        if stopped:
            # sudo: whoever may hide the plan takes the links back that were given
            stopped.sudo().write({"access_token": False})
        return result

    def _note_sharing(self):
        # sudo: the day is kept from hands; who shares it may write the plan
        for plan in self.sudo():
            plan.shared_on = plan.account_id._today(plan.company_id)

    def _take_documents(self):
        """Take over files of nobody: else only who uploaded them could read them."""
        self.document_ids.filtered(
            lambda file: file.res_model == self._name and not file.res_id
        ).res_id = self.id

    @api.constrains("document_ids")
    def _check_documents(self):
        # Else the page would give away files that its author may not even see.
        self.document_ids.check_access("read")

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for plan in self:
            plan.access_url = f"/my/success/plan/{plan.id}"
        return res

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **_link):
        """Open the messages to our people alone: the link is to the page only."""
        return super()._get_thread_with_access(thread_id, mode=mode)

    def action_share_with_customer(self):
        """Let the customer see the plan, and do its own tasks there.

        :return: True
        """
        self.write({"visible_to_customer": True})
        return True

    def action_stop_sharing(self):
        """Hide the plan from the customer; its own tasks stay open.

        Links that were given away open nothing any more, not even when it is shared
        again.

        :return: True
        """
        self.write({"visible_to_customer": False})
        return True

    def action_preview_portal(self):
        """Open the page that the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.access_url,
        }

    def _is_open_to_customer(self):
        """Whether the customer may see it: shared, not given up, still a customer."""
        return (
            self.visible_to_customer
            and self.state != "cancelled"
            and self.account_id._is_served_on_portal()
        )

    def _validate_by_customer(self, person):
        """Keep that the customer agreed; who agreed first stays.

        Checks no access: who calls has.

        :param person: the res.partner who agrees
        :raise UserError: nobody asks for it, or the plan has ended
        """
        self.ensure_one()
        plan = self.sudo()
        if plan.validated_on:
            return
        if not plan.asks_validation or plan.state != "running":
            raise UserError(self.env._("This plan does not wait for your agreement."))
        plan.action_validate(person)
        plan.validated_on_portal = True
        plan.message_subscribe(partner_ids=plan.user_id.partner_id.ids)
        plan.message_post(
            body=plan._speaking_to_staff().env._("Validated on the portal."),
            author_id=person.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
