import { registry } from "@web/core/registry";

/** From the last open question to the plan, as a specialist alone in front of it. */
registry.category("web_tour.tours").add("cs_diagnostic_tour", {
    steps: () => [
        {
            content: "The area that is not finished is shown",
            trigger: ".o_cs_diagnostic_area.active:contains(Bank reconciliation)",
        },
        {
            content: "Guidance stands beside the question",
            trigger: ".o_cs_diagnostic_guidance:contains(What good looks like)",
        },
        {
            content: "Say what was seen",
            trigger: ".o_cs_diagnostic_question:first textarea",
            run: "edit 2 of 3 accounts",
        },
        {
            content: "Answer",
            trigger: ".o_cs_diagnostic_question:first input[value=partly]",
            run: "click",
        },
        {
            content: "It is saved, and what was written too",
            trigger:
                ".o_cs_diagnostic_question:first:contains(Elisa Tour) textarea:value(2 of 3 accounts)",
        },
        {
            content: "All is answered",
            trigger: "button[name=conclude]",
            run: "click",
        },
        {
            content: "The result: level and radar",
            trigger: ".o_field_widget[name=radar] svg",
        },
        {
            content: "Make the plan",
            trigger: "button[name=action_open_plan_draft]:visible",
            run: "click",
        },
        {
            content: "The best action is proposed",
            trigger: ".o_field_widget[name=line_ids]:contains(bank reconciliation)",
        },
        {
            content: "Make it",
            trigger: "button[name=action_create_plan]",
            run: "click",
        },
        {
            content: "The plan has its tasks",
            trigger: ".o_field_widget[name=task_ids]:contains(bank reconciliation)",
        },
    ],
});
