import { registry } from "@web/core/registry";

const field = (name) => `.modal .o_field_widget[name=${name}]`;
const closed = "body:not(:has(.modal))";

const addArea = (index, name) => [
    {
        content: "One more area",
        trigger: ".o_field_widget[name=area_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        trigger: `.o_field_widget[name=area_ids] .o_data_row:nth-child(${index}) .o_field_widget[name=name] input`,
        run: `edit ${name}`,
    },
];

const openPage = (name) => ({
    content: `Page ${name}`,
    trigger: `.o_notebook .nav-link[name=${name}]`,
    run: "click",
});

const addQuestion = (name, area) => [
    {
        content: "One more question",
        trigger: `${closed} button[name=action_add_question]`,
        run: "click",
    },
    { trigger: `${field("name")} textarea`, run: `edit ${name}` },
    {
        content: "It is in the area whose turn it is",
        trigger: `${field("area_id")} input:value(${area})`,
    },
    { trigger: `${field("meaning_done")} input`, run: "edit All of them" },
    { trigger: `${field("meaning_partly")} input`, run: "edit Some of them" },
    { trigger: `${field("meaning_not_done")} input`, run: "edit None of them" },
];

const save = (row) => [
    { content: "Save", trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: `${closed} .o_data_row:contains(${row})` },
];

const missing = (text) => ({
    content: "What is missing stands in words",
    trigger: `.o_field_widget[name=missing_note]:contains(${text})`,
});

/** A specialist writes a template alone, and starts a diagnostic with it. */
registry.category("web_tour.tours").add("cs_diagnostic_template_tour", {
    steps: () => [
        { content: "A new template", trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Tour diagnostic",
        },
        missing("Begin with the areas"),
        ...addArea(1, "People"),
        ...addArea(2, "Machines"),
        openPage("questions"),
        ...addQuestion("Are people trained", "People"),
        {
            content: "An action written from the answer",
            trigger: `${field("not_done_action_ids")} input`,
            run: "edit Train people",
        },
        {
            trigger: ".o_m2o_dropdown_option_create:contains(Train people)",
            run: "click",
        },
        { trigger: `${field("not_done_action_ids")} .o_tag:contains(Train people)` },
        ...save("Are people trained"),
        missing("Areas without a question: “Machines”"),
        ...addQuestion("Are machines in order", "Machines"),
        ...save("Are machines in order"),
        missing("Questions that propose no action: “Are machines in order”"),
        openPage("actions"),
        {
            content: "The action written before is here",
            trigger: ".o_field_widget[name=action_ids] .o_data_row:contains(Train people)",
        },
        {
            content: "One more action",
            trigger: "button[name=action_add_action]",
            run: "click",
        },
        {
            trigger: `${field("name")} :is(input, textarea)`,
            run: "edit Repair machines",
        },
        {
            content: "Which answer calls for it",
            trigger: `${field("partly_question_ids")} input`,
            run: "edit machines in order",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Are machines in order)",
            run: "click",
        },
        {
            trigger: `${field("partly_question_ids")} .o_tag:contains(Are machines in order)`,
        },
        ...save("Repair machines"),
        {
            content: "Nothing is missing any more",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=missing_note]))",
        },
        {
            content: "Use it",
            trigger: "button[name=action_start_diagnostic]",
            run: "click",
        },
        {
            content: "With this template",
            trigger: `${field("template_id")} input:value(Tour diagnostic)`,
        },
        { trigger: `${field("account_id")} input`, run: "edit Padaria Sol" },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Padaria Sol)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_start]:visible:enabled",
            run: "click",
        },
        {
            content: "The first area is asked",
            trigger: ".o_cs_diagnostic_area.active:contains(People)",
        },
        {
            trigger: ".o_cs_diagnostic_question:contains(Are people trained)",
        },
    ],
});
