from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .res_users_apikeys import INGEST_SCOPE

#: How long before its end a key is announced to the administrators.
ANNOUNCED_DAYS = 30


class CsIngestKey(models.Model):
    """A key by which another system records facts, and does nothing else.

    Odoo keeps a hash of the key alone. This is what people see of it: for which
    system it is, until when, and that it can be revoked; it stays when the key ended.
    """

    _name = "cs.ingest.key"
    _description = "Key for Recording Facts"
    _inherit = ["mail.thread"]
    _order = "expires_on desc, id desc"

    name = fields.Char(string="System", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="API user",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        help="Records facts and can do nothing else.",
    )
    company_ids = fields.Many2many(
        related="user_id.company_ids", string="Companies", related_sudo=True
    )
    # Odoo deletes keys that ended, and makes no foreign key to their table.
    apikey_id = fields.Many2one(comodel_name="res.users.apikeys", readonly=True)
    expires_on = fields.Date(string="Ends on", required=True, readonly=True)
    announced_on = fields.Date(
        readonly=True, help="When the administrators were told that it ends."
    )
    revoked_on = fields.Date(readonly=True)
    state = fields.Selection(
        selection=[
            ("active", "Active"),
            ("ending", "Ends soon"),
            ("ended", "Ended"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
    )

    @api.depends("expires_on", "revoked_on", "apikey_id")
    def _compute_state(self):
        today = self.env["cs.account"]._today()
        soon = today + timedelta(days=ANNOUNCED_DAYS)
        # sudo: whether a key is there still, nothing of it.
        alive = self.sudo().apikey_id.exists()
        for key in self:
            if key.revoked_on:
                key.state = "revoked"
            elif key.expires_on < today or key.sudo().apikey_id not in alive:
                key.state = "ended"
            else:
                key.state = "ending" if key.expires_on <= soon else "active"

    @api.model
    def _make(self, name, user, expires_on):
        """Make a key for a user who may only record facts.

        :param name: the system that will use it
        :param user: a res.users
        :param expires_on: the last ``date`` on which it is good
        :return: ``(cs.ingest.key, text of the key)``: the text is kept nowhere
        :raise UserError: a user who may do anything else
        :raise AccessError: a user of companies that are not one's own
        """
        if not user._may_only_ingest():
            raise UserError(
                self.env._(
                    "%(user)s may do more than record facts, and so could who holds "
                    "the key. Choose an API user, or let one be made.",
                    user=user.name,
                )
            )
        # sudo: of which companies the key's user is, to compare with one's own.
        if not (self.env.su or user.sudo().company_ids <= self.env.user.company_ids):
            raise AccessError(
                self.env._(
                    "%(user)s records facts of companies that are not yours.",
                    user=user.sudo().name,
                )
            )
        end = self.env["cs.account"]._as_of_moment(expires_on)
        # sudo: Odoo lets only administrators exceed the days of a group, and these
        # keys are made for machines that nobody visits every 90 days.
        apikeys = self.env["res.users.apikeys"].with_user(user).sudo()
        text = apikeys._generate(INGEST_SCOPE, name, end)
        made = apikeys.search([("user_id", "=", user.id)], order="id desc", limit=1)
        key = self.sudo().create(
            {
                "name": name,
                "user_id": user.id,
                "apikey_id": made.id,
                "expires_on": expires_on,
            }
        )
        return key.with_env(self.env), text

    def action_make_another(self):
        """Ask for a new key of the same API user, to replace this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_ingest_key_make_action"
        )
        action["context"] = {
            "default_name": self.name,
            "default_user_id": self.user_id.id,
        }
        return action

    def action_revoke(self):
        """End these keys now: what is sent with them is refused from here on."""
        self.check_access("read")
        self._check_is_administrator()
        # sudo: the keys of machines are revoked by who administers what they record.
        keys = self.sudo().filtered(lambda key: not key.revoked_on)
        keys.apikey_id.exists()._remove()
        keys.write({"revoked_on": self.env["cs.account"]._today(), "apikey_id": False})
        for key in keys:
            key.message_post(
                body=self.env._("%(user)s revoked this key.", user=self.env.user.name)
            )

    @api.model
    def _check_is_administrator(self):
        if not (
            self.env.su or self.env.user.has_group("customer_success.group_cs_admin")
        ):
            raise UserError(
                self.env._(
                    "Only an administrator of Customer Success makes and revokes keys."
                )
            )

    @api.model
    def _cron_announce_ends(self):
        """Daily: tell the administrators, once, which keys end within 30 days."""
        ending = self.env["res.users.apikeys"]._cs_ending(ANNOUNCED_DAYS)
        keys = self.search(
            Domain("apikey_id", "in", ending.ids) & Domain("announced_on", "=", False)
        )
        for key in keys:
            key._announce_end()

    def _announce_end(self):
        self.ensure_one()
        group = self.env.ref("customer_success.group_cs_admin")
        told = group.all_user_ids.filtered(
            lambda user: user.active and user.company_ids & self.company_ids
        )
        self.message_post(
            subject=self.env._("The key of %(system)s ends", system=self.name),
            body=self.env._(
                "The key by which %(system)s records facts ends on %(date)s. Make "
                "another one and put it there before: from the next day on nothing "
                "of what it sends is taken.",
                system=self.name,
                date=format_date(self.env, self.expires_on),
            ),
            partner_ids=told.partner_id.ids,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )
        self.announced_on = self.env["cs.account"]._today()
