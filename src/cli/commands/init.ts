import type {Argv} from 'yargs';
import {init, serviceKinds} from '../../library/init.ts';
import {initReport} from '../../report/init-report.ts';
import {type ArgumentsOf, examplesOf, oneOf, refuseStray} from '../terminal/option-forms.ts';
import {printLines} from '../terminal/print.ts';

const examples = examplesOf({
	'$0 init --from deployment.yaml hpa.yaml': 'Around your own manifests',
	'$0 init mine --service web': 'A first experiment of a web service, which is no LLM',
});

export const command = 'init [folder]';
export const describe = 'Write a first experiment: around your own manifests, or one to change';
export const builder = (yargs: Argv) =>
	yargs
		.positional('folder', {type: 'string', default: '.', describe: 'Where to; nothing there is overwritten'})
		.option('from', {
			type: 'string',
			array: true,
			requiresArg: true,
			describe: 'Manifests to write the experiment around: files with a Deployment and its HPA, or folders of them',
		})
		.option('service', {
			...oneOf('service', serviceKinds),
			describe: 'A language model, or any other service, whose requests take CPU time',
			defaultDescription: 'what the manifests say, else llm',
		})
		.option('metric-source', {
			type: 'string',
			array: true,
			nargs: 1,
			describe: 'NAME=SOURCE of a metric of the autoscaler that is not known by its name, such as rps=arrived',
		})
		.example(examples);

export async function handler({folder, from, service, ...options}: ArgumentsOf<typeof builder>): Promise<void> {
	const metricSources = options['metric-source'];
	refuseStray({from, 'metric-source': metricSources}, 'from', from === undefined ? ['metric-source'] : []);
	printLines(initReport(await init(folder, {from, service, metricSources})));
}
