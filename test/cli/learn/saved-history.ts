import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const start = 1_764_000_000;
const stepSeconds = 15;
const steps = 240;
/** CPU of a request [cores × s]. */
const work = 0.2;

/** Manifests of the workload, with what no file needs. */
const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.com/web:1
          resources: {requests: {cpu: 300m, memory: 128Mi}, limits: {cpu: 1, memory: 256Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop, uid: c0ffee}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 6
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
`;

/** Saved answers of a monitoring system on an hour of a web service, and its manifests: `history.json`, `web.yaml`. */
export async function writeSavedHistory(folder: string): Promise<void> {
	const grid = Array.from({length: steps}, (_, step) => step);
	const rate = grid.map(step => 2 + 1.5 * Math.sin(step / 40));
	const pods = rate.map(perSecond => Math.max(1, Math.ceil((perSecond * work + 0.02) / 0.18)));
	const late = (values: readonly number[]) => values.map((_, step) => values[Math.max(0, step - 2)]!);
	const ready = late(pods);
	const cpu = rate.map((perSecond, step) => perSecond * work + ready[step]! * 0.02 + 0.004 * Math.sin(step * 7));
	const answer = (values: readonly number[]) => ({
		status: 'success',
		data: {
			resultType: 'matrix',
			result: [{metric: {}, values: values.map((value, step) => [start + step * stepSeconds, String(value)])}],
		},
	});
	const answers = {
		requestRate: answer(rate),
		cpu: answer(cpu),
		desiredReplicas: answer(pods),
		currentReplicas: answer(pods),
		readyReplicas: answer(ready),
	};
	await writeFile(join(folder, 'history.json'), JSON.stringify(answers));
	await writeFile(join(folder, 'web.yaml'), manifests);
}
