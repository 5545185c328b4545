import type {Experiment} from '../../experiment/experiment.ts';
import {unixNow} from '../observe/clock.ts';
import type {Journal} from '../observe/journal.ts';
import type {Observation} from '../observe/observation.ts';

type Counted = {
	readonly experiment: Experiment;
	readonly journal: Journal;
	readonly observation: Observation;
	readonly start: number;
	readonly report: (text: string) => void;
};

type CountReports = {readonly line: () => string; readonly stop: () => void};

/** Reports once a second how far a replay is and how its requests ended. */
export function reportRequestCounts({experiment, journal, observation, start, report}: Counted): CountReports {
	const counts = {sent: 0, completed: 0, failed: 0, timedOut: 0, inFlight: 0};
	let read = 0;
	const line = () => {
		for (; read < journal.entries.length; read++) {
			const entry = journal.entries[read]!;
			if (entry.type === 'sent') {
				counts.sent++;
			} else if (entry.type === 'ended') {
				counts[entry.outcome]++;
			}
		}

		const {sent, completed, failed, timedOut} = counts;
		const ready = [...observation.pods.values()].filter(({view}) => view.ready?.status === true).length;
		const seconds = Math.min(experiment.duration, unixNow() - start).toFixed(0);
		const bad = failed + timedOut === 0 ? '' : `, ${failed} failed, ${timedOut} timed out`;
		return `${seconds} s, ${sent} sent, ${completed} answered${bad}, ${ready} pods Ready`;
	};

	const timer = setInterval(() => report(line()), 1000);
	return {
		line,
		stop() {
			clearInterval(timer);
		},
	};
}
