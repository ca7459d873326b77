import { registry } from "@web/core/registry";

const inDialog = (selector) => `.modal:not(.o_inactive_modal) ${selector}`;
const nps = ".o_field_widget[name=measure_ids] .o_data_row:contains(NPS)";

/** A specialist makes a draft, sees whom it would move, and publishes it. */
registry.category("web_tour.tours").add("cs_scorecard_tour", {
    steps: () => [
        {
            content: "The scorecard that judges",
            trigger: ".o_data_row:contains(Tour health) td[name=name]",
            run: "click",
        },
        {
            content: "It is frozen: a draft is made of it",
            trigger: ".o_statusbar_buttons button[name=action_new_draft]:contains(New draft)",
            run: "click",
        },
        {
            content: "The draft",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)",
        },
        {
            content: "NPS is to weigh less",
            trigger: `${nps} td[name=weight]`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=measure_ids] .o_selected_row .o_field_widget[name=weight] input",
            run: "edit 5 && press Tab",
        },
        {
            content: "What would it say?",
            trigger: ".o_notebook a[name=try]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=preview_account_id] input",
            run: "edit Padaria Aurora",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Padaria Aurora)",
            run: "click",
        },
        {
            content: "Of one customer, before anything is saved",
            trigger: ".o_field_widget[name=preview]:contains(93.6):contains(Green)",
        },
        {
            content: "And of the whole portfolio",
            trigger: ".o_field_widget[name=show_portfolio] input",
            run: "click",
        },
        {
            content: "Who would change band",
            trigger:
                ".o_field_widget[name=portfolio_preview]:contains(1 of 1 customers would change band):contains(Padaria Aurora)",
        },
        {
            content: "Good: it is published",
            trigger: ".o_statusbar_buttons button:contains(Publish)",
            run: "click",
        },
        {
            content: "Once more, whom it moves",
            trigger: inDialog(".o_field_widget[name=preview]:contains(Padaria Aurora)"),
        },
        {
            trigger: inDialog("button[name=action_confirm]"),
            run: "click",
        },
        {
            content: "It judges from now on",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Published)",
        },
        {
            trigger: ".o_form_saved .o_field_widget[name=version]:contains(2)",
        },
    ],
});
