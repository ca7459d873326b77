import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** The bytes of a file that the test left as an attachment. */
async function attachedFile(name) {
    const [attachment] = await rpc("/web/dataset/call_kw/ir.attachment/search_read", {
        model: "ir.attachment",
        method: "search_read",
        args: [[["name", "=", name]], ["datas"]],
        kwargs: {},
    });
    const bytes = Uint8Array.from(atob(attachment.datas), (char) => char.charCodeAt(0));
    return new File([bytes], name);
}

async function upload(input, name) {
    const transfer = new DataTransfer();
    transfer.items.add(await attachedFile(name));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

const inDialog = (selector) => `.modal ${selector}`;
const column = (name) =>
    inDialog(`.o_field_widget[name=column_ids] .o_data_row:contains(${name})`);

/** A workbook comes in: upload it, say what a column holds, see what became of it. */
registry.category("web_tour.tours").add("cs_sheet_tour", {
    steps: () => [
        {
            content: "Facts are configured",
            trigger: "button[data-menu-xmlid='customer_success.menu_configuration']",
            run: "click",
        },
        {
            content: "A spreadsheet is imported",
            trigger:
                ".dropdown-item[data-menu-xmlid='customer_success.menu_configuration_sheet_import']",
            run: "click",
        },
        {
            content: "It holds measurements",
            trigger: inDialog(".o_field_widget[name=kind] label:contains(Measurements)"),
            run: "click",
        },
        {
            content: "Choose the file",
            trigger: inDialog(".o_field_widget[name=data] input[type=file]:not(:visible)"),
            run() {
                return upload(this.anchor, "uso.xlsx");
            },
        },
        {
            content: "The file is there",
            trigger: inDialog(".o_field_widget[name=data] input:value(uso.xlsx)"),
        },
        {
            content: "Read it",
            trigger: inDialog("button[name=action_columns]"),
            run: "click",
        },
        {
            content: "The header was found below the title",
            trigger: inDialog(".o_field_widget[name=header_line] input:value(3)"),
        },
        {
            content: "Nobody knows who is meant by Conta: it is asked for",
            trigger: inDialog(".alert:contains(Customer)"),
        },
        {
            content: "It is not imported so",
            trigger: inDialog("footer:not(:has(button[name=action_import]:visible))"),
        },
        {
            content: "Say it",
            trigger: `${column("Conta")} td[name=choice_id]`,
            run: "click",
        },
        {
            content: "Look for the customer",
            trigger: `${column("Conta")} td[name=choice_id] input`,
            run: "edit Customer",
        },
        {
            content: "It is the customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Customer)",
            run: "click",
        },
        {
            content: "What is not used is named before",
            trigger: inDialog("p:contains(Not used) .o_field_widget[name=unused]:contains(Obs)"),
        },
        {
            content: "Import",
            trigger: inDialog("button[name=action_import]"),
            run: "click",
        },
        {
            content: "What is not used is named after",
            trigger: ".o_form_view .alert .o_field_widget[name=unused]:contains(Obs)",
        },
        {
            content: "One row was kept",
            trigger: ".o_form_view .o_field_widget[name=kept]:contains(1)",
        },
        {
            content: "The other is shown with its reason",
            trigger: ".o_field_widget[name=bad_rows] tr:contains(nove):contains(Not a number)",
        },
        {
            content: "Download it to mend it",
            trigger: "button[name=action_download]:last",
            run: "click",
        },
        {
            content: "It is one of the imports",
            trigger: ".o_form_view .o_arrow_button_current:contains(Done)",
        },
    ],
});
