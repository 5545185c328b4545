import type {Place} from '../cluster/prepare.ts';
import {imagesOf, planImages} from '../cluster/setup/images.ts';
import {readManifests} from '../cluster/setup/read-manifests.ts';
import {renderManifests} from '../cluster/setup/render-manifests.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {kubectlYaml} from '../kubernetes/kubectl-yaml.ts';
import type {Arm} from '../records/record.ts';

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
