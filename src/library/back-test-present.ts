import {backTest} from '../comparison/recordings/back-test.ts';
import {uncertaintyOf} from '../experiment/conditions/draw-conditions.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {bandLines} from '../forecast/prediction/simulate-predicted.ts';
import {summarize} from '../forecast/summarize.ts';
import {backTestLines} from '../report/back-test-lines.ts';
import {fewestPredictionRuns, simulateAll} from './forecast.ts';
import type {UseCaseOptions} from './use-case.ts';

/**
 * Lines on what was recorded under the load of an experiment, and how far the simulator is off it with the present settings;
 * none where nothing was recorded.
 *
 * @throws the signal's reason
 */
export async function backTestPresent(
	experiment: Experiment,
	options: UseCaseOptions & {readonly workers?: number | undefined},
): Promise<string[]> {
	if (experiment.recorded === undefined) {
		return [];
	}

	const {signal, onProgress, workers} = options;
	const given = {...(signal && {signal}), ...(onProgress && {onProgress}), ...(workers !== undefined && {workers})};
	const {fixed: _, ...scaled} = experiment;
	// Where nothing is uncertain but chance, no runs are simulated for a prediction: replications are such runs themselves.
	const replications = uncertaintyOf(scaled).length === 0 ? fewestPredictionRuns : 1;
	const present = {...scaled, replications};
	const [results = []] = await simulateAll([present], {predictionRuns: fewestPredictionRuns, ...given});
	const summary = summarize(present, results);
	const tested = backTest(experiment, bandLines(results), summary);
	return tested === undefined ? [] : backTestLines({...summary, backTest: tested});
}
