import process from 'node:process';
import type {Argv} from 'yargs';
import {learn} from '../../library/learn/learn.ts';
import {learnReport} from '../../report/learn-report.ts';
import {type ArgumentsOf, examplesOf, oneText} from '../terminal/option-forms.ts';
import {print, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const examples = examplesOf({
	'$0 learn --prometheus http://localhost:9090 --workload shop/web': 'The last week of a workload',
	'$0 learn --exports week.json --manifest web.yaml --workload shop/web':
		'From saved answers of Prometheus and the manifests',
});

export const command = 'learn';
export const describe = 'Learn an experiment from the history of a workload in Prometheus';
export const builder = (yargs: Argv) =>
	yargs
		.option('prometheus', {...oneText('prometheus'), describe: 'URL of Prometheus, or of what answers its HTTP API'})
		.option('token-file', {
			...oneText('token-file'),
			describe: 'File with a bearer token; the environment variable PROMETHEUS_TOKEN when left out',
		})
		.option('exports', {...oneText('exports'), describe: 'Saved answers of query_range: a file, or a folder of them'})
		.option('live', {
			type: 'boolean',
			default: false,
			describe: 'Read the objects of the workload from the kubeconfig’s current cluster; nothing is changed there',
		})
		.option('manifest', {
			type: 'string',
			array: true,
			describe: 'Files or folders with the manifests of the workload and its autoscaler',
		})
		.option('workload', {
			...oneText('workload'),
			describe: 'NAMESPACE/NAME of the workload, or NAME where one namespace alone has it',
		})
		.option('cluster', {
			...oneText('cluster'),
			describe: 'Cluster of the workload, where Prometheus has several (label cluster)',
		})
		.option('since', {
			...oneText('since'),
			describe: 'Begin: a duration such as 7d before the end, or a time such as 2026-11-20T00:00:00Z',
			defaultDescription: '7d, or all of the saved answers',
		})
		.option('until', {
			...oneText('until'),
			describe: 'End, in the same forms',
			defaultDescription: 'the newest that can be read',
		})
		.option('step', {...oneText('step'), describe: 'Distance of two values', defaultDescription: '15s'})
		.option('rate-query', {...oneText('rate-query'), describe: 'PromQL of the requests that arrive [1/s]'})
		.option('latency-query', {
			...oneText('latency-query'),
			describe: 'PromQL of the buckets of a histogram of response times [s], as rates by le',
		})
		.option('metric-source', {
			type: 'string',
			array: true,
			nargs: 1,
			describe: 'NAME=SOURCE of a metric of the autoscaler that is not known by its name, such as depth=waiting',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON document instead of the report'})
		.option('out', {
			...oneText('out'),
			default: 'learned',
			describe: 'Folder for the experiment; none of its files may be there',
		})
		.example(examples);

export async function handler(options: ArgumentsOf<typeof builder>): Promise<void> {
	const {prometheus, exports, live, manifest, workload, cluster, since, until, step, out, json} = options;
	const [tokenFile, rate, latency] = [options['token-file'], options['rate-query'], options['latency-query']];
	const metricSources = options['metric-source'];
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const learned = await learn({
		...{out, live, onProgress},
		...(prometheus !== undefined && {prometheus}),
		...(tokenFile !== undefined && {tokenFile}),
		...(exports !== undefined && {exports}),
		...(manifest !== undefined && {manifests: manifest}),
		...(metricSources !== undefined && {metricSources}),
		...(workload !== undefined && {workload}),
		...(cluster !== undefined && {cluster}),
		...(since !== undefined && {since}),
		...(until !== undefined && {until}),
		...(step !== undefined && {step}),
		...((rate !== undefined || latency !== undefined) && {
			queries: {...(rate !== undefined && {rate}), ...(latency !== undefined && {latency})},
		}),
	}).finally(stop);
	if (json) {
		print(`${JSON.stringify(learned, null, '\t')}\n`);
	} else {
		printReport(learnReport(learned), `Written to ${out}\n`, {isFull: true});
	}
}
