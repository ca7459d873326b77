import base64
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from odoo.tests import HttpCase

from .diagnostic_common import DiagnosticCase

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
DOCUMENTS = {
    "diagnostic": "cs.diagnostic",
    "plan": "cs.plan",
    "training": "cs.account",
    "evolution": "cs.account",
}


class DocumentCase(DiagnosticCase, HttpCase):
    """A customer whose documents are printed for real, and read as text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing in these documents waits for a script.
        cls.env["ir.config_parameter"].set_param("report.print_delay", "50")
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.account.partner_id.lang = "en_US"

    def report(self, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.csm)
        return reports.with_context(force_report_rendering=True)

    def pdf(self, name, record, user=None):
        """Print a document by wkhtmltopdf, as a CSM does."""
        content, kind = self.report(user)._render_qweb_pdf(
            f"customer_success.action_report_{name}", record.ids
        )
        self.assertEqual(kind, "pdf")
        return content

    def pages(self, name, record, user=None):
        """Return the text of each page of a document."""
        return self.read_pages(self.pdf(name, record, user))

    def read_pages(self, content):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "document.pdf")
            path.write_bytes(content)
            command = [PDFTOTEXT, "-layout", "-enc", "UTF-8", path, "-"]
            text = subprocess.check_output(  # noqa: S603
                command, encoding="utf-8"
            )
        return text.split("\f")[:-1]

    def text(self, name, record, user=None):
        """Return the text of a document, its blanks as one each."""
        return " ".join(" ".join(self.pages(name, record, user)).split())

    def html(self, name, record, user=None):
        """Return what the pages are made of, without printing them."""
        reports = self.env["ir.actions.report"].with_user(user or self.csm)
        content, _kind = reports._render_qweb_html(
            f"customer_success.action_report_{name}", record.ids
        )
        return content.decode()

    def picture(self, size=(40, 30), kind="PNG"):
        """Return a picture as the web client sends files."""
        file = io.BytesIO()
        Image.new("RGB", size, "red").save(file, kind)
        return base64.b64encode(file.getvalue()).decode()

    def make_training(self, **values):
        return self.env["cs.interaction"].create(
            {
                "account_id": self.account.id,
                "kind": "training",
                "user_id": self.csm.id,
                **values,
            }
        )

    def make_person(self, name, **values):
        person = self.make_partner(
            name, is_company=False, parent_id=self.account.partner_id.id, **values
        )
        return self.env["cs.contact"].create(
            {"account_id": self.account.id, "partner_id": person.id}
        )
