import {fileURLToPath} from 'node:url';
import {Schedule} from '../../build/src/experiment/schedule.js';
import {nodeChart} from '../../build/src/report/charts/node-chart.js';
import {drawSvg} from '../../build/src/report/drawing/draw-svg.js';
import {simulate} from '../../build/src/simulator/simulate.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';

/** Experiments of the pitfalls with nodes. */
const pitfalls = {
	'gpu-burst': {title: 'GPU nodes come after the burst'},
	'consolidation-flaps': {title: 'Consolidation that flaps'},
	'one-pod-per-node': {title: 'One big pod on each node'},
	'spread-forces-nodes': {title: 'A spread that forces nodes'},
};

/** Pictures of docs/nodes.md, by their paths in docs/: nodes, replicas and pods that wait of each pitfall. */
export async function pitfallPictures() {
	const pictures = {};
	for (const [name, {title}] of Object.entries(pitfalls)) {
		const experiment = await readExperiment(
			fileURLToPath(new URL(`../../experiments/nodes/${name}.yaml`, import.meta.url)),
		);
		const {duration, replications} = experiment;
		const runs = Array.from({length: replications}, (_, replication) =>
			simulate(experiment, {
				replication,
				arm: 'dynamic',
				schedule: new Schedule(experiment, replication),
				isRecorded: false,
			}),
		);
		const heading = {
			name,
			title,
			subtitle: [`${name}, median of ${replications} replications, and the band of nine in ten`],
			description: experiment.description,
		};
		const {specification} = nodeChart(heading, {
			accounts: runs.map(({nodes}) => nodes),
			timelines: runs.map(({timeline}) => timeline),
			duration,
		});
		pictures[`pictures/nodes/${name}.svg`] = await drawSvg(specification);
	}

	return pictures;
}
