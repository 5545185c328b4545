import type {Machine, MachineFinding} from '../machine/doctor.ts';
import {readManifests} from '../setup/read-manifests.ts';
import {kedaImages, kedaRelease} from './install-keda.ts';
import {prometheusImage} from './install-prometheus.ts';

/** Finding on the images that a ScaledObject needs: a cluster pulls the ones that are not here. */
export async function examineKeda({run}: Pick<Machine, 'run'>): Promise<MachineFinding> {
	const images = [...kedaImages, prometheusImage((await readManifests()).prometheus)];
	const lacking: string[] = [];
	for (const image of images) {
		await run('docker', ['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => lacking.push(image));
	}

	const found =
		lacking.length === 0
			? `${kedaRelease}, and Prometheus: their images are here`
			: `for a ScaledObject the cluster pulls ${lacking.join(', ')}`;
	return {name: 'KEDA', state: 'good', found};
}
