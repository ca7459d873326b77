from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

#: All that a portal user may read of a task; the rest is ours.
SHOWN = {
    "id",
    "name",
    "display_name",
    "position",
    "partner_id",
    "description",
    "material",
    "state",
    "responsible",
    "date_open",
    "date_deadline",
    "date_planned",
    "date_done",
    "access_url",
    "access_token",
    "access_warning",
}
#: Kinds that a person of the customer does; the others do themselves.
DONE_BY_PEOPLE = ("task", "interaction")


class CsTask(models.Model):
    """The customer does its tasks on the portal."""

    _name = "cs.task"
    _inherit = ["cs.task", "portal.mixin"]

    is_of_customer = fields.Boolean(
        compute="_compute_is_of_customer",
        search="_search_is_of_customer",
        help="A person of the customer does it.",
    )

    @api.depends("responsible", "kind")
    def _compute_is_of_customer(self):
        for task in self:
            task.is_of_customer = (
                task.responsible == "customer" and task.kind in DONE_BY_PEOPLE
            )

    @api.model
    def _search_is_of_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("responsible", "=", "customer") & Domain(
            "kind", "in", DONE_BY_PEOPLE
        )

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for task in self:
            task.access_url = f"/my/success/task/{task.id}"
        return res

    def _has_field_access(self, field, operation):
        """Let portal users read what is shown to them, and nothing else."""
        if self.env.user.share and not self.env.su and field.name not in SHOWN:
            return False
        return super()._has_field_access(field, operation)

    def message_post(self, **kwargs):
        """Let the CSM hear what the customer writes on a task."""
        # sudo: the customer may follow nobody; its CSM is told what it writes
        task = self.sudo()
        csm = task.csm_id.partner_id
        if self.env.user.share and csm and task.is_of_customer:
            task.message_subscribe(partner_ids=csm.ids)
        return super().message_post(**kwargs)

    def action_preview_portal(self):
        """Open the page that the customer sees of this task."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.get_portal_url(),
        }

    def _customer_step(self):
        """Return all that the customer sees of a task that may be ours."""
        return {
            "name": self.name,
            "date": self.date_shown,
            "state": self.state,
            "ours": not self.is_of_customer,
        }

    def _customer_action(self):
        """Return all that the customer sees of a task of a shared plan."""
        ours = self.responsible != "customer"
        person = self.user_id.partner_id if ours else self.partner_id
        company = self.account_id.partner_id
        return {
            "id": self.id,
            "name": self.name,
            "ours": ours,
            "who": person.name if person and person != company else False,
            "state": self.state,
            "late": self.due_bucket == "late",
            "deadline": self.date_deadline or self.date_planned,
            "done_on": self.date_done if self.state == "done" else False,
        }

    def _customer_plan(self):
        """Return ``{"name", "url"}`` of the shared plan it is a step of, or None."""
        plan = self.plan_id
        if plan and plan._is_open_to_customer():
            return {"name": plan.name, "url": plan.access_url}
        return None

    def _check_is_of_customer(self):
        if not self.is_of_customer or self.closed_by != "hand":
            raise UserError(self.env._("Our team does this."))

    def _done_by_customer(self, person, note="", files=(), by_link=False):
        """Conclude an open task of the customer; what is done already stays so.

        Sent twice, it is kept once: what comes after the end belongs in the messages.

        Checks no access: who calls has.

        :param person: the res.partner who did it
        :param note: what the person says about it, plain text
        :param files: what the person attaches, as ``(name, bytes)``
        :param by_link: whether nobody signed in: who it was is not known for sure
        :raise UserError: it is not open, or nobody of the customer does it
        """
        self.ensure_one()
        said = plaintext2html(note.strip()) if note.strip() else Markup()
        if self.state == "done":
            self._check_nothing_to_add(said, files)
            return
        self._check_done_by_customer()
        # Our people read it: in their language, not in the visitor's.
        task = self._engine()._speaking_to_staff()
        task._conclude()
        how = (
            task.env._("Done on the portal, by the link.")
            if by_link
            else task.env._("Done on the portal.")
        )
        task.message_post(
            body=Markup("<p>%s</p>") % how + said,
            author_id=person.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )

    def _check_nothing_to_add(self, said, files):
        if said or files:
            raise UserError(
                self.env._(
                    "This is concluded already. If something is missing, write it "
                    "below, in the messages."
                )
            )

    def _check_done_by_customer(self):
        self._check_is_of_customer()
        if self.state != "open":
            # What it waits for may be ours: no word of it.
            raise UserError(
                self.env._(
                    "This task cannot be concluded now. It opens when what comes "
                    "before it is done; we write to you then."
                )
            )
