"""Run in the shell: keeps a new database from calling Odoo's online services."""

env = globals()["env"]
companies = env["res.company"].search([])
if "iap_enrich_auto_done" in companies:
    companies.iap_enrich_auto_done = True
settings = env["ir.config_parameter"]
for key in ("iap.endpoint", "iap.partner_autocomplete.endpoint"):
    settings.set_param(key, "http://127.0.0.1:9")
env.cr.commit()
