import {join} from 'node:path';
import process from 'node:process';
import type {WriteStream} from 'node:tty';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {interruption} from '../cli/terminal/interruption.ts';
import {stepRunner} from '../cli/terminal/steps.ts';
import {examine, refuseWithout, thisMachine} from '../cluster/machine/doctor.ts';
import type {Place} from '../cluster/replay/prepare.ts';
import {areMeasured, type RunsOptions, replayRuns} from '../cluster/replay/replay.ts';
import type {ReplayRun} from '../cluster/replay/run-steps.ts';
import {imagesOf, planImages} from '../cluster/setup/images.ts';
import {readManifests} from '../cluster/setup/read-manifests.ts';
import {refuseUnplayable} from '../cluster/setup/refuse-unreplayable.ts';
import {renderManifests} from '../cluster/setup/render-manifests.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {summarize} from '../forecast/summarize.ts';
import {readAccount} from '../records/read-account.ts';
import type {Arm} from '../records/record.ts';
import {measuredReplicas} from '../report/forecast-report.ts';
import {version} from '../store/disk/package.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {findRecords} from '../store/records/find-records.ts';
import {readRecord} from '../store/records/read-record.ts';
import {readRepeats} from './audit.ts';
import {drawForecastPage} from './draw-forecast-page.ts';

export type Measuring = Pick<RunsOptions, 'place' | 'keeps' | 'out' | 'folderOf'> & {
	/** What is said when it was interrupted. */
	readonly farewell: string;
	/** Where steps are shown; standard output when left out. */
	readonly stream?: WriteStream;
};

/**
 * Plays runs on a cluster and writes their records; those that are there and valid are not measured again, and when that
 * are all of them, nothing is needed of the machine.
 *
 * @returns whether it went to its end; if not, it was interrupted, which the exit status then says
 */
export async function measureOnCluster(
	runs: readonly ReplayRun[],
	{farewell, stream = process.stdout, ...options}: Measuring,
): Promise<boolean> {
	const {place} = options;
	for (const {experiment, arm} of runs) {
		refuseUnplayable(experiment, [arm], {reachesNodes: place.kind === 'kind'});
	}

	if (!areMeasured(runs, options)) {
		refuseWithout(await examine(thisMachine(), {isElsewhere: place.kind === 'foreign'}));
	}

	const {signal, status} = interruption();
	try {
		await replayRuns(runs, {
			...options,
			version: version(),
			signal,
			runSteps: stepRunner(stream),
			say: line => stream.write(`${line}\n`),
		});
		return true;
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		process.stderr.write(`${farewell}\n`);
		process.exitCode = status();
		return false;
	}
}

/**
 * Writes the page of an experiment's measured records that passed their own check.
 *
 * @param folder - that the records are in
 * @returns its path; nothing when there is no such record of the dynamic arm
 */
export async function writeMeasuredPage(folder: string, experiment: Experiment): Promise<string | undefined> {
	const records = (await findRecords(folder)).filter(
		({head}) => head.engine === 'measured' && head.validity.valid && head.experiment.hash === experiment.hash,
	);
	const dynamic = records.filter(({head}) => head.arm === 'dynamic');
	const [first] = dynamic;
	if (first === undefined) {
		return undefined;
	}

	const runs = await readRepeats(experiment, records);
	const page = await drawForecastPage({
		experiment,
		summary: summarize(experiment, runs),
		evidence: 'measured',
		timelines: new Map(runs.map((run, index) => [dynamic[index]!.folder, run.dynamic.timeline])),
		dynamic: await readRecord(first.folder),
	});
	const path = join(folder, 'report.html');
	writeFileAtomically(path, page);
	return path;
}

/** What a replay would apply, as YAML documents that `kubectl apply -f -` takes. */
export async function printManifests(
	experiments: readonly Experiment[],
	arms: readonly Arm[],
	place: Place,
): Promise<string> {
	const manifests = await readManifests();
	const documents: string[] = [];
	for (const experiment of experiments) {
		const images =
			place.kind === 'foreign' ? place.images : imagesOf(await planImages(experiment.deployment.llm.model));
		for (const arm of arms) {
			const {base, hpa} = renderManifests(manifests, experiment, {arm, images});
			const objects = hpa === undefined ? base : [...base, hpa];
			documents.push(...objects.map(object => kubectlYaml(object, [`${experiment.name}, ${arm}`])));
		}
	}

	return documents.join('---\n');
}

/** Replicas over time of an experiment's measured records of the dynamic arm in a folder, as text. */
export async function readMeasuredReplicas(folder: string, experiment: Experiment): Promise<string> {
	const lines: string[] = [];
	for (const {folder: record, head} of await findRecords(folder)) {
		if (head.arm === 'dynamic' && head.experiment.hash === experiment.hash) {
			const {timeline} = readAccount(await readRecord(record), experiment);
			lines.push(...measuredReplicas(record, timeline, experiment));
		}
	}

	return lines.join('\n');
}
