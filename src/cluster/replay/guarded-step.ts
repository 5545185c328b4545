import type {KubeApi} from '../api/kube-api.ts';
import {describeFailure} from '../setup/describe-failure.ts';
import type {Step} from './step.ts';

type Guard = {
	readonly api: KubeApi;
	readonly signal: AbortSignal;
	/** Ends what runs beside the steps. */
	readonly end: () => Promise<void>;
};

/** The step, whose failure ends what runs beside it and, unless it was interrupted, bears what the pods last logged. */
export function guardedStep({title, run}: Step, {api, signal, end}: Guard): Step {
	return {
		title,
		run: async report => {
			try {
				return await run(report);
			} catch (error) {
				const failure = signal.aborted ? error : await describeFailure(api, error);
				await end();
				throw failure;
			}
		},
	};
}
