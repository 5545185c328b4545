import {writeFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import anyTest, {type ExecutionContext} from 'ava';
import {type Calibration, fitCalibration} from '../../src/calibration/fit-calibration.ts';
import {metricsDocument, serviceDocument, startupDocument} from '../../src/calibration/model-document.ts';
import type {Comparison} from '../../src/comparison/compare.ts';
import {judgeEvidence} from '../../src/comparison/validation/validation.ts';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {UserError} from '../../src/errors.ts';
import {type Recording, recordColumns, type TableName, tableNames} from '../../src/records/record.ts';
import {calibrationReport} from '../../src/report/calibration-report.ts';
import {comparisonJson, comparisonReport} from '../../src/report/comparison-report.ts';
import {reportText} from '../../src/report/text/report.ts';
import {validationFiles} from '../../src/report/validation/data.ts';
import type {Coefficient} from '../../src/statistics/least-squares.ts';
import {importRecord} from '../../src/store/records/import-record.ts';
import {record} from '../calibration/records.ts';
import {compared} from '../comparison/stand-ins.ts';

/* Imported records that lack a column or a cell: compared, validated and calibrated soon, without a number made up. */

const test = anyTest.serial;
const slowestMs = 3000;
const cells = 60;

const {experiment, recording} = record({duration: 400, slo: {p95: 30, ttft: 20}});
const folder = await mkdtemp(join(tmpdir(), 'replicast-imported-'));
test.after.always(async () => rm(folder, {recursive: true}));

type Gap = {readonly table: TableName; readonly column: string /** Every one when left out. */; readonly row?: number};

const rowsOf = (table: TableName) => {
	const columns: Record<string, ArrayLike<unknown>> = recording.tables[table];
	const length = Object.values(columns)[0]!.length;
	return Array.from({length}, (_, row) =>
		Object.fromEntries(Object.keys(columns).map(column => [column, columns[column]![row]])),
	);
};
const linesOf = (table: TableName, gap?: Gap) =>
	rowsOf(table)
		.map((cell, row) => {
			const isGap = gap?.table === table && (gap.row === undefined || gap.row === row);
			return JSON.stringify(isGap ? {...cell, [gap.column]: undefined} : cell);
		})
		.join('\n');

/** The record as it is imported with a gap; undefined where it is refused, each fault in a line. */
async function imported(
	t: ExecutionContext,
	gap?: Gap,
	lacking: readonly TableName[] = [],
): Promise<Recording | undefined> {
	writeFileSync(join(folder, 'record.json'), JSON.stringify({...recording.head, engine: 'measured'}));
	for (const table of tableNames) {
		writeFileSync(join(folder, `${table}.ndjson`), lacking.includes(table) ? '' : linesOf(table, gap));
	}

	try {
		return (await importRecord(folder)).recording;
	} catch (error) {
		t.true(error instanceof UserError, String(error));
		return undefined;
	}
}

/** All that compare and validate print of a record. */
function judged(given: Recording): {comparison: Comparison; text: string} {
	const measured = [{name: 'imported', recording: given}];
	const comparison = compared({experiment, measured, replications: 2});
	const sides = {experiment, measured, givenFolder: undefined, refused: []};
	const validation = judgeEvidence({
		replications: 2,
		strangers: [],
		unmeasured: [],
		experiments: [
			{
				experiment,
				file: 'mine.yaml',
				models: [],
				records: [
					{folder: 'imported', hash: 'ab', arm: 'dynamic', repeat: 0, measuredAt: null, standing: {role: 'judge'}},
				],
				comparison,
				inSample: [],
			},
		],
	});
	const result = {comparison, sides, replications: 2};
	const files = validationFiles(validation, new Map());
	return {
		comparison,
		text: [reportText(comparisonReport(result)), JSON.stringify(comparisonJson(result)), ...Object.values(files)].join(
			'\n',
		),
	};
}

/** Figures that are read off what a gap leaves: those of one cell less are nearly the same, of a column less the very same. */
function sameOrUnknown(t: ExecutionContext, name: string, [whole, lacking]: readonly Comparison[], nearness: number) {
	for (const [figure, {measured}] of Object.entries(lacking!.figures)) {
		if (measured !== null) {
			const full = whole!.figures[figure]!.measured?.mean ?? Number.NaN;
			t.true(
				Math.abs(measured.mean - full) <= nearness * Math.abs(full) + 1e-9,
				`${figure} without ${name}: ${measured.mean} instead of ${full}`,
			);
		}
	}
}

const provenance = {date: '2026-01-01', records: ['ab'], notes: '', isShort: false};

/** All that calibrate writes and prints. */
function fitted(given: Recording): {calibration: Calibration; text: string} {
	const calibration = fitCalibration([{recording: given, experiment}]);
	const documents = [
		serviceDocument({}, {...calibration, contextTokens: 2048}, provenance),
		startupDocument({}, calibration, provenance),
		metricsDocument({}, calibration.metrics, provenance),
	];
	return {
		calibration,
		text: `${JSON.stringify(documents)}${reportText(calibrationReport({calibration, written: ['a'], warnings: []}))}`,
	};
}

function notFinite(value: unknown, path: string): string[] {
	if (typeof value === 'number') {
		return Number.isFinite(value) ? [] : [`${path}: ${value}`];
	}

	return typeof value === 'object' && value !== null
		? Object.entries(value).flatMap(([key, part]) => notFinite(part, `${path}.${key}`))
		: [];
}

/** A coefficient is the same as of the whole record within its own interval and some more, or it is absent. */
function nearOrAbsent(t: ExecutionContext, name: string, [whole, lacking]: readonly Calibration[]): void {
	for (const part of ['service', 'use'] as const) {
		const all = whole![part] as Readonly<Record<string, Partial<Coefficient>>>;
		for (const [coefficient, given] of Object.entries<Partial<Coefficient>>(lacking![part] as never)) {
			const {value, low, high} = all[coefficient] ?? {};
			if (given.value !== undefined) {
				const width = 2 * (high! - low!) + 0.02 * Math.abs(value!);
				t.true(Math.abs(given.value - value!) <= width, `${coefficient} without ${name}: ${given.value}, ${value}`);
			}
		}
	}
}

const random = new RandomStream({seed: 1, replication: 0, purpose: 'gaps', entity: 0});
const columns = tableNames.flatMap(table => Object.keys(recordColumns[table]).map((column): Gap => ({table, column})));
const single = Array.from({length: cells}, (_, index): Gap => {
	const gap = columns[index % columns.length]!;
	return {...gap, row: Math.floor(random.uniform() * rowsOf(gap.table).length)};
});

for (const [title, {gaps, nearness}] of Object.entries({
	'any column': {gaps: columns, nearness: 0},
	'any cell': {gaps: single, nearness: 0.1},
})) {
	test(`records that lack ${title}`, async t => {
		const whole = (await imported(t))!;
		const [comparison, calibration] = [judged(whole).comparison, fitted(whole).calibration];
		let taken = 0;
		for (const gap of gaps) {
			const name = `${gap.table}.${gap.column}${gap.row === undefined ? '' : ` in row ${gap.row}`}`;
			const start = performance.now();
			const given = await imported(t, gap);
			if (given !== undefined) {
				taken++;
				const lacking = judged(given);
				t.notRegex(lacking.text, /NaN|undefined|Infinity/, name);
				sameOrUnknown(t, name, [comparison, lacking.comparison], nearness);
				const fit = attempt(() => fitted(given));
				if (fit !== undefined) {
					t.notRegex(fit.text, /NaN|undefined|Infinity|null/, name);
					t.deepEqual(notFinite(fit.calibration, 'calibration'), [], name);
					nearOrAbsent(t, name, [calibration, fit.calibration]);
				}
			}

			t.true(performance.now() - start < slowestMs, name);
		}

		t.true(taken >= gaps.length / 3, `${taken} of ${gaps.length} taken`);
	});
}

/** Undefined where the work of a token cannot be fitted, which is an expected end. */
function attempt<Result>(work: () => Result): Result | undefined {
	try {
		return work();
	} catch (error) {
		if (error instanceof RangeError && /different prompt and output tokens/.test(error.message)) {
			return undefined;
		}

		throw error;
	}
}

test('records that lack tables', async t => {
	for (const lacking of [['samples'], ['decisions'], ['pods'], ['pods', 'decisions', 'samples']] as const) {
		const given = (await imported(t, undefined, lacking))!;
		const {comparison, text} = judged(given);
		t.notRegex(text, /NaN|undefined|Infinity/, lacking.join());
		t.true(comparison.lacking.length > 0);
		for (const figure of comparison.lacking) {
			t.is(comparison.figures[figure]!.error, null, `${figure} without ${lacking.join()}`);
		}

		t.false(comparison.judged.some(figure => comparison.lacking.includes(figure)));
		const fit = fitted(given);
		t.notRegex(fit.text, /NaN|undefined|Infinity|null/, lacking.join());
	}
});
