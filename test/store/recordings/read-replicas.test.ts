import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readReplicas} from '../../../src/store/recordings/read-replicas.ts';
import {folderOf} from './make-recordings.ts';

const read = async (t: ExecutionContext, text: string) => readReplicas(join(await folderOf(t, {file: text}), 'file'));

const refusal = async (t: ExecutionContext, text: string) => {
	const error = await t.throwsAsync(read(t, text), {name: 'UserError'});
	t.false(error.message.includes('\n'), error.message);
	return error.message.replace(/^.*\/file:/, '');
};

const timed = async (t: ExecutionContext, text: string) => {
	const {rows} = await read(t, text);
	return rows.map(({at, desired, current}) => [at, desired, current]);
};

test('a CSV has a time and replicas, under the names that people give them', async t => {
	t.deepEqual(await timed(t, 'seconds,desiredReplicas,currentReplicas\n0,1,1\n30,3,1\n'), [
		[0, 1, 1],
		[30, 3, 1],
	]);
	t.deepEqual(await timed(t, 'Time,Replicas\n2026-11-28T10:15:00Z,2\n2026-11-28 10:15:30,\n'), [
		[1_795_860_900, 2, Number.NaN],
		[1_795_860_930, Number.NaN, Number.NaN],
	]);
	t.deepEqual(await timed(t, 'timestamp,value\n1795860900000,2\n'), [[1_795_860_900, 2, Number.NaN]]);
	t.is((await read(t, 'timestamp,value\n1795860900000,2\n')).clock, 'epoch');
	t.is((await read(t, 'seconds,replicas\n5,2\n')).clock, 'own');
	t.regex(await refusal(t, 'when,who\n1,2\n'), /^1:1: Expected columns of a time and of replicas.*got when, who$/);
	t.regex(
		await refusal(t, 'seconds,replicas\n1,two\n'),
		/^2:1: Expected replicas to be a number of replicas, got "two"$/,
	);
	t.regex(
		await refusal(t, 'seconds,replicas\nsoon,2\n'),
		/^2:1: Expected a number of seconds or a time in UTC, got "soon"$/,
	);
	t.regex(await refusal(t, 'seconds,replicas\n1,\n'), /^1:1: Expected a row with a time and replicas, got none$/);
});

test('kubectl get hpa -w: targets with spaces, ages in all units, columns of options', async t => {
	const head = 'NAME   REFERENCE        TARGETS   MINPODS   MAXPODS   REPLICAS   AGE';
	const text = `${head}
chat   Deployment/chat  cpu: 12%/60%  2  6  2  14s
chat   Deployment/chat  cpu: <unknown>/60%, memory: 40%/80%   2   6   3   3m4s
${head}
chat   Deployment/chat  95%/60%   2   6   5   2d3h
`;
	t.deepEqual(await timed(t, text), [
		[14, 2, Number.NaN],
		[184, 3, Number.NaN],
		[2 * 86_400 + 3 * 3600, 5, Number.NaN],
	]);
	const {notes} = await read(t, text);
	t.is(notes.length, 2);
	t.regex(notes[0]!, /status\.currentReplicas/);
	const events = `EVENT NAMESPACE ${head}\nMODIFIED demo chat Deployment/chat 1%/60% 2 6 4 9m59s\n`;
	t.deepEqual(await timed(t, events), [[599, 4, Number.NaN]]);
	t.is((await read(t, events)).notes.length, 1);
	t.regex(await refusal(t, `${head}\nnothing here\n`), /^2:1: Expected a line of kubectl get hpa, got "nothing here"$/);
	const two = `${head}\na Deployment/a 1%/60% 2 6 4 9s\nb Deployment/b 1%/60% 2 6 4 9s\n`;
	t.regex(await refusal(t, two), /^1:1: Expected lines of one HPA, got a, b$/);
});

const series = (name: string | undefined, values: readonly (readonly [number, string])[], labels = {}) => ({
	metric: {...(name !== undefined && {__name__: name}), ...labels},
	values,
});
const answer = (...result: readonly unknown[]) =>
	JSON.stringify({status: 'success', data: {resultType: 'matrix', result}});

test('the answer of Prometheus to a range query gives what is wanted, and what was found at the same times', async t => {
	const desired = series('kube_horizontalpodautoscaler_status_desired_replicas', [
		[1000, '2'],
		[1015, '5'],
	]);
	const current = series('kube_horizontalpodautoscaler_status_current_replicas', [[1000, '1']]);
	t.deepEqual(await timed(t, answer(current, desired)), [
		[1000, 2, 1],
		[1015, 5, Number.NaN],
	]);
	t.is((await read(t, answer(series(undefined, [[1000, '2']])))).notes.length, 1);
	t.deepEqual(await timed(t, answer(series('kube_deployment_spec_replicas', [[1000, '3']]))), [[1000, 3, Number.NaN]]);
	const both = answer(
		series('kube_deployment_spec_replicas', [[1000, '3']], {deployment: 'a'}),
		series('kube_deployment_spec_replicas', [[1000, '3']], {deployment: 'b'}),
	);
	t.regex(
		await refusal(t, both),
		/^1:1: Expected one series of kube_deployment_spec_replicas, got 2: \{deployment="a"\}, \{deployment="b"\}$/,
	);
	t.regex(
		await refusal(t, answer(series('up', [[1000, '1']]))),
		/^1:1: Expected a series of kube_horizontal.*, got up$/,
	);
	t.regex(await refusal(t, '{"status": "error"}'), /^1:1: Expected the answer of Prometheus to a range query/);
	t.regex(await refusal(t, '{'), /^1:1: Expected JSON, got /);
});
