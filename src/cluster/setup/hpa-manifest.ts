import {hpaObjectSpec} from '../../kubernetes/hpa-object.ts';
import type {HpaSpec} from '../../kubernetes/hpa-spec.ts';
import {type Manifest, namespace, workload} from './manifest.ts';

/** The autoscaling/v2 object that says what `spec` says, for the replayed Deployment. */
export function hpaManifest(spec: HpaSpec): Manifest {
	return {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: {name: workload, namespace},
		spec: {scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: workload}, ...hpaObjectSpec(spec)},
	};
}
