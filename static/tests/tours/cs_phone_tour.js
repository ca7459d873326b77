import { registry } from "@web/core/registry";

/** What is shown must not be wider than the phone. */
const fits = (trigger, ...frames) => ({
    content: `${frames.join(", ")}: not wider than the screen`,
    trigger,
    run() {
        for (const frame of frames) {
            const { scrollWidth, clientWidth } = document.querySelector(frame);
            if (scrollWidth > clientWidth) {
                throw new Error(`${frame}: ${scrollWidth} px do not fit into ${clientWidth} px`);
            }
        }
    },
});

registry.category("web_tour.tours").add("cs_customers_phone", {
    steps: () => [
        fits(".o_kanban_view .o_kanban_record:contains(Padaria Sol)", "html", "body"),
        {
            content: "The customer",
            trigger: ".o_kanban_record:contains(Padaria Sol)",
            run: "click",
        },
        fits(
            ".o_form_view:contains(Padaria Sol) .o_field_widget[name=csm_id]",
            "html",
            "body",
            ".o_content",
            ".o_form_sheet"
        ),
    ],
});

const inDialog = (selector) => `.modal:not(.o_inactive_modal) ${selector}`;

/** A CSM enters somebody new, and what the person's address is. */
registry.category("web_tour.tours").add("cs_new_person_tour", {
    steps: () => [
        {
            content: "The people of the customer",
            trigger: ".o_form_view .nav-link[name=contacts]",
            run: "click",
        },
        {
            content: "Somebody whom nobody has entered yet",
            trigger: ".o_field_widget[name=contact_ids] button[name=action_new_person]",
            run: "click",
        },
        {
            trigger: inDialog(".o_field_widget[name=name] input"),
            run: "edit Marta Tour",
        },
        {
            trigger: inDialog(".o_field_widget[name=email] input"),
            run: "edit marta@sol.example",
        },
        {
            trigger: inDialog(".o_form_button_save"),
            run: "click",
        },
        {
            content: "She is among them at once",
            trigger: ".o_field_widget[name=contact_ids] .o_data_row:contains(Marta Tour)",
        },
    ],
});
