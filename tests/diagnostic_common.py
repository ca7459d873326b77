from .common import CsCase


class DiagnosticCase(CsCase):
    """The shipped Ello diagnostic, and short ways to fill it in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("customer_success.cs_diagnostic_template_ello")
        cls.account = cls.make_account("Padaria Aurora", csm_id=cls.csm.id)

    @classmethod
    def of(cls, model, code):
        """Return a shipped record by the end of its name."""
        return cls.env.ref(f"customer_success.cs_diagnostic_{model}_{code}")

    def start(self, account=None, user=None):
        """Start the Ello diagnostic as a specialist."""
        diagnostics = self.env["cs.diagnostic"].with_user(user or self.specialist)
        return diagnostics.start(account or self.account, self.template)

    def answer(self, diagnostic, answers, others=None):
        """Answer questions by their codes, and all others alike.

        :param answers: ``{code of the question: answer}``
        :param others: the answer to all that have none yet; None: left open
        """
        by_question = diagnostic.answer_ids.grouped("question_id")
        named = {self.of("question", code): found for code, found in answers.items()}
        for question, row in by_question.items():
            found = named.get(question, None if row.answer else others)
            if found:
                row.answer = found

    def filled(self, answers, others="done", **kwargs):
        """Start a diagnostic and answer all of it."""
        diagnostic = self.start(**kwargs)
        self.answer(diagnostic, answers, others)
        return diagnostic

    def codes(self, records):
        """Return the ends of the names of shipped records, in their order."""
        names = records.get_external_id()
        return [
            names[one.id].removeprefix(
                f"customer_success.{one._name.replace('.', '_')}_"
            )
            for one in records
        ]
