import { registry } from "@web/core/registry";

/** The line: win the deal, hand it off, accept it, do the first task. */
registry.category("web_tour.tours").add("cs_line_tour", {
    steps: () => [
        {
            content: "Win the deal",
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            content: "Hand it off to customer success",
            trigger: ".o_statusbar_buttons button[name=action_open_cs_handoff]",
            run: "click",
        },
        {
            content: "The deal's revenue is there already",
            trigger: ".o_field_widget[name=mrr] input:value(3,000.00)",
        },
        {
            content: "Say how many employees file expenses",
            trigger: ".o_field_widget[name=employees] input",
            run: "edit 250",
        },
        {
            content: "Submit",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "It is not complete: submit all the same",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Accept",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "The handoff leads to the customer",
            trigger: "button[name=action_open_account]",
            run: "click",
        },
        {
            content: "The kick-off is open",
            trigger:
                ".o_field_widget[name=pending_task_ids] .o_data_row:contains(Kick-off) button[name=action_conclude]",
        },
        {
            content: "Leave the CRM",
            trigger: ".o_navbar_apps_menu button",
            run: "click",
        },
        {
            content: "Customer success opens on the portfolio",
            trigger: ".o_app[data-menu-xmlid='customer_success.menu_root']",
            run: "click",
        },
        {
            content: "The kick-off is there, too",
            trigger: ".o_cs_work .o_cs_task:contains(Kick-off):contains(Transportes Aurora)",
        },
        {
            content: "Look at all customers",
            trigger: "[data-menu-xmlid='customer_success.menu_customers']",
            run: "click",
        },
        {
            content: "The customer stands in the first column",
            trigger:
                ".o_kanban_group:contains(Project) .o_kanban_record:contains(Transportes Aurora)",
            run: "click",
        },
        {
            content: "Conclude the kick-off",
            trigger:
                ".o_field_widget[name=pending_task_ids] .o_data_row:contains(Kick-off) button[name=action_conclude]",
            run: "click",
        },
        {
            content: "It was a good meeting",
            trigger: ".modal .o_field_widget[name=mood] .o_selection_badge:contains(Very happy)",
            run: "click",
        },
        {
            content: "Conclude it with what was said",
            trigger: ".modal button[name=action_conclude]",
            run: "click",
        },
        {
            content: "The next task is open",
            trigger:
                ".o_field_widget[name=pending_task_ids]:not(:contains(Kick-off)) .o_data_row button[name=action_conclude]",
        },
        {
            content: "The kick-off is in the history",
            trigger: ".o_notebook a[name=history]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=settled_task_ids] .o_data_row:contains(Kick-off)",
        },
    ],
});
