import test from 'ava';
import type {Recorded} from '../../src/comparison/controller-check.ts';
import {checkController} from '../../src/comparison/controller-check.ts';
import {pairFigures, runFigures} from '../../src/comparison/figure-table.ts';
import {readRun} from '../../src/comparison/reading.ts';
import {lacksOf} from '../../src/records/holdings.ts';
import type {DecisionTable, Recording} from '../../src/records/record.ts';
import {recordColumns, type TableName, tableNames} from '../../src/records/record.ts';
import {tableFault} from '../../src/store/records/table-fault.ts';
import {compared, standIns, steps} from './stand-ins.ts';

/* A measured record that lacks tables, columns or cells: what cannot be known is not there, and nothing is made up for it. */

const experiment = steps({slo: {p95: 30, ttft: 20}});
const whole = standIns(experiment, 2).map(({name, recording}) => ({
	name,
	recording: {...recording, head: {...recording.head, engine: 'measured' as const}},
}));
const [{recording: full}] = whole as unknown as [Recorded];

const without = (recording: Recording, ...tables: readonly TableName[]): Recording => {
	const copy = structuredClone(recording) as unknown as {
		head: Recording['head'];
		tables: Record<string, Record<string, never>>;
	};
	for (const table of tables) {
		for (const [column, values] of Object.entries<{slice: (from: number, to: number) => never}>(copy.tables[table]!)) {
			copy.tables[table]![column] = values.slice(0, 0);
		}
	}

	return copy as unknown as Recording;
};
const changed = (recording: Recording, change: (tables: Recording['tables']) => void): Recording => {
	const copy = structuredClone(recording);
	change(copy.tables);
	return copy;
};
const figuresOf = (recording: Recording) => {
	const run = readRun(recording, experiment);
	const ofRuns = Object.entries(runFigures).map(([name, {read}]) => [name, read(run)] as const);
	const ofPairs = Object.entries(pairFigures).map(([name, {between}]) => [name, between(run, run)] as const);
	return new Map<string, number>([...ofRuns, ...ofPairs]);
};
const known = figuresOf(full);

test('a record without pods, decisions and samples is judged by its requests alone', t => {
	const measured = whole.map(({name, recording}) => ({
		name,
		recording: without(recording, 'pods', 'decisions', 'samples'),
	}));
	const {verdict, judged, unmeasured, failing, unclear, figures, lacks, triangle, elasticity, envelope} = compared({
		experiment,
		measured,
	});
	t.deepEqual(judged, ['p95']);
	t.deepEqual(unmeasured, ['replicasMeanAbsoluteError', 'podHours', 'scaleLag']);
	t.deepEqual([verdict, failing, unclear], ['VALID', [], []]);
	t.deepEqual(lacks[0]!.lacks, ['decisions', 'pods', 'samples']);
	for (const name of [
		'replicasMean',
		'replicasMax',
		'podHours',
		'cost',
		'energy',
		'cpuUtilization',
		'scaleEvents',
		'scaleEventsF1',
	]) {
		t.is(figures[name]!.measured, null, name);
		t.is(figures[name]!.error, null, name);
	}

	t.truthy(figures['p95']!.error);
	t.is(triangle.a.share, null);
	t.is(elasticity.underTimeshare.measured, null);
	t.true(envelope.coverage.every(Number.isNaN));
	t.deepEqual(
		triangle.parts.filter(({differs}) => differs).map(({measure}) => measure),
		[],
	);
});

test('nothing that could be judged is no verdict', t => {
	const measured = whole.map(({name, recording}) => ({name, recording: without(recording, 'decisions')}));
	const strict = {...experiment, accept: {replicasMean: {fraction: 0.5}, scaleEventsF1: {fraction: 0.5}}};
	const {verdict, unmeasured} = compared({experiment: strict, measured});
	t.deepEqual([verdict, unmeasured], ['CANNOT SAY', ['replicasMean', 'scaleEventsF1']]);
});

test('requests that tell no start leave out the figures of waiting', t => {
	const measured = whole.map(({name, recording}) => ({
		name,
		recording: changed(recording, ({requests}) => {
			requests.startedSeconds.fill(Number.NaN);
		}),
	}));
	const {figures, lacks, tenants} = compared({experiment, measured});
	for (const name of ['meanWait', 'p95Wait', 'waitKolmogorovSmirnov', 'waitWasserstein']) {
		t.is(figures[name]!.error, null, name);
	}

	t.truthy(figures['p95']!.error);
	t.truthy(tenants[0]!.figures['p95']!.error);
	t.regex(lacks[0]!.lacks[0]!, /^startedSeconds of (\d+) of \1 completed requests$/);
});

test('a column that is left out makes figures unknown, and none otherwise', t => {
	for (const table of tableNames) {
		for (const [column, {type}] of Object.entries(recordColumns[table])) {
			const lacking = changed(full, tables => {
				const values = (tables[table] as Record<string, Float64Array | string[]>)[column]!;
				(values as string[]).fill((type === 'STRING' ? (table === 'decisions' ? '[]' : '') : Number.NaN) as string);
			});
			// Whole numbers and what no table goes without are refused before.
			if (type !== 'INT32' && tableFault(table, lacking.tables[table] as never) === undefined) {
				for (const [name, value] of figuresOf(lacking)) {
					const isSame = Object.is(value, known.get(name)) || Math.abs(value - known.get(name)!) < 1e-9;
					t.true(
						Number.isNaN(value) || isSame,
						`${name} without ${table}.${column}: ${value} instead of ${known.get(name)}`,
					);
				}
			}
		}
	}
});

test('any table that is left out makes figures unknown, and none otherwise', t => {
	for (const tables of [['pods'], ['decisions'], ['samples'], ['pods', 'samples']] as const) {
		const lacking = without(full, ...tables);
		for (const [name, value] of figuresOf(lacking)) {
			t.true(Number.isNaN(value) || Object.is(value, known.get(name)), `${name} without ${tables.join()}: ${value}`);
		}
	}
});

test('pods of which nobody tells when they came are no pods of a moment', t => {
	const lacking = changed(full, ({pods}) => {
		pods.event = pods.event.map(event => (event === 'scheduled' ? 'created' : event));
	});
	t.is(figuresOf(lacking).get('podHours'), Number.NaN);
	t.regex(lacksOf(lacking, experiment).join(), /when \d+ pods were scheduled/);
});

test('a simulated record, and a measured one that is whole, lack nothing', t => {
	t.deepEqual(lacksOf(full, experiment), []);
	t.deepEqual(lacksOf({...full, head: {...full.head, engine: 'simulated'}}, experiment), []);
});

/** As somebody has them who asks for the HPA's status every few seconds: the changes alone, a little late. */
const polled = (recording: Recording, late: number): Recording =>
	changed(recording, tables => {
		const {decisions} = tables;
		const rows = [...decisions.seconds.keys()].filter(
			row => decisions.currentReplicas[row] !== decisions.desiredReplicas[row] && decisions.seconds[row]! > 0,
		);
		tables.decisions = {
			seconds: Float64Array.from(rows, row => decisions.seconds[row]! + late),
			currentReplicas: Int32Array.from(rows, row => decisions.currentReplicas[row]!),
			desiredReplicas: Int32Array.from(rows, row => decisions.desiredReplicas[row]!),
			proposals: rows.map(() => '[]'),
			reasons: rows.map(() => '[]'),
		} satisfies DecisionTable;
	});

test('changes that were polled are found again up, though the pods that follow are there; down, they cannot be checked', t => {
	for (const late of [0, 1, 4, 9]) {
		const recording = polled(full, late);
		const {desiredReplicas, currentReplicas} = recording.tables.decisions;
		const ups = desiredReplicas.filter((desired, row) => desired > currentReplicas[row]!).length;
		const check = checkController({name: 'polled', recording}, experiment);
		t.true(ups > 0 && ups < check.decisions);
		t.deepEqual(check.misses, [], `${late} s late`);
		t.is(check.matches, ups);
		t.deepEqual(check.unchecked, [
			{lacks: 'no proposals, and not every reconcile before it', count: check.decisions - ups},
		]);
		t.is(check.share, 1);
	}
});

test('decisions without samples or pods cannot be checked', t => {
	for (const table of ['samples', 'pods'] as const) {
		const {unchecked, misses, share, decisions} = checkController(
			{name: 'bare', recording: without(full, table)},
			experiment,
		);
		t.deepEqual([unchecked, misses, share], [[{lacks: `no ${table} at that time`, count: decisions}], [], null]);
	}
});

test('replicas before the first recorded decision are those that it found', t => {
	const recording = changed(polled(full, 0), ({decisions}) => {
		decisions.currentReplicas[0] = 4;
	});
	t.deepEqual(readRun(recording, experiment).replicas.line[0], [0, 4]);
});
