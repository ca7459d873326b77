import { registry } from "@web/core/registry";

const row = (title) =>
    `.o_field_widget[name=task_ids] .o_data_row:contains(${title})`;

/** Concludes an open task of the journey's list. */
const conclude = (title) => [
    {
        content: `Do: ${title}`,
        trigger: `${row(title)} button[name=action_conclude]`,
        run: "click",
    },
];

/** What the map says of a stage, once the page shows it. */
const stageIs = (name, status) => [
    { content: "Look at the map", trigger: ".o_notebook a[name=map]", run: "click" },
    { trigger: `.o_cs_map_${status}:contains(${name})` },
    { content: "Back to the tasks", trigger: ".o_notebook a[name=tasks]", run: "click" },
];

/** A customer is walked from Project to Ongoing, from its journey's page. */
registry.category("web_tour.tours").add("cs_walk_tour", {
    steps: () => [
        {
            content: "The map tells what will happen, and when",
            trigger: ".o_cs_map_coming:contains(Ongoing):contains(from)",
        },
        {
            content: "And the work that it asks",
            trigger: ".o_cs_map_asks:contains(Carla CSM)",
        },
        {
            content: "What is in the last stage?",
            trigger: ".o_cs_map_stage:contains(Ongoing)",
            run: "click",
        },
        { trigger: ".o_cs_map_task:contains(Follow up)" },
        { trigger: ".o_notebook a[name=tasks]", run: "click" },
        ...conclude("Kick off"),
        {
            content: "It asks how it went",
            trigger: ".modal .o_field_widget[name=mood] .o_selection_badge:contains(Happy)",
            run: "click",
        },
        { trigger: ".modal button[name=action_conclude]", run: "click" },
        ...conclude("Send the data"),
        {
            content: "The next stage begins",
            trigger: `${row("Set up the product")} button[name=action_conclude]`,
        },
        ...stageIs("Project", "passed"),
        ...conclude("Set up the product"),
        ...conclude("Test everything"),
        {
            content: "Adoption",
            trigger: `${row("Check the use")} button[name=action_conclude]`,
        },
        ...conclude("Check the use"),
        {
            content: "Ongoing: the follow-up is open",
            trigger: `${row("Follow up")} button[name=action_conclude]`,
        },
        ...stageIs("Ongoing", "current"),
    ],
});
