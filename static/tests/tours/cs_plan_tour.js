import { registry } from "@web/core/registry";

const UNANSWERED = ".o_cs_diagnostic_question:not(:has(.chosen)):first";

/** Two findings close the gate of the income statement; the plan is made and shared. */
registry.category("web_tour.tours").add("cs_plan_specialist_tour", {
    steps: () => [
        {
            content: "In Portuguese",
            trigger: "button[name=result]:contains(resultado)",
        },
        {
            content: "Not all invoices get in",
            trigger: `${UNANSWERED} input[value=partly]`,
            run: "click",
        },
        {
            content: "It is saved, and one question is left",
            trigger: ".o_cs_diagnostic_content:has(.chosen.partly)",
        },
        {
            content: "Not all of them are classified",
            trigger: `${UNANSWERED} input[value=partly]`,
            run: "click",
        },
        {
            content: "All is answered",
            trigger: "button[name=conclude]:contains(Concluir)",
            run: "click",
        },
        {
            content: "The result, and from there the plan",
            trigger: ".o_field_widget[name=radar] svg",
        },
        {
            trigger: "button[name=action_open_plan_draft]:visible",
            run: "click",
        },
        {
            content: "The journey begins with it",
            trigger: ".o_field_widget[name=start_journey] input",
            run: "click",
        },
        {
            content: "Each finding has its action",
            trigger:
                ".o_field_widget[name=line_ids]:contains(rotina):contains(Reclassificar)",
        },
        {
            trigger: "button[name=action_create_plan]",
            run: "click",
        },
        {
            content: "The customer shall see it",
            trigger: "button[name=action_share_with_customer]",
            run: "click",
        },
        {
            content: "It is shared",
            trigger: "button[name=action_stop_sharing]",
        },
    ],
});

/** The customer agrees, and does its part. */
registry.category("web_tour.tours").add("cs_plan_customer_tour", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/success']:contains(jornada)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The plan is there, and nothing of it is done",
            trigger: "a.o_cs_plan:contains(0 %)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Agree to it",
            trigger: "form.o_cs_validate button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Who agreed is said",
            trigger: ".o_cs_validated:contains(Marta)",
        },
        {
            content: "Our steps are to be read only",
            trigger: ".o_cs_plan_todo:not(:contains(rotina))",
        },
        {
            content: "Say that one's own is done",
            trigger: ".o_cs_plan_todo .card:contains(Reclassificar) summary",
            run: "click",
        },
        {
            trigger: ".o_cs_plan_todo .card:contains(Reclassificar) textarea[name=note]",
            run: "edit Tudo de 2026 <b>revisto</b>",
        },
        {
            trigger: ".o_cs_plan_todo .card:contains(Reclassificar) button.o_cs_done",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says so, and the bar has moved",
            trigger: ".o_cs_step_done:contains(Reclassificar)",
        },
        {
            trigger: ".o_cs_plan_page .progress[aria-valuenow]:not([aria-valuenow='0'])",
        },
    ],
});

/** The gate holds until the second finding is settled, too. */
registry.category("web_tour.tours").add("cs_plan_gate_tour", {
    steps: () => [
        {
            content: "The income statement waits for what is left",
            trigger: "[name=waits_for]:contains(notas)",
        },
        {
            content: "But not for what the customer has done",
            trigger: "[name=waits_for]:not(:contains(grupo e tipo))",
        },
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current:not(:contains(Configuração de DRE))",
        },
    ],
});

/** The specialist settles what is left. */
registry.category("web_tour.tours").add("cs_plan_settle_tour", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Padaria Sol)",
            run: "click",
        },
        {
            content: "The progress has moved: one step of five",
            trigger: ".o_field_widget[name=progress]:contains(20)",
        },
        {
            content: "The customer agreed to it",
            trigger: ".o_field_widget[name=validated_by_id]:contains(Marta)",
        },
        {
            content: "Settle the other finding",
            trigger:
                ".o_field_widget[name=task_ids] tr:contains(rotina) button[name=action_conclude]",
            run: "click",
        },
        {
            content: "It was a meeting: how did it go?",
            trigger: ".modal .o_field_widget[name=mood]:contains(Satisfeito)",
        },
        {
            trigger: ".modal footer button.btn-primary:contains(Salvar e concluir)",
            run: "click",
        },
        {
            content: "It is done",
            trigger:
                ".o_field_widget[name=task_ids] tr:contains(rotina):not(:has(button[name=action_conclude]))",
        },
    ],
});

/** Both are settled. */
registry.category("web_tour.tours").add("cs_plan_statement_tour", {
    steps: () => [
        {
            content: "The income statement is open",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains(Configuração de DRE)",
        },
        {
            content: "Nothing is waited for",
            trigger: ".o_form_view:not(:has([name=waits_for]))",
        },
    ],
});
