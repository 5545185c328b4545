import {join} from 'node:path';
import type {MetricResult} from '../autoscaler/contracts.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {UserError} from '../errors.ts';
import {Schedule} from '../experiment/schedule.ts';
import {isPlan, type Witness, type WitnessPlan, type WitnessStep} from '../lint/witness/witness.ts';
import {type SimulatedRun, simulate} from '../simulator/simulate.ts';
import {packageRoot} from '../store/disk/package.ts';
import {readExperiment} from '../store/experiments/read-experiment.ts';

/** The witness of a suspicion, simulated where it has to be; undefined where the run does not show it. */
export async function witnessOf(witness: Witness | WitnessPlan): Promise<Witness | undefined> {
	if (!isPlan(witness)) {
		return witness;
	}

	const {load, experiment, other, shows, cases} = witness;
	const timeline = await simulated(experiment);
	const others = timeline === undefined || other === undefined ? [] : await simulated(other);
	return timeline !== undefined && others !== undefined && shows(timeline, others)
		? {load, from: 'simulator', timeline, cases}
		: undefined;
}

/** Decisions of one simulated run; undefined where the simulator does not take the manifest. */
async function simulated(document: WitnessPlan['experiment']): Promise<WitnessStep[] | undefined> {
	// Its models are named from there.
	const path = join(packageRoot(), 'experiments', 'witness.yaml');
	try {
		const experiment = await readExperiment(path, {text: kubectlYaml(document, [])});
		const run = simulate(experiment, {
			replication: 0,
			arm: 'dynamic',
			schedule: new Schedule(experiment, 0),
			isRecorded: true,
		});
		return stepsOf(run);
	} catch (error) {
		if (error instanceof UserError) {
			return undefined;
		}

		throw error;
	}
}

/** Decisions of a run; its replicas where nothing decides. */
export function stepsOf({tables, timeline}: Pick<SimulatedRun, 'tables' | 'timeline'>): WitnessStep[] {
	const {decisions} = tables!;
	const steps = [...decisions.seconds].map((at, row) => ({
		at,
		replicas: decisions.currentReplicas[row]!,
		desired: decisions.desiredReplicas[row]!,
		metrics: JSON.parse(decisions.proposals[row]!) as MetricResult[],
	}));
	return steps.length > 0 ? steps : timeline.map(([at, replicas]) => ({at, replicas, desired: replicas, metrics: []}));
}
