import { registry } from "@web/core/registry";

const stageRow = (name) => `.o_field_widget[name=stage_ids] .o_data_row:contains(${name})`;
const taskRow = (index) =>
    `.modal .o_field_widget[name=task_ids] .o_data_row:nth-child(${index})`;
const title = (index) => `${taskRow(index)} .o_field_widget[name=name] input`;

/** Writes a task into the next line of the open stage. */
const addTask = (index, name) => [
    {
        content: "One more task",
        trigger: ".modal .o_field_widget[name=task_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    { trigger: title(index), run: `edit ${name}` },
];

const addStage = (name) => [
    {
        content: "Add a stage",
        trigger: ".o_field_widget[name=stage_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=name] input",
        run: `edit ${name}`,
    },
];

const closeStage = (name) => [
    {
        content: "Keep the stage",
        trigger: ".modal .o_form_button_save",
        run: "click",
    },
    { trigger: `body:not(:has(.modal)) ${stageRow(name)}` },
];

/** A manager draws a playbook: two stages, tasks in parallel, dragged into order. */
registry.category("web_tour.tours").add("cs_template_tour", {
    steps: () => [
        { content: "A new template", trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour playbook",
        },
        {
            content: "No lifecycle: a playbook for risk",
            trigger: ".o_field_widget[name=kind] :is(select, input)",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Risk)",
            run: "click",
        },
        ...addStage("Understand"),
        ...addTask(1, "Call the sponsor"),
        ...addTask(2, "Read the tickets"),
        ...addTask(3, "Plan the recovery"),
        {
            content: "The third waits for the second",
            trigger: `${taskRow(2)} td[name=position]:contains(2)`,
        },
        {
            content: "Call and read at the same time",
            trigger: `${taskRow(2)} .o_field_widget[name=together] input`,
            run: "click",
        },
        {
            content: "Both have position 1 now",
            trigger: `${taskRow(2)} td[name=position]:contains(1)`,
        },
        {
            content: "And the plan comes second",
            trigger: `${taskRow(3)} td[name=position]:contains(2)`,
        },
        ...closeStage("Understand"),
        ...addStage("Recover"),
        ...addTask(1, "Check the plan with the customer"),
        ...addTask(2, "Present the plan"),
        {
            content: "Present it first: drag it up",
            trigger: `${taskRow(2)} .o_handle_cell .o_row_handle`,
            run: `drag_and_drop ${taskRow(1)}`,
        },
        {
            content: "It has the first position",
            trigger: `${taskRow(1)}:has(td[name=position]:contains(1)):contains(Present the plan)`,
        },
        ...closeStage("Recover"),
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The preview shows all of it",
            trigger:
                ".o_form_saved .o_cs_preview .o_cs_preview_task:contains(Present the plan)",
        },
        {
            content: "Two days of one stage, two of the other",
            trigger: ".o_cs_preview_total:contains(4 days)",
        },
    ],
});
