import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cs_ingest_key_tour", {
    steps: () => [
        {
            content: "Ask for a key",
            trigger: ".o_control_panel button:contains(New key)",
            run: "click",
        },
        {
            content: "Say for which system",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Hub",
        },
        {
            content: "Make it",
            trigger: ".modal button[name=action_make]",
            run: "click",
        },
        {
            content: "The key is shown, with what to do with it",
            trigger: ".modal:contains(curl -X POST):contains(Copy the key now) .o_field_widget[name=key]",
            run() {
                const text = this.anchor.textContent.trim();
                if (!/^[0-9a-f]{40}/.test(text)) {
                    throw new Error(`not a key: ${text.length} characters`);
                }
            },
        },
        {
            content: "Done",
            trigger: ".modal button:contains(I have copied it)",
            run: "click",
        },
        {
            content: "The list knows the system and the end",
            trigger: ".o_data_row:contains(Hub):contains(Active) button[name=action_revoke]",
            run: "click",
        },
        {
            content: "Revoke, for sure",
            trigger: ".modal .btn-primary:contains(Ok)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Hub):contains(Revoked)",
        },
    ],
});
