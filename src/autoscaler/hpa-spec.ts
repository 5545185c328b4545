/**
 * The part of an autoscaling/v2 HorizontalPodAutoscalerSpec that the autoscaler obeys, Kubernetes' defaults filled in.
 * Field names are Kubernetes' own. Quantities are in milli-units (1 core = 1000, 1 byte = 1000), rounded up.
 */
export type HpaSpec = {
	readonly minReplicas: number;
	readonly maxReplicas: number;
	readonly metrics: readonly MetricSpec[];
	/** Absent when the manifest has no `behavior`: then the older limits hold. A given stanza is fully defaulted. */
	readonly behavior?: {readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules};
};

export type MetricTarget =
	| {readonly type: 'Utilization' /** Percent of the request. */; readonly averageUtilization: number}
	| {readonly type: 'AverageValue'; readonly averageValueMilli: number}
	| {readonly type: 'Value'; readonly valueMilli: number};

export type MetricSpec =
	| {readonly type: 'Resource'; readonly name: string; readonly target: MetricTarget}
	| {
			readonly type: 'ContainerResource';
			readonly name: string;
			readonly container: string;
			readonly target: MetricTarget;
	  }
	| {readonly type: 'Pods'; readonly name: string; readonly target: MetricTarget}
	| {
			readonly type: 'Object';
			readonly name: string;
			readonly target: MetricTarget;
			/** Appears in error messages and manifests only. */
			readonly describedObject?: {readonly apiVersion?: string; readonly kind: string; readonly name: string};
	  }
	| {readonly type: 'External'; readonly name: string; readonly target: MetricTarget};

export type ScalingPolicy = {
	readonly type: 'Pods' | 'Percent';
	readonly value: number;
	readonly periodSeconds: number;
};

export type ScalingRules = {
	/** Absent in `scaleDown`: the controller's flag holds (300 s). */
	readonly stabilizationWindowSeconds?: number;
	readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
	readonly policies: readonly ScalingPolicy[];
	/** Fraction; absent: the controller's flag holds (0.1). */
	readonly tolerance?: number;
};
