import type {Experiment} from '../experiment/experiment.ts';
import {formatGiven, seconds} from '../report/text/format.ts';
import {knobsOf} from '../tune/knobs.ts';
import {nodeKnobs} from '../tune/nodes/node-knobs.ts';
import {presentScaling} from '../tune/resolve-space.ts';
import {type Control, podsWords, range, stopsWith} from './control.ts';
import {withScaling} from './keda-controls.ts';

type Part = Pick<Control, 'label' | 'words'> & {readonly numbers: readonly number[]; readonly at: string};

const times = [0, 60, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600];
const secondsWords: Control['words'] = value => formatGiven(Number(value), seconds);

const parts: Readonly<Record<string, Part>> = {
	'nodes.spare': {label: 'Spare pods that make way', words: podsWords, numbers: range(0, 20), at: 'spare.replicas'},
	'nodes.scaleDownUnneededTime': {
		label: 'Node unneeded for, until it goes',
		words: secondsWords,
		numbers: times,
		at: 'scaleDownUnneededTime',
	},
	'nodes.scaleDownDelayAfterAdd': {
		label: 'No node goes after one was added, for',
		words: secondsWords,
		numbers: times,
		at: 'scaleDownDelayAfterAdd',
	},
};

/** Sliders for the node autoscaler, as far as its settings stand in the experiment's own file. */
export function nodeControls(experiment: Experiment): Control[] {
	if (experiment.autoscaler === 'none') {
		return [];
	}

	const scaling = presentScaling(experiment);
	const knobs = knobsOf(experiment);
	return nodeKnobs(experiment).flatMap(([name]): Control[] => {
		const part = parts[name];
		const knob = knobs.get(name)!;
		const own = knob.read(scaling);
		return part === undefined
			? []
			: [
					{
						...{name, label: part.label, group: 'Nodes', own, words: part.words},
						stops: stopsWith(own, part.numbers),
						write: (changed, value) => withScaling(changed, knob, value),
						changes: (_, value) => [`nodeAutoscaler.${part.at}=${value}${part.words === secondsWords ? 's' : ''}`],
					},
				];
	});
}
