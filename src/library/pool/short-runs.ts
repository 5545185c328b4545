import type {Experiment, RenewalArrivals} from '../../experiment/experiment.ts';

/** Requests of all runs together that one thread simulates in a quarter of a second. */
const fewRequests = 250_000;
/** Requests of one run: what waits meanwhile, such as Ctrl-C, waits no longer than a blink. */
const fewInOneRun = 5000;
/** Runs for a prediction where it is left to the time that they take, and the fixed numbers that may be looked at. */
const usualRuns = 39 + 20;

/** Whether threads would hardly have started before experiments are simulated: few requests, each of little work. */
export function isShort(experiments: readonly Experiment[], predictionRuns: number | 'where short'): boolean {
	let all = 0;
	for (const experiment of experiments) {
		const requests = requestsOf(experiment);
		const {deployment, nodeAutoscaler, replications} = experiment;
		if (requests > fewInOneRun || deployment.service.kind === 'engine' || nodeAutoscaler !== undefined) {
			return false;
		}

		all += 2 * requests * (replications + (predictionRuns === 'where short' ? usualRuns : predictionRuns));
	}

	return all <= fewRequests;
}

/** Requests of a run that are to be expected, or more. */
function requestsOf({workload, duration}: Experiment): number {
	if (workload.loop === 'closed') {
		return workload.users.count * duration;
	}

	const {arrivals, tenants} = workload;
	const common = arrivals.process === 'trace' ? arrivals.at.length : arrivalsBefore(arrivals, duration);
	return tenants.reduce(
		(sum, tenant) => sum + (tenant.arrivals === undefined ? 0 : arrivalsBefore(tenant.arrivals, duration)),
		common,
	);
}

/** Arrivals to be expected; of a line between two rates the larger one counts. */
function arrivalsBefore({rate, interpolation}: RenewalArrivals, duration: number): number {
	return rate.reduce((sum, {at, perSecond}, index) => {
		const next = rate[index + 1];
		const length = Math.max(0, Math.min(duration, next?.at ?? duration) - at);
		return sum + length * Math.max(perSecond, interpolation === 'linear' ? (next?.perSecond ?? 0) : 0);
	}, 0);
}
