import {type HpaIdentity, hpaObjectSpec} from '../kubernetes/hpa-object.ts';
import type {HpaSpec} from '../kubernetes/hpa-spec.ts';
import {kubectlYaml} from '../kubernetes/kubectl-yaml.ts';

/** A HorizontalPodAutoscaler as `kubectl apply` takes it. */
export function manifestText(spec: HpaSpec, {metadata, scaleTargetRef}: HpaIdentity): string {
	const object = {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata,
		spec: {scaleTargetRef, ...hpaObjectSpec(spec)},
	};
	return kubectlYaml(object);
}
