import { registry } from "@web/core/registry";

const inDialog = (selector) => `.modal:not(.o_inactive_modal) ${selector}`;

/** A manager hands part of a portfolio to another CSM, from the list of the team. */
registry.category("web_tour.tours").add("cs_transfer_tour", {
    steps: () => [
        {
            content: "Whose customers are to be handed over",
            trigger: ".o_data_row:contains(Ana Tour) button[name=action_transfer]",
            run: "click",
        },
        {
            content: "All of them are proposed",
            trigger: inDialog(".o_field_widget[name=account_ids]:contains(Padaria Lua)"),
        },
        {
            content: "One stays",
            trigger: inDialog(
                ".o_field_widget[name=account_ids] .o_data_row:contains(Padaria Lua) .o_list_record_remove"
            ),
            run: "click",
        },
        {
            content: "It is gone from the list",
            trigger: inDialog(
                ".o_field_widget[name=account_ids]:not(:contains(Padaria Lua)):contains(Padaria Sol)"
            ),
        },
        {
            content: "Who takes them",
            trigger: inDialog(".o_field_widget[name=to_id] input"),
            run: "edit Bruno Tour",
        },
        {
            content: "It is Bruno",
            trigger: ".o-autocomplete--dropdown-item:contains(Bruno Tour)",
            run: "click",
        },
        {
            content: "What must be known",
            trigger: inDialog(".o_field_widget[name=note] .odoo-editor-editable"),
            run: "editor Marta decides, call her first",
        },
        {
            content: "Hand over",
            trigger: inDialog("button[name=action_transfer]"),
            run: "click",
        },
        {
            content: "The customers that moved are shown, with who has them now",
            trigger: ".o_data_row:contains(Padaria Sol):contains(Bruno Tour) td[name=partner_id]",
            run: "click",
        },
        {
            content: "The note is in its history",
            trigger: ".o_form_view .o-mail-Message:contains(Marta decides)",
        },
    ],
});
