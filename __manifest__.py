{
    "name": "Customer Success",
    "version": "19.0.1.0.0",
    "category": "Sales/Customer Success",
    "summary": "From a won deal to a followed customer: handoff, journeys, facts, "
    "health that explains itself, alerts",
    "author": "Customer Success contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm", "survey", "portal", "product", "calendar", "digest"],
    "data": [
        "security/customer_success_groups.xml",
        "security/ir.model.access.csv",
        "security/customer_success_rules.xml",
        "security/cs_journey_rules.xml",
        "data/cs_phase_data.xml",
        "data/cs_master_data.xml",
        "data/cs_journey_cron.xml",
        "views/cs_phase_views.xml",
        "views/cs_account_views.xml",
        "views/menus.xml",
    ],
}
