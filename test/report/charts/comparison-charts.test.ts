import test from 'ava';
import {comparisonFigures} from '../../../src/comparison/figure-table.ts';
import {readAccount} from '../../../src/records/read-account.ts';
import {comparisonCharts} from '../../../src/report/charts/comparison-charts.ts';
import {compared, standIns, steps} from '../../comparison/stand-ins.ts';
import {checkCharts} from './specification.ts';

const experiment = steps({name: 'steps'});
const records = standIns(experiment, 2);
const comparison = compared({experiment, measured: records});
const measured = new Map(
	records.map(({name, recording}) => [name, readAccount(recording, experiment).timeline] as const),
);
const charts = comparisonCharts({comparison, experiment, replications: 100, measured, shown: comparisonFigures});

test('the charts of a comparison are valid, compile without a warning and hold their data', async t => {
	t.deepEqual(
		charts.map(({name}) => name),
		['validation', 'validation-utilization', 'validation-errors', 'validation-latency'],
	);
	await checkCharts(t, charts);
});

test('the envelope is the comparison’s, and each measured line lies in it', t => {
	const [{data}] = charts as [(typeof charts)[number]];
	const band = data.filter(({series}) => series === 'simulated');
	t.deepEqual(
		band.slice(0, -1).map(({seconds, low, replicas, high}) => [seconds, low, replicas, high]),
		comparison.envelope.band.map(point => [...point]),
	);
	t.deepEqual([...new Set(data.filter(({series}) => series === 'measured').map(({run}) => run))], [...measured.keys()]);
});

test('errors are in per cent of the measured figure', t => {
	const row = charts[2]!.data.find(({category}) => category === 'pod-hours')!;
	const figure = comparison.figures['podHours']!;
	t.is(row['value'], 100 * figure.relativeError!);
	t.true(Math.abs(Number(row['allowed']) - 5) < 1e-9);
	t.true(Math.abs(Number(row['low']) - (100 * figure.error!.low!) / figure.measured!.mean) < 1e-9);
});
