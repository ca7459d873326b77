import base64
import json
import re
from urllib.parse import quote, quote_plus

from odoo import fields, models

_HIDDEN = "•••"


class CsSecretHolder(models.AbstractModel):
    """What is opened with a secret: it can be written, never read again.

    A holder declares the field by which it is written, computed by
    ``_compute_secret`` with ``_inverse_secret``, and who may write it.
    """

    _name = "cs.secret.holder"
    _description = "Holder of a Secret"
    #: The model that keeps the secrets, a ``cs.secret``.
    _secret_model = None
    #: The field by which the secret is written.
    _secret_field = "secret"  # noqa: S105

    has_secret = fields.Boolean(compute="_compute_has_secret", copy=False)

    def _compute_secret(self):
        self[self._secret_field] = False

    def _inverse_secret(self):
        self._check_may_set_secret()
        for holder in self:
            if value := holder[self._secret_field]:
                self.env[self._secret_model]._keep(holder, value)
        # What was typed must not stay in the cache, from where it could be read.
        self.invalidate_recordset([self._secret_field, "has_secret"], flush=False)

    def _compute_has_secret(self):
        # sudo: that there is one is no secret.
        secrets = self.env[self._secret_model].sudo()
        whose = secrets._holder
        known = secrets.search([(whose, "in", self.ids)])[whose]
        for holder in self:
            holder.has_secret = holder._origin in known

    def action_forget_secret(self):
        """Remove the secret."""
        self._check_may_set_secret()
        self._forget_secret()

    def _check_may_set_secret(self):
        """Raise unless the user may set the secret."""
        raise NotImplementedError

    def _forget_secret(self):
        for holder in self:
            self.env[self._secret_model]._keep(holder, "")
        self.invalidate_recordset(["has_secret"])

    def _scrub(self, text):
        """Return a text without this secret, in whatever form it is in it."""
        return self._scrubber()(text)

    def _scrubber(self):
        """Return the function that is ``_scrub()``, for many texts."""
        secret = self.env[self._secret_model]._of(self)
        if not secret:
            return str
        forms = sorted(self._secret_forms(secret), key=len, reverse=True)
        known = re.compile("|".join(map(re.escape, forms)), re.IGNORECASE)
        return lambda text: known.sub(_HIDDEN, text)

    def _secret_forms(self, secret):
        """Return the set of texts in which others may give the secret away."""
        encoded = base64.b64encode(secret.encode()).decode()
        quoted = {quote(secret), quote(secret, ""), quote_plus(secret)}
        return {secret, encoded, repr(secret)[1:-1], json.dumps(secret)[1:-1]} | quoted
