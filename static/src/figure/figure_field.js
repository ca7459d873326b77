import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A figure that cannot always be said: a dash, where `has_<name>` is not set. */
export class FigureField extends FloatField {
    get formattedValue() {
        return this.props.record.data[`has_${this.props.name}`] ? super.formattedValue : "–";
    }
}

registry.category("fields").add("cs_figure", {
    ...floatField,
    component: FigureField,
    displayName: _t("Figure, or a dash"),
    fieldDependencies: ({ name }) => [{ name: `has_${name}`, type: "boolean" }],
});
