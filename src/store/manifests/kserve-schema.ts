import * as z from 'zod';

/** API group of KServe, which begins its annotations, too. */
export const kserveGroup = 'serving.kserve.io';
/** Container of a predictor that serves the model. */
export const kserveContainer = 'kserve-container';

const quantity = z.union([z.string(), z.number()]);

const Target = z.looseObject({
	type: z.string().exactOptional(),
	averageUtilization: z.int().positive().exactOptional(),
	averageValue: quantity.exactOptional(),
	value: quantity.exactOptional(),
});

const Metric = z.looseObject({
	type: z.enum(['Resource', 'External', 'PodMetric']),
	resource: z.looseObject({name: z.enum(['cpu', 'memory']), target: Target}).exactOptional(),
	external: z
		.looseObject({
			metric: z.looseObject({backend: z.string(), serverAddress: z.string().exactOptional(), query: z.string()}),
			target: Target,
		})
		.exactOptional(),
});

const Rules = z.looseObject({stabilizationWindowSeconds: z.int().min(0).exactOptional()});

/** Container as Kubernetes has it, as far as it decides what a pod does. */
export const ContainerForm = z.looseObject({
	name: z.string().exactOptional(),
	image: z.string().exactOptional(),
	args: z.array(z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
	env: z.array(z.looseObject({})).exactOptional(),
	resources: z
		.looseObject({
			requests: z.record(z.string(), quantity).exactOptional(),
			limits: z.record(z.string(), quantity).exactOptional(),
		})
		.exactOptional(),
});

/** Model of a predictor, with what it changes in the container of its runtime. */
export const Model = ContainerForm.extend({
	modelFormat: z.looseObject({name: z.string()}).exactOptional(),
	runtime: z.string().exactOptional(),
});

const Predictor = z.looseObject({
	minReplicas: z.int().min(0).exactOptional(),
	maxReplicas: z.int().min(0).exactOptional(),
	scaleMetric: z.string().exactOptional(),
	scaleTarget: z.int().positive().exactOptional(),
	autoScaling: z
		.looseObject({
			metrics: z.array(Metric).exactOptional(),
			behavior: z.looseObject({scaleUp: Rules.exactOptional(), scaleDown: Rules.exactOptional()}).exactOptional(),
		})
		.exactOptional(),
	model: Model.exactOptional(),
	containers: z.array(ContainerForm).min(1).exactOptional(),
});

/** InferenceService of KServe, serving.kserve.io/v1beta1, as far as it decides pods and autoscaler. */
export const InferenceService = z.looseObject({
	metadata: z.looseObject({
		name: z.string().min(1),
		namespace: z.string().exactOptional(),
		annotations: z.record(z.string(), z.unknown()).exactOptional(),
	}),
	spec: z.looseObject({predictor: Predictor}),
});

export type KservePredictor = z.output<typeof Predictor>;
export type ModelSpec = z.output<typeof Model>;
export type KserveContainer = z.output<typeof ContainerForm>;
