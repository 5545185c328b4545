import test from 'ava';
import {
	counted,
	describeSlo,
	formatDuration,
	formatGiven,
	formatMean,
	money,
	percent,
	seconds,
	significant,
} from '../../../src/report/text/format.ts';

test('half a second reads 500 ms wherever it stands', t => {
	t.is(formatMean(0.5, seconds), '500 ms');
	t.is(formatGiven(0.5, seconds), '500 ms');
	t.is(formatDuration(0.5), '500 ms');
	t.is(
		describeSlo({p95: 0.5, ttft: 2.5, availability: 0.995}),
		'SLO p95 ≤ 500 ms, time to first token ≤ 2.5 s, availability ≥ 99.5 %',
	);
});

test('a number that was given keeps its digits, one that was computed has three', t => {
	t.is(formatGiven(90, seconds), '90 s');
	t.is(formatGiven(0.029, money('USD')), '$0.029');
	t.is(formatGiven(0.5, money('EUR')), '€0.50');
	t.is(formatGiven(0.99, percent), '99 %');
	t.is(formatMean(1.23456, seconds), '1.23 s');
	t.is(formatMean(0, seconds), '0.00 s');
	t.is(significant(1234.4), '1,234');
	t.is(significant(0.04951), '0.0495');
	t.is(significant(Number.NaN), '–');
});

test('things are counted in one wording', t => {
	t.is(counted(1, 'pod'), '1 pod');
	t.is(counted(0, 'replication'), '0 replications');
	t.is(counted(1200, 'request'), '1,200 requests');
});

test('no other place formats seconds, shares or plurals of its own', async t => {
	const {readdirSync, readFileSync} = await import('node:fs');
	const folders = ['src/report', 'src/explorer'];
	const own = folders.flatMap(folder =>
		readdirSync(folder, {recursive: true, encoding: 'utf8'})
			.filter(name => name.endsWith('.ts') && name !== 'text/format.ts')
			.flatMap(name =>
				readFileSync(`${folder}/${name}`, 'utf8')
					.split('\n')
					.filter(line =>
						/=== 1 \? '' : 's'|(?:significant|plainNumber)\([^)]*\)\} (?:s|ms)\b|Intl\.NumberFormat/.test(line),
					)
					.map(line => `${folder}/${name}: ${line.trim()}`),
			),
	);
	t.deepEqual(own, []);
});
