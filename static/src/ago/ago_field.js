import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A moment as people say it, "12 minutes ago", and exactly when one points at it. */
export class AgoField extends Component {
    static template = "customer_success.Ago";
    static props = { ...standardFieldProps };

    get moment() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return this.moment ? this.moment.toRelative() : "";
    }

    get exactly() {
        return this.moment ? formatDateTime(this.moment) : "";
    }
}

registry.category("fields").add("cs_ago", {
    component: AgoField,
    displayName: _t("How long ago"),
    supportedTypes: ["datetime"],
});
