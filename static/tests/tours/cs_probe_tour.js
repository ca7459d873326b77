import { registry } from "@web/core/registry";

/** The specialist has the customer's database read, and confirms one answer. */
registry.category("web_tour.tours").add("cs_probe_tour", {
    steps: () => [
        {
            content: "Read the customer's database",
            trigger: "button[name=read_database]",
            run: "click",
        },
        {
            content: "It says how far it came",
            trigger: ".o_cs_diagnostic_read:contains(1 proposals, 1 questions)",
        },
        {
            content: "Go where it answered",
            trigger: ".o_cs_diagnostic_area:contains(Bank reconciliation)",
            run: "click",
        },
        {
            content: "The number is seen; confirm it",
            trigger: ".o_cs_diagnostic_proposal:contains(7 days behind) button[name=accept]",
            run: "click",
        },
        {
            content: "Accepted, with its sentence as evidence",
            trigger:
                ".o_cs_diagnostic_question:has(.o_cs_diagnostic_proposal:contains(Accepted)) textarea:value(7 days behind)",
        },
        {
            content: "Where it could not answer, it says why",
            trigger: ".o_cs_diagnostic_area:contains(Expense groups)",
            run: "click",
        },
        {
            trigger: ".o_cs_diagnostic_problem:contains(no table or view)",
        },
    ],
});

/** A manager tries a probe with other limits, before saving it. */
registry.category("web_tour.tours").add("cs_probe_trial_tour", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=done_at] input",
            run: "edit 9",
        },
        {
            trigger: ".o_cs_probe_trial button[name=try_it]:enabled",
            run: "click",
        },
        {
            trigger: ".o_cs_probe_answer:contains(Fully done)",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(.o_form_dirty)",
        },
    ],
});
