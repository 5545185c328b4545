import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {meetsSlo, sloChecks} from '../forecast/meets-slo.ts';
import type {LintFinding} from '../lint/finding.ts';
import type {LoadRun, LoadRuns} from '../lint/load/load-rule.ts';
import {rulesUnderLoad} from '../lint/load/rules-under-load.ts';
import type {LintSubject} from '../lint/subject.ts';
import type {PodTable} from '../records/record.ts';
import {type SimulatedRun, simulate} from '../simulator/simulate.ts';
import {stepsOf} from './lint-witness.ts';

/** Findings on an autoscaler under the load of an experiment, whose autoscaler it is. */
export function findUnderLoad(subject: LintSubject, experiment: Experiment, signal?: AbortSignal): LintFinding[] {
	const found: LintFinding[] = [];
	for (const rule of rulesUnderLoad) {
		for (const {experiments, replications, shows, load, ...plan} of rule.check(subject, experiment)) {
			const results = experiments.map(each => {
				signal?.throwIfAborted();
				return runsOf(each, replications);
			});
			const shown = shows(results);
			if (shown !== undefined) {
				const {steps, message, fix} = shown;
				found.push({
					...plan,
					rule: rule.id,
					message,
					fix,
					witness: {load, from: 'simulator', timeline: steps, cases: []},
				});
			}
		}
	}

	return found;
}

function runsOf(experiment: Experiment, replications: number): LoadRuns {
	const {slo, workload} = experiment;
	const runs = Array.from({length: replications}, (_, replication) =>
		simulate(experiment, {
			replication,
			arm: 'dynamic',
			schedule: workload.loop === 'open' ? new Schedule(experiment, replication) : undefined,
			isRecorded: true,
		}),
	);
	const objective = {slo, timeoutSeconds: workload.timeout};
	const figures = runs.map(({requests}) => requests);
	return {
		runs: runs.map(run => loadRunOf(run)),
		keepsSlo: meetsSlo(figures, objective) && sloChecks(figures, objective).every(({isClose}) => !isClose),
	};
}

function loadRunOf(run: SimulatedRun): LoadRun {
	return {steps: stepsOf(run), added: addedPods(run.tables!.pods)};
}

/** Pods that were created after the beginning. */
function addedPods({pod, event, seconds}: PodTable): LoadRun['added'] {
	const ready = new Map<string, number>();
	for (const [row, name] of pod.entries()) {
		if (event[row] === 'ready' && !ready.has(name)) {
			ready.set(name, seconds[row]!);
		}
	}

	return pod.flatMap((name, row) => {
		const at = seconds[row]!;
		const readyAt = ready.get(name);
		return event[row] === 'created' && at > 0 ? [{created: at, ...(readyAt !== undefined && {ready: readyAt})}] : [];
	});
}
