import { Component, onWillStart, onWillUnmount, markup, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { FileUploader } from "@web/views/fields/file_handler";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "cs.diagnostic";
const ANSWER = "cs.diagnostic.answer";
const REFRESH = 20000;
/** So many questions are asked of the customer's database at once. */
const LANES = 2;

/** The full screen on which a diagnostic is answered, area by area.
 *
 * Each answer is saved by itself the moment it is given; what colleagues answer in
 * the meantime is read again after each save, and every few seconds.
 */
export class DiagnosticSheet extends Component {
    static template = "customer_success.DiagnosticSheet";
    static components = { Layout, FileUploader };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.content = useRef("content");
        this.display = { controlPanel: {} };
        this.id = this.props.action.context.active_id || this.props.action.params?.active_id;
        this.state = useState({
            sheet: null,
            area: null,
            saving: 0,
            typed: {},
            reading: null,
        });
        onWillStart(async () => {
            await this.load();
            const areas = this.state.sheet.areas;
            const open = areas.find((area) => area.answered < area.questions);
            this.state.area = (open || areas[0])?.area_id;
        });
        const timer = setInterval(() => this.refresh(), REFRESH);
        onWillUnmount(() => {
            clearInterval(timer);
            this.stopReading();
        });
    }

    async load() {
        this.state.sheet = await this.orm.call(MODEL, "sheet", [[this.id]]);
        this.env.config.setDisplayName(this.state.sheet.name);
    }

    /** Read what colleagues answered, unless something of ours is on its way. */
    async refresh() {
        if (!this.state.saving && this.state.sheet?.state === "open" && !document.hidden) {
            const sheet = await this.orm.silent.call(MODEL, "sheet", [[this.id]]);
            if (!this.state.saving) {
                this.state.sheet = sheet;
            }
        }
    }

    async save(call) {
        this.state.saving++;
        try {
            await call();
            await this.load();
        } finally {
            this.state.saving--;
        }
    }

    get areas() {
        return this.state.sheet.areas;
    }

    get area() {
        return this.areas.find((area) => area.area_id === this.state.area);
    }

    get position() {
        return this.areas.indexOf(this.area);
    }

    get answered() {
        return this.areas.reduce((sum, area) => sum + area.answered, 0);
    }

    get questions() {
        return this.areas.reduce((sum, area) => sum + area.questions, 0);
    }

    get percent() {
        return this.questions ? (100 * this.answered) / this.questions : 0;
    }

    get isComplete() {
        return this.answered === this.questions;
    }

    get isWritable() {
        return this.state.sheet.can_write;
    }

    html(text) {
        return markup(text);
    }

    /** Who answered, and when. */
    author(row) {
        const day = formatDate(deserializeDateTime(row.answered_at));
        return _t("%(name)s, %(day)s", { name: row.answered_by, day });
    }

    labelOf(row, answer) {
        return row.meanings.find((meaning) => meaning.answer === answer)?.label;
    }

    evidence(row) {
        return this.state.typed[row.id]?.text ?? row.evidence;
    }

    show(area) {
        this.state.area = area.area_id;
        this.content.el?.scrollTo(0, 0);
    }

    step(count) {
        this.show(this.areas[this.position + count]);
    }

    answer(row, answer) {
        if (!this.isWritable) {
            return;
        }
        row.answer = answer;
        this.save(() => this.orm.write(ANSWER, [row.id], { answer }));
    }

    /** What is being written, and what stood there when it was begun. */
    type(row, text) {
        const seen = this.state.typed[row.id]?.seen ?? row.evidence;
        this.state.typed[row.id] = { text, seen };
    }

    writeEvidence(row) {
        const typed = this.state.typed[row.id];
        if (!typed) {
            return;
        }
        this.save(async () => {
            const args = [[row.id], typed.text, typed.seen];
            await this.orm.call(ANSWER, "write_evidence", args);
            if (this.state.typed[row.id]?.text === typed.text) {
                delete this.state.typed[row.id];
            }
        });
    }

    attach(row, file) {
        return this.save(() =>
            this.orm.call(ANSWER, "attach", [[row.id], file.name, file.data])
        );
    }

    detach(row, file) {
        this.save(() => this.orm.call(ANSWER, "detach", [[row.id], file.id]));
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    get rows() {
        return this.areas.flatMap((area) => area.rows);
    }

    /** How many questions the customer's database answered, and how many not. */
    get read() {
        return {
            proposed: this.rows.filter((row) => row.proposed).length,
            problems: this.rows.filter((row) => row.proposed_problem).length,
        };
    }

    chooseDatabase(value) {
        this.save(() => this.orm.write(MODEL, [this.id], { database_id: Number(value) || false }));
    }

    /** Open the form of the database: the one chosen, or that of a new one. */
    openDatabase(id) {
        this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Customer's database"),
                res_model: "cs.customer.database",
                res_id: id || false,
                views: [[false, "form"]],
                target: "new",
                context: { default_account_id: this.state.sheet.account_id },
            },
            { onClose: () => this.load() }
        );
    }

    /** Ask question by question; a slow one or a failing one stops no other. */
    async readDatabase() {
        this.state.reading = { total: 0, done: 0, asked: {}, isStopped: false };
        const reading = this.state.reading;
        try {
            const queue = await this.orm.call(MODEL, "begin_probing", [[this.id]]);
            reading.total = queue.length;
            const lanes = Array.from({ length: LANES }, () => this.readLane(queue, reading));
            await Promise.all(lanes);
        } finally {
            this.state.reading = null;
            await this.load();
        }
    }

    async readLane(queue, reading) {
        while (queue.length && !reading.isStopped) {
            await this.readOne(queue.shift(), reading);
        }
    }

    async readOne(id, reading) {
        reading.asked[id] = true;
        try {
            this.replace(await this.orm.silent.call(ANSWER, "probe", [[id]]));
        } catch (error) {
            const said = error.data?.message || _t("The connection was lost: try again.");
            this.replace({ id, proposed: "", proposed_problem: said });
        }
        delete reading.asked[id];
        reading.done++;
    }

    stopReading() {
        if (this.state.reading) {
            this.state.reading.isStopped = true;
        }
    }

    replace(values) {
        const row = this.rows.find((one) => one.id === values.id);
        if (row) {
            Object.assign(row, values);
        }
    }

    readAgain(row) {
        this.save(() => this.orm.call(ANSWER, "probe", [[row.id]]));
    }

    accept(row) {
        this.save(() => this.orm.call(ANSWER, "accept_proposal", [[row.id]]));
    }

    async openResult() {
        this.action.doAction(await this.orm.call(MODEL, "action_open_result", [[this.id]]));
    }

    async conclude() {
        await this.orm.call(MODEL, "action_conclude", [[this.id]]);
        await this.openResult();
    }
}

registry.category("actions").add("customer_success.diagnostic_sheet", DiagnosticSheet);
