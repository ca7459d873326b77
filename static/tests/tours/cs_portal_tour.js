import { registry } from "@web/core/registry";

/** The customer finds its task on the portal and says that it is done. */
registry.category("web_tour.tours").add("cs_portal_tour", {
    steps: () => [
        {
            content: "One thing is to do",
            trigger: ".o_portal_index_card a[href='/my/success']:contains(for you to do)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The journey is a line of stages",
            trigger: ".o_cs_stage_current:contains(Beginning)",
        },
        {
            content: "What our team does is no task of the customer",
            trigger: ".o_cs_portal:not(:contains(Check it in secret))",
        },
        {
            content: "Open the task",
            trigger: ".o_cs_portal a.list-group-item:contains(Send the list)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Instructions and material are there",
            trigger: ".o_cs_portal:contains(The standard sheet):contains(sheet.example)",
        },
        {
            content: "A word to the team",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit Here it is",
        },
        {
            content: "Send it",
            trigger: "#chatterRoot:shadow .o-mail-Composer button:enabled:contains(Send)",
            run: "click",
        },
        {
            content: "It is there",
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(Here it is)",
        },
        {
            content: "It is done",
            trigger: "button.o_cs_done",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says so",
            trigger: ".o_cs_portal .badge:contains(Done)",
        },
    ],
});

/** Its CSM sees what opened by that. */
registry.category("web_tour.tours").add("cs_portal_csm_tour", {
    steps: () => [
        {
            content: "The next task is on the list",
            trigger: ".o_kanban_record:contains(Meet at noon)",
        },
        {
            content: "The customer's own is not any more",
            trigger: ".o_kanban_view:not(:contains(Send the list))",
        },
    ],
});
