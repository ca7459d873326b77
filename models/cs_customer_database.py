from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..sources import postgres_entry as entry

_SPECIALIST = "customer_success.group_cs_specialist"
#: Where the password is sent, and how.
_DESTINATION = ("host", "port", "database", "username", "sslmode", "certificate")
_CONSENT = ("consent_by_id", "consent_on", "consent_note", "consent_file")
#: So long a copy may be used, unless something else was agreed.
_DAYS = 90


class CsCustomerDatabase(models.Model):
    """A restored copy of a customer's database, read with the customer's consent.

    Without consent, and after the day on which it expires, nothing connects.
    """

    _name = "cs.customer.database"
    _description = "Customer's Database"
    _inherit = ["cs.account.part", "cs.secret.holder", "mail.thread"]
    _order = "copied_on desc, id desc"
    _rec_names_search = ["name", "account_id"]
    _secret_model = "cs.customer.database.secret"  # noqa: S105
    _secret_field = "password"  # noqa: S105

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Company of the customer"
    )
    csm_id = fields.Many2one(related="account_id.csm_id")
    erp_id = fields.Many2one(
        comodel_name="cs.diagnostic.erp",
        string="ERP",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["cs.diagnostic.erp"].search([], limit=1),
        help="Which system it is of: it says which probes can read it.",
    )
    state = fields.Selection(
        selection=[
            ("ready", "Can be read"),
            ("no_consent", "Consent missing"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
        compute_sudo=True,
    )

    host = fields.Char(
        required=True,
        groups=_SPECIALIST,
        help=entry.HOST_HELP,
    )
    port = fields.Integer(default=5432, required=True, groups=_SPECIALIST)
    database = fields.Char(required=True, groups=_SPECIALIST)
    username = fields.Char(
        string="Role in the database",
        required=True,
        groups=_SPECIALIST,
        help=entry.ROLE_HELP,
    )
    password = fields.Char(
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups=_SPECIALIST,
        copy=False,
        help="Can be written, never read again.",
    )
    sslmode = fields.Selection(
        string="Encryption",
        selection=entry.ENCRYPTION,
        default="require",
        required=True,
        groups=_SPECIALIST,
        help=entry.ENCRYPTION_HELP,
    )
    certificate = fields.Text(
        string="Certificate of the signer",
        groups=_SPECIALIST,
        help=entry.CERTIFICATE_HELP,
    )

    origin = fields.Char(
        string="Where it came from",
        groups=_SPECIALIST,
        tracking=True,
        help="Who sent it, by which way, who restored it.",
    )
    copied_on = fields.Date(
        string="Date of the copy",
        required=True,
        tracking=True,
        help="The day of which its numbers are true: ages are counted up to then.",
    )
    expires_on = fields.Date(
        string="To be used until",
        required=True,
        tracking=True,
        default=lambda self: self._today() + timedelta(days=_DAYS),
        help="As agreed with the customer. From the next day on nothing connects, and "
        "the copy is to be deleted.",
    )
    consent_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Consent given by",
        groups=_SPECIALIST,
        tracking=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Who at the customer agreed that we look into the copy.",
    )
    consent_on = fields.Date(
        string="Consent given on", groups=_SPECIALIST, tracking=True
    )
    consent_note = fields.Text(
        string="What was agreed",
        groups=_SPECIALIST,
        help="What for, who may look, in which message it was said.",
    )
    consent_file = fields.Binary(
        string="Document of the consent", attachment=True, groups=_SPECIALIST
    )
    consent_file_name = fields.Char(groups=_SPECIALIST)

    _expires_later = models.Constraint(
        "CHECK (expires_on >= copied_on)",
        "A copy can be used until a day after that of the copy.",
    )

    @api.depends(
        "expires_on", "consent_by_id", "consent_on", "consent_note", "consent_file"
    )
    def _compute_state(self):
        for one in self:
            if one.expires_on and one.expires_on < one._today():
                one.state = "expired"
            else:
                one.state = "ready" if one._is_consented() else "no_consent"

    @api.depends("name", "account_id")
    @api.depends_context("cs_of_its_customer")
    def _compute_display_name(self):
        is_known = self.env.context.get("cs_of_its_customer")
        for one in self:
            names = (one.name, not is_known and one.account_id.display_name)
            one.display_name = " – ".join(filter(None, names))

    def _today(self):
        company = self.company_id or self.env.company
        return self.env["cs.account"]._today(company)

    def _is_consented(self):
        """Whether it is known who agreed, when, and to what."""
        # By name only: the document itself is not read for this.
        document = self.with_context(bin_size=True).consent_file
        what = (self.consent_note or "").strip() or document
        return bool(self.consent_by_id and self.consent_on and what)

    @api.constrains("copied_on", "consent_on")
    def _check_days(self):
        for one in self:
            days = filter(None, (one.copied_on, one.consent_on))
            if any(day > one._today() for day in days):
                raise ValidationError(
                    self.env._("Neither copy nor consent can be of a day to come.")
                )

    @api.constrains("host", "port", "database", "username", "sslmode", "certificate")
    def _check_place(self):
        """Refuse what could not be opened, while it is being entered."""
        for one in self:
            one._reader().check()

    def write(self, vals):
        """Forget what was given for another place, or for another copy."""
        before = {one: one._destination() for one in self}
        copies = {one: one.copied_on for one in self}
        self._check_longer_agreed(vals)
        result = super().write(vals)
        if not vals.get("password"):
            moved = self.filtered(lambda one: one._destination() != before[one])
            moved._forget_secret()
        if vals.get("active") is False:
            self._forget_secret()
        others = self.filtered(lambda one: one.copied_on != copies[one])
        others._forget_consent(vals)
        return result

    def _forget_consent(self, given=()):
        """Ask for the consent anew, but for what is given at the same time."""
        forgotten = {name: False for name in _CONSENT if name not in given}
        # sudo: it was given for another copy, whoever notices that
        consented = self.sudo().filtered(lambda one: one._is_consented())
        if forgotten and consented:
            consented.write(forgotten)

    def _check_longer_agreed(self, vals):
        """Refuse a later end that nobody at the customer is said to agree with."""
        until = fields.Date.to_date(vals.get("expires_on"))
        if not until or not vals.keys().isdisjoint(_CONSENT):
            return
        for one in self:
            if one.sudo()._is_consented() and one.expires_on < until:
                raise UserError(
                    self.env._(
                        "The customer agreed to %(database)s until %(day)s. To use it "
                        "longer, enter too when it agreed to that, or what was agreed.",
                        database=one.name,
                        day=format_date(self.env, one.expires_on),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        # sudo: diagnostics that the user does not see hold it too
        answers = self.env["cs.diagnostic.answer"].sudo()
        read = answers.search(
            [
                ("diagnostic_id.database_id", "in", self.ids),
                ("proposed_at", "!=", False),
            ],
            limit=1,
        )
        if read:
            raise UserError(
                self.env._(
                    "Answers of %(diagnostic)s were read from this copy, and its "
                    "consent says by whose leave. Archive it: that forgets its "
                    "password, and nothing connects any more.",
                    diagnostic=read.diagnostic_id.display_name,
                )
            )

    def _destination(self):
        # sudo: compared, and shown to nobody
        sudo = self.sudo()
        return [sudo[name] for name in _DESTINATION]

    def copy_data(self, default=None):
        """Leave the consent behind: it was given for one copy."""
        vals_list = super().copy_data(default=default)
        for vals in vals_list:
            for name in list(vals):
                if name.startswith("consent_"):
                    del vals[name]
        return vals_list

    def _check_may_set_secret(self):
        self.check_access("write")

    def _check_may_connect(self):
        """Raise unless the customer agreed and the copy may still be used.

        :raise UserError: why nothing connects, and what to do
        """
        self.ensure_one()
        self.check_access("read")
        if not self.active:
            reason = self.env._("%(database)s is archived.", database=self.name)
        elif self.state == "expired":
            reason = self.env._(
                "%(database)s could be used until %(day)s: nothing connects any more. "
                "Delete the copy, or agree with the customer on a later day.",
                database=self.name,
                day=format_date(self.env, self.expires_on),
            )
        elif self.state == "no_consent":
            reason = self.env._(
                "The customer's consent to %(database)s is missing: enter who gave it, "
                "when, and what was agreed, or the document. Until then nothing "
                "connects.",
                database=self.name,
            )
        else:
            return
        raise UserError(reason)
