import { Component, markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A drawing (SVG) made by the server, which escapes what people wrote. */
export class Drawing extends Component {
    static template = "customer_success.Drawing";
    static props = { ...standardFieldProps };

    get drawing() {
        const text = this.props.record.data[this.props.name];
        return text ? markup(text) : false;
    }
}

registry.category("fields").add("cs_drawing", {
    component: Drawing,
    displayName: _t("Drawing"),
    supportedTypes: ["text"],
});
