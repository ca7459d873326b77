from .facts_common import FactsCase


class SheetCase(FactsCase):
    """Files as short texts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.ref = "C-1"
        cls.wizard = cls.env["cs.sheet.import"].with_user(cls.specialist)

    def load(self, kind, *lines, encoding="utf-8", **values):
        data = "\r\n".join(lines).encode(encoding)
        return self.wizard._import_bytes(kind, data, **values)

    def check_report(
        self, report, *, kept=0, unchanged=0, created=0, unmatched=(), bad=()
    ):
        """Compare counts, and of refused rows the line and a part of the reason."""
        found = (report["kept"], report["unchanged"], report["created"])
        self.assertEqual(found, (kept, unchanged, created), report)
        for rows, expected in (
            (report["unmatched"], unmatched),
            (report["bad"], bad),
        ):
            self.assertEqual(len(rows), len(expected), rows)
            for row, (line, reason) in zip(rows, expected, strict=True):
                self.assertEqual(row["line"], line)
                self.assertIn(reason, row["reason"])

    def customer(self, name):
        return self.env["cs.account"].search([("partner_id.name", "=", name)])
