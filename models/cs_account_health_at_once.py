from odoo import models


class CsAccount(models.Model):
    """What a person just wrote down counts at once: in the facts and in health."""

    _inherit = "cs.account"

    def _refresh_at_once(self, builtins):
        """Count anew what somebody changed of these customers, and judge them.

        Whoever loads many refreshes once at the end instead (``cs_facts_later`` in
        the context); what is imported is judged by the nightly action
        (``cs_judge_later``, or Odoo's own import).

        :param builtins: keys of ``cs.metric.source.builtin``, what may have changed
        """
        context = self.env.context
        if not self or context.get("cs_facts_later"):
            return
        self.env["cs.metric.source"]._run_builtin(self, builtins)
        if not (context.get("cs_judge_later") or context.get("import_file")):
            # sudo: a verdict is the same whoever's change made it.
            judged = self.sudo().filtered(lambda one: one.state == "active")
            if judged:
                judged._score()
