import {runTool} from '../machine/run-tool.ts';

/**
 * Loops that are busy for a part of every tenth of a second and end by themselves. They stand at the node's highest
 * priority, so that what they take is taken from the pods.
 */
const script = `
cores=$(nproc); busy=$(( cores * $2 )); end=$(( SECONDS + $1 ))
loop() {
  while [ $SECONDS -lt $end ]; do
    now=\${EPOCHREALTIME/[.,]/}
    until [ $(( \${EPOCHREALTIME/[.,]/} - now )) -ge $(( $1 * 100 )) ]; do :; done
    [ $1 -ge 1000 ] || read -r -t 0.$(printf %06d $(( (1000 - $1) * 100 ))) _ <><(:)
  done
}
renice -n -20 $$ >/dev/null 2>&1
while [ $busy -gt 0 ]; do
  loop $(( busy > 1000 ? 1000 : busy )) &
  busy=$(( busy - 1000 ))
done
wait
`;

/** Takes a fraction of a node's CPU away for a while [s]; `node` is a container of docker. */
export async function pressNode(
	node: string,
	{duration, cpuFraction}: {readonly duration: number; readonly cpuFraction: number},
	signal: AbortSignal,
): Promise<void> {
	const words = ['exec', node, 'timeout', `${Math.ceil(duration) + 1}s`, 'bash', '-c', script, 'press'];
	await runTool('docker', [...words, String(Math.ceil(duration)), String(Math.round(cpuFraction * 1000))], {
		signal,
	}).catch(
		() => undefined, // a run that ends stops it, and it ends by itself in any case
	);
}
